import type { ConversationKind, SystemEvent } from '@parley/contracts';
import type { StoredConversation, StoredMember } from '../checker/evidence.js';
import type { Message } from '../history/message.js';
import { withClient } from './cluster.js';

interface ConversationRow {
  id: string;
  kind: ConversationKind;
  last_seq: string;
}

interface MessageRow {
  conversation_id: string;
  seq: string;
  sender_id: string;
  client_id: string | null;
  kind: 'text' | 'system';
  body: string | null;
  data: SystemEvent | null;
  is_deleted: boolean;
  changed_seq: string | null;
  version: number;
  reactions: string[];
}

interface MemberRow {
  conversation_id: string;
  user_id: string;
  joined_seq: string;
  visible_from_seq: string;
  left_seq: string | null;
  read_seq: string;
}

const MESSAGES = `
  SELECT m.conversation_id, m.seq, m.sender_id, m.client_id, m.kind, m.body, m.data,
         m.deleted_at IS NOT NULL AS is_deleted, m.changed_seq, m.version,
         ARRAY (SELECT r.emoji || ' ' || r.user_id FROM reactions r
                 WHERE r.conversation_id = m.conversation_id AND r.seq = m.seq) AS reactions
    FROM messages m ORDER BY m.conversation_id, m.seq`;

/** Reads all conversations as of one moment, by SQL of its own: what the server says is what is to be judged. */
export async function readStored(databaseUrl: string): Promise<StoredConversation[]> {
  return withClient(databaseUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const conversations = await client.query<ConversationRow>(
      'SELECT c.id, c.kind, h.last_seq FROM conversations c JOIN conversation_heads h ON h.conversation_id = c.id',
    );
    const messages = await client.query<MessageRow>(MESSAGES);
    const members = await client.query<MemberRow>('SELECT * FROM members');
    await client.query('COMMIT');
    return conversations.rows.map(({ id, kind, last_seq }) => ({
      id,
      kind,
      lastSeq: Number(last_seq),
      messages: messages.rows.filter((row) => row.conversation_id === id).map(toStoredMessage),
      members: members.rows.filter((row) => row.conversation_id === id).map(toStoredMember),
    }));
  });
}

function toStoredMessage(row: MessageRow): Message {
  const data =
    row.data === null ? null : Object.fromEntries(Object.entries(row.data).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    conversationId: row.conversation_id,
    seq: Number(row.seq),
    senderId: row.sender_id,
    clientId: row.client_id,
    kind: row.kind,
    body: row.body,
    data: data as SystemEvent | null,
    isDeleted: row.is_deleted,
    changedSeq: row.changed_seq === null ? null : Number(row.changed_seq),
    version: row.version,
    reactions: row.reactions.sort(),
  };
}

function toStoredMember(row: MemberRow): StoredMember {
  return {
    userId: row.user_id,
    joinedSeq: Number(row.joined_seq),
    visibleFromSeq: Number(row.visible_from_seq),
    leftSeq: row.left_seq === null ? null : Number(row.left_seq),
    readSeq: Number(row.read_seq),
  };
}
