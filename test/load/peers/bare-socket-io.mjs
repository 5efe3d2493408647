import { createServer } from 'node:http';
import { Server } from 'socket.io';

/**
 * What Socket.IO costs by itself, with its defaults: a client names its rooms, and what it sends goes to
 * the room that it names, in the shape and size of Parley's fact. Nothing is checked and nothing is kept.
 * What concerns nobody else is answered with nothing.
 */
const http = createServer((_, response) => response.end());
const io = new Server(http);
/** The last number given in each room. */
const heads = new Map();

io.on('connection', (socket) => {
  const { rooms, userId } = socket.handshake.auth;
  socket.join(rooms);
  socket.on('message:send', ({ conversationId, clientId, body }, acknowledge) => {
    const seq = (heads.get(conversationId) ?? 0) + 1;
    heads.set(conversationId, seq);
    const message = toMessageView({ conversationId, seq, senderId: userId, clientId, body });
    io.to(conversationId).emit('message:sent', { conversationId, seq, message });
    acknowledge({ ok: true, data: { seq } });
  });
  socket.on('typing:start', ({ conversationId }, acknowledge) => {
    socket.to(conversationId).emit('typing:changed', { conversationId, userId, typing: true });
    acknowledge({ ok: true, data: null });
  });
  socket.on('conversation:read', ({ conversationId, seq }, acknowledge) => {
    io.to(conversationId).emit('receipt:changed', { conversationId, userId, readSeq: seq, deliveredSeq: seq });
    acknowledge({ ok: true, data: null });
  });
  for (const command of ['sync', 'presence:watch', 'presence:set', 'auth:refresh']) {
    socket.on(command, (_, acknowledge) => acknowledge({ ok: true, data: null }));
  }
});

function toMessageView({ conversationId, seq, senderId, clientId, body }) {
  return {
    conversationId,
    seq,
    senderId,
    clientId,
    kind: 'text',
    body,
    data: null,
    replyTo: null,
    mentions: [],
    mentionsAll: false,
    reactions: [],
    createdAt: new Date().toISOString(),
    editedAt: null,
    deletedAt: null,
    changedSeq: null,
    version: 1,
  };
}

process.once('SIGTERM', () => process.exit(0));
http.listen(Number(process.env.PORT), '127.0.0.1');
