import type { ConversationKind, Role } from '@parley/contracts';

/**
 * Who may do what in a conversation they belong to. Pure: whether they belong to it is found out by
 * `conversations.access.ts`.
 */

const EVERYBODY: readonly Role[] = ['owner', 'admin', 'member'];
const LEADERS: readonly Role[] = ['owner', 'admin'];

interface Rule {
  kinds: readonly ConversationKind[];
  roles: readonly Role[];
}

const RULES = {
  view: { kinds: ['direct', 'group'], roles: EVERYBODY },
  send: { kinds: ['direct', 'group'], roles: EVERYBODY },
  /** Of one's own messages. */
  edit_message: { kinds: ['direct', 'group'], roles: EVERYBODY },
  /** Whose messages exactly is a question for `messages.policy.ts`. */
  delete_message: { kinds: ['direct', 'group'], roles: EVERYBODY },
  react: { kinds: ['direct', 'group'], roles: EVERYBODY },
  change_settings: { kinds: ['direct', 'group'], roles: EVERYBODY },
  rename: { kinds: ['group'], roles: LEADERS },
  add_members: { kinds: ['group'], roles: LEADERS },
  /** Whom exactly is a question for {@link canRemoveMember}. */
  remove_member: { kinds: ['group'], roles: LEADERS },
  /** Of anybody else and to anything; giving `owner` hands ownership over. */
  change_role: { kinds: ['group'], roles: ['owner'] },
  /** Whether the owner has to hand the group over first is a question for {@link canLeave}. */
  leave: { kinds: ['group'], roles: EVERYBODY },
} satisfies Record<string, Rule>;

export type ConversationAction = keyof typeof RULES;

export const CONVERSATION_ACTIONS = Object.keys(RULES) as ConversationAction[];

export type Verdict = 'allowed' | 'conversation_kind_mismatch' | 'action_forbidden';

/** Whether a member with this role may do this in a conversation of this kind, or why not. */
export function judgeAction(kind: ConversationKind, role: Role, action: ConversationAction): Verdict {
  const rule: Rule = RULES[action];
  if (!rule.kinds.includes(kind)) return 'conversation_kind_mismatch';
  return rule.roles.includes(role) ? 'allowed' : 'action_forbidden';
}

/** Owners may remove anybody, admins may remove those who lead nothing. */
export function canRemoveMember(actor: Role, target: Role): boolean {
  return actor === 'owner' || (actor === 'admin' && target === 'member');
}

/**
 * Whether somebody may leave: the owner may not, or nobody could lead the group any more. One who is
 * alone in it leaves nobody behind.
 */
export function canLeave(role: Role, memberCount: number): boolean {
  return role !== 'owner' || memberCount === 1;
}
