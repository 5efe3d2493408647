import { ActionIcon, Menu } from '@mantine/core';
import type { Conversation } from '@parley/client';
import type { MemberView, PresenceState, Role } from '@parley/contracts';
import { KebabHorizontalIcon } from '@primer/octicons-react';
import { useLocation } from 'wouter';
import { client } from '../session/client.js';
import { Avatar } from '../shared/avatar.js';
import { showError } from '../shared/errors.js';
import { toConversationPath } from '../shared/paths.js';
import classes from './member-list.module.css';
import { listOffers, type Offer } from './offers.js';

export interface MemberLineProps {
  conversation: Conversation;
  member: MemberView;
  ownRole: Role;
  isMe: boolean;
  presence: PresenceState | null;
}

const ROLES: Record<Role, string | null> = { owner: 'Owner', admin: 'Admin', member: null };
const LABELS: Record<Offer, string> = {
  message: 'Message',
  'make-admin': 'Make admin',
  'make-member': 'Make member',
  'make-owner': 'Make owner',
  remove: 'Remove from group',
};

export function MemberLine({ conversation, member, ownRole, isMe, presence }: MemberLineProps) {
  const [, navigate] = useLocation();
  const { userId, displayName, username, role } = member;
  const actions: Record<Offer, () => Promise<unknown>> = {
    message: async () => navigate(toConversationPath((await client.conversations.createDirect(userId)).id)),
    'make-admin': () => conversation.changeRole(userId, 'admin'),
    'make-member': () => conversation.changeRole(userId, 'member'),
    'make-owner': () => conversation.changeRole(userId, 'owner'),
    remove: () => conversation.removeMember(userId),
  };
  return (
    <div role="listitem" className={classes.line}>
      <Avatar id={userId} name={displayName} presence={presence} />
      <span className={classes.names}>
        <bdi className={classes.name}>{isMe ? `${displayName} (you)` : displayName}</bdi>
        <span className={classes.username}>@{username}</span>
      </span>
      {ROLES[role] !== null && <span className={classes.role}>{ROLES[role]}</span>}
      {!isMe && (
        <Menu>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" c="dimmed" aria-label={`Actions for ${displayName}`}>
              <KebabHorizontalIcon />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {listOffers(ownRole, role).map((offer) => (
              <Menu.Item
                key={offer}
                {...(offer === 'remove' && { color: 'red' })}
                onClick={() => void actions[offer]().catch(showError)}
              >
                {LABELS[offer]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
