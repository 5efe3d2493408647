import { SessionEntity } from './auth/entities/session.entity.js';
import { ConversationHeadEntity } from './conversations/entities/conversation-head.entity.js';
import { ConversationEntity } from './conversations/entities/conversation.entity.js';
import { MemberEntity } from './conversations/entities/member.entity.js';
import { ReactionEntity } from './messages/entities/reaction.entity.js';
import { ConnectionEntity } from './presence/entities/connection.entity.js';
import { NodeEntity } from './presence/entities/node.entity.js';
import { PresenceEntity } from './presence/entities/presence.entity.js';
import { BlockEntity } from './users/entities/block.entity.js';
import { UserEntity } from './users/entities/user.entity.js';

/** Every entity, for the data source. A feature's entities are used by that feature only. */
export const ENTITIES = [
  UserEntity,
  BlockEntity,
  SessionEntity,
  ConversationEntity,
  ConversationHeadEntity,
  MemberEntity,
  ReactionEntity,
  NodeEntity,
  ConnectionEntity,
  PresenceEntity,
];
