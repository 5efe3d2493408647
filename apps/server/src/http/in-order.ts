import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** One handler that is all of these, one after the other. For each of its own, Express would compare paths first. */
export function inOrder(...handlers: readonly RequestHandler[]): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    let index = 0;
    const goOn = (error?: unknown): void => {
      const handler = handlers[index];
      if (error !== undefined || handler === undefined) {
        next(error);
        return;
      }
      index += 1;
      void handler(request, response, goOn);
    };
    goOn();
  };
}
