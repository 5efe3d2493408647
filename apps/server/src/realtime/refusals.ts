import { Injectable, Logger } from '@nestjs/common';
import type { Problem } from '@parley/contracts';
import { DomainError } from '../common/domain-error.js';
import { toProblem } from '../common/error-table.js';
import { newId } from '../common/id.js';
import { SIGNALS } from '../common/signals.js';
import { toDomainError } from '../database/database-errors.js';

/**
 * Turns whatever was thrown on behalf of a socket into the problem that its client gets. What was not
 * meant to happen is logged under the same id, and tells the client nothing else.
 */
@Injectable()
export class Refusals {
  private readonly logger = new Logger(Refusals.name);

  toProblem(error: unknown, what: string): Problem {
    const requestId = newId();
    const refusal = this.toRefusal(error, what, requestId);
    SIGNALS.refusal.tell({ edge: 'socket', code: refusal.code });
    return toProblem(refusal, requestId);
  }

  private toRefusal(error: unknown, what: string, requestId: string): DomainError {
    const known = toDomainError(error);
    if (known instanceof DomainError) return known;
    this.logger.error({ requestId, err: error }, what);
    return new DomainError('internal_error', 'The server failed');
  }
}
