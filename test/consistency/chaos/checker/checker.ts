import { findContradictions } from './agreement.js';
import { Case } from './case.js';
import { findDivergence } from './convergence.js';
import { findLostDeliveries } from './delivery.js';
import { findLostAcknowledgements } from './durability.js';
import { findForbiddenContent } from './entitlement.js';
import type { Evidence } from './evidence.js';
import { findNumberFaults } from './number-line.js';
import { findDisorder } from './order.js';
import { findFalseFailures } from './outcomes.js';
import { findWrongPresence } from './presence.js';
import { findProcessFaults } from './processes.js';
import type { Violation } from './violation.js';

const JUDGES = [
  findLostAcknowledgements,
  findNumberFaults,
  findContradictions,
  findDisorder,
  findLostDeliveries,
  findDivergence,
  findForbiddenContent,
  findFalseFailures,
  findWrongPresence,
  findProcessFaults,
];

/** Decides by nothing but the evidence whether every promise was kept. */
export function check(evidence: Evidence): Violation[] {
  const theCase = new Case(evidence);
  return JUDGES.flatMap((judge) => [...judge(theCase)]);
}
