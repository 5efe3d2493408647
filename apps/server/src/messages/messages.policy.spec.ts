import type { ConversationKind, Role } from '@parley/contracts';
import { canDeleteMessage, canEditMessage, canReactTo } from './messages.policy.js';

const text = { kind: 'text', senderId: 'ada' } as const;
const system = { kind: 'system', senderId: 'ada' } as const;
const as = (kind: ConversationKind, role: Role) => ({ kind, role });

describe('what becomes of a message', () => {
  it('is edited by its author alone', () => {
    expect(canEditMessage(text, 'ada')).toBe(true);
    expect(canEditMessage(text, 'ben')).toBe(false);
  });

  it.each(['owner', 'admin', 'member'] as const)('is deleted by its author, who is %s', (role) => {
    expect(canDeleteMessage(text, 'ada', as('group', role))).toBe(true);
  });

  it.each([
    ['owner', true],
    ['admin', true],
    ['member', false],
  ] as const)('deleted by somebody else in a group, who is %s: %s', (role, allowed) => {
    expect(canDeleteMessage(text, 'ben', as('group', role))).toBe(allowed);
  });

  it('is not deleted by the other person of a direct conversation', () => {
    expect(canDeleteMessage(text, 'ada', as('direct', 'member'))).toBe(true);
    for (const role of ['owner', 'admin', 'member'] as const) {
      expect(canDeleteMessage(text, 'ben', as('direct', role))).toBe(false);
    }
  });

  it('is open to reactions when it is a text', () => {
    expect(canReactTo(text)).toBe(true);
  });

  it('stays when the system told it, whoever did what it tells', () => {
    expect(canEditMessage(system, 'ada')).toBe(false);
    expect(canDeleteMessage(system, 'ada', as('group', 'owner'))).toBe(false);
    expect(canReactTo(system)).toBe(false);
  });
});
