import { ModulesContainer } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { PUBLIC } from '../../apps/server/src/common/public.js';
import { toOperationId } from '../../apps/server/src/openapi/docs.js';

export interface Handler {
  isPublic: boolean;
  takesBody: boolean;
}

/** How NestJS notes down which parameter of a handler is the body. */
const BODY_PARAMETER = /^3:/;

/** The handlers of all controllers, by the operation ids that they get. */
export function handlersOf(app: NestExpressApplication): Map<string, Handler> {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return new Map(
    controllers.flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, object>;
      return Object.getOwnPropertyNames(prototype)
        .filter((key) => key !== 'constructor' && Reflect.hasMetadata('method', prototype[key] ?? {}))
        .map((key): [string, Handler] => {
          const parameters = (Reflect.getMetadata('__routeArguments__', metatype, key) ?? {}) as object;
          return [
            toOperationId(metatype.name, key),
            {
              isPublic: [prototype[key] ?? {}, metatype].some((target) => Reflect.getMetadata(PUBLIC, target) === true),
              takesBody: Object.keys(parameters).some((parameter) => BODY_PARAMETER.test(parameter)),
            },
          ];
        });
    }),
  );
}
