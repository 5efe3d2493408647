import type { ConversationKind, Role } from '@parley/contracts';
import {
  canLeave,
  canRemoveMember,
  CONVERSATION_ACTIONS,
  judgeAction,
  type ConversationAction,
} from './conversations.policy.js';

const ROLES: Role[] = ['owner', 'admin', 'member'];

/** Who may do what: o(wner), a(dmin), m(ember), and whether a direct conversation knows the action. */
const MATRIX: Record<ConversationAction, { group: string; direct: boolean }> = {
  view: { group: 'oam', direct: true },
  send: { group: 'oam', direct: true },
  edit_message: { group: 'oam', direct: true },
  delete_message: { group: 'oam', direct: true },
  react: { group: 'oam', direct: true },
  change_settings: { group: 'oam', direct: true },
  rename: { group: 'oa', direct: false },
  add_members: { group: 'oa', direct: false },
  remove_member: { group: 'oa', direct: false },
  change_role: { group: 'o', direct: false },
  leave: { group: 'oam', direct: false },
};

const inWords = (action: string): string => action.replace('_', ' ');

describe('in a group', () => {
  for (const action of CONVERSATION_ACTIONS) {
    for (const role of ROLES) {
      const may = MATRIX[action].group.includes(role.charAt(0));
      it(`${role} ${may ? 'may' : 'may not'} ${inWords(action)}`, () => {
        expect(judgeAction('group', role, action)).toBe(may ? 'allowed' : 'action_forbidden');
      });
    }
  }
});

describe('in a direct conversation', () => {
  const kind: ConversationKind = 'direct';
  for (const action of CONVERSATION_ACTIONS) {
    const may = MATRIX[action].direct;
    it(`both people ${may ? 'may' : 'cannot'} ${inWords(action)}`, () => {
      expect(judgeAction(kind, 'member', action)).toBe(may ? 'allowed' : 'conversation_kind_mismatch');
    });
  }
});

describe('removing a member', () => {
  const REMOVABLE: Record<Role, readonly Role[]> = {
    owner: ['owner', 'admin', 'member'],
    admin: ['member'],
    member: [],
  };
  for (const actor of ROLES) {
    for (const target of ROLES) {
      const may = REMOVABLE[actor].includes(target);
      it(`${actor} ${may ? 'may' : 'may not'} remove ${target}`, () => {
        expect(canRemoveMember(actor, target)).toBe(may);
      });
    }
  }
});

describe('leaving', () => {
  it('owner may not while others are left', () => {
    expect(canLeave('owner', 2)).toBe(false);
  });

  it('owner may when alone', () => {
    expect(canLeave('owner', 1)).toBe(true);
  });

  it('admin and member always may', () => {
    expect(canLeave('admin', 2)).toBe(true);
    expect(canLeave('member', 2)).toBe(true);
  });
});
