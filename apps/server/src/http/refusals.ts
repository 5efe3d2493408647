import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '@parley/contracts';
import type { DomainError } from '../common/domain-error.js';
import { toProblem } from '../common/error-table.js';
import { newId } from '../common/id.js';

/**
 * The problem body where no controller and no filter is reached: before a request is one, and outside of
 * Express. Such a refusal is the last word on its connection.
 */
export function refuseOnSocket(socket: Duplex, error: DomainError): void {
  const { problem, headers, body } = refusalOf(error, newId());
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${problem.status} ${problem.title}`, ...head, '', body].join('\r\n'));
}

/** Writes the whole answer, and leaves it to the caller to end it. */
export function writeRefusal(response: ServerResponse, error: DomainError, requestId = newId()): void {
  const { problem, headers, body } = refusalOf(error, requestId);
  response.writeHead(problem.status, headers);
  response.write(body);
}

function refusalOf(
  error: DomainError,
  requestId: string,
): { problem: Problem; headers: Record<string, string>; body: string } {
  const problem = toProblem(error, requestId);
  const body = JSON.stringify(problem);
  const headers = {
    Connection: 'close',
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Request-Id': requestId,
  };
  return { problem, headers, body };
}
