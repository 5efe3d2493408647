import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const PUBLIC = 'parley:public';

/** Marks the operation as open in the API description. */
export const PUBLIC_EXTENSION = 'x-public';

/** Opens a route to callers without an access token. Every other route needs one. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC, true), ApiExtension(PUBLIC_EXTENSION, true));
