import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ErrorCode, Problem } from '@parley/contracts';
import type { Request, Response } from 'express';
import { DomainError } from './domain-error.js';
import { toProblem } from './error-table.js';
import { OccasionalLog } from './occasional-log.js';
import { requestIdOf } from './request-id.js';
import { SIGNALS } from './signals.js';

/** What the framework's own refusals mean. Their words may quote the request, so ours go out instead. */
const BY_STATUS: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  400: ['request_malformed', 'The request cannot be read: its path or its JSON body is not well-formed'],
  404: ['route_not_found', 'There is no such route'],
  405: ['route_not_found', 'There is no such route'],
  413: ['payload_too_large', 'The body is larger than this server accepts'],
  415: ['media_type_unsupported', 'Send JSON in UTF-8, not compressed, as application/json'],
};

/**
 * Answers every failure of an HTTP request with a problem (RFC 9457). It never runs for sockets:
 * their dispatcher makes the same body by the same {@link toProblem}.
 *
 * What is not a known refusal becomes `internal_error`: its cause goes to the log under the request
 * id, and nothing of it to the client.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);
  /** Troubles of the database come by the hundred, and one line says as much. */
  private readonly troubles = new OccasionalLog(this.logger);

  /** `translate` turns what other layers throw (a lost database) into a DomainError, or leaves it. */
  constructor(private readonly translate: (error: unknown) => unknown) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const requestId = requestIdOf(request);
    const refusal = toRefusal(this.translate(error));
    this.report(error, refusal, requestId);
    SIGNALS.refusal.tell({ edge: 'rest', code: refusal?.code ?? 'internal_error' });
    // The body parser reports a large body when it has ended, which was refused long before.
    if (response.writableEnded) return;
    if (response.headersSent) {
      // Too late for another answer: an answer cut short is at least not taken for a whole one.
      response.destroy();
      return;
    }
    sendProblem(response, toProblem(refusal ?? new DomainError('internal_error', 'The server failed'), requestId));
  }

  private report(error: unknown, refusal: DomainError | null, requestId: string): void {
    if (refusal === null || refusal.code === 'internal_error') {
      this.logger.error({ requestId, err: error }, 'A request failed');
    } else if (refusal.cause instanceof Error) {
      this.troubles.warn(`${refusal.message} (request ${requestId}): ${refusal.cause.message}`);
    }
  }
}

function toRefusal(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  if (!(error instanceof HttpException)) return null;
  // The body parser wraps what its check of the body threw.
  if (error.cause instanceof DomainError) return error.cause;
  const [code, detail] = BY_STATUS[error.getStatus()] ?? [null, ''];
  if (code !== null) return new DomainError(code, detail);
  return error.getStatus() < 500 ? new DomainError('request_malformed', 'The request cannot be read') : null;
}

function sendProblem(response: Response, problem: Problem): void {
  if (problem.retryInMs !== undefined) response.setHeader('Retry-After', Math.ceil(problem.retryInMs / 1_000));
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
