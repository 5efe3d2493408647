import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { validateInput, type InputClass } from './validation.js';

/** Validates bodies and queries of REST by their input class. Sockets do so in the dispatcher. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || metatype === undefined || metatype === Object) return value;
    return validateInput(metatype as InputClass<object>, value ?? {});
  }
}
