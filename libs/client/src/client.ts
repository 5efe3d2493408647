import type {
  AuthView,
  ChangePassword,
  CommandInput,
  CommandName,
  CommandOutput,
  ConversationSummary,
  CookieAuthView,
  FactMap,
  FactName,
  Login,
  MessageView,
  Page,
  PresenceView,
  ProfileView,
  Register,
  SessionView,
  UpdateProfile,
} from '@parley/contracts';
import { Connection, type ConnectionSnapshot, type SocketLike } from './connection.js';
import { applyAnswer } from './conversation-state.js';
import { ConversationStates } from './conversation-states.js';
import { Conversation, type ConversationParts } from './conversation.js';
import { ConversationList } from './conversations.js';
import { toParleyError, type ParleyError } from './errors.js';
import { Http } from './http.js';
import { Outbox, type OutboxItem } from './outbox.js';
import { OwnProfile } from './own-profile.js';
import { Positions } from './positions.js';
import { Presence } from './presence.js';
import { isForGood, Session, type RefreshTokens } from './session.js';
import { asAsync, memoryStorage, type KeyValueStorage } from './storage.js';
import type { Store } from './store.js';
import { SyncEngine } from './sync-engine.js';
import { Typing } from './typing.js';
import { Users } from './users.js';

/** Where the refresh token goes is the client's affair. */
type Credentials<T> = Omit<T, 'refreshTokenIn'>;

export interface ParleyClientOptions {
  /** Where the server is, as in `https://chat.example.org`. */
  url: string;
  /** Where to keep the session and unsent messages; in memory unless given. */
  storage?: KeyValueStorage;
  /**
   * `storage` (unless given): the client keeps its refresh token itself. `cookie`, in browsers: the server
   * keeps it in a cookie that scripts cannot read, and nothing secret is stored. The page has to be of the
   * same site as the server.
   */
  refreshTokens?: RefreshTokens;
  /** For tests: puts something between the client and its socket. */
  wrapSocket?: (socket: SocketLike) => SocketLike;
}

/**
 * A person's way into a Parley server: it connects, stays connected, keeps what it shows in step, and sends
 * what is written, however bad the network is.
 *
 * Everything that is shown is a {@link Store}. Everything that fails rejects with a `ParleyError`.
 */
export class ParleyClient {
  readonly connection: Store<ConnectionSnapshot>;
  /** One's own profile, after `resume` as it was last seen; null when nobody is logged in. */
  readonly me: Store<ProfileView | null>;
  readonly conversations: ConversationList;
  readonly users: Users;
  private readonly profile: OwnProfile;
  private readonly inCookie: boolean;
  private readonly http: Http;
  private readonly session: Session;
  private readonly link: Connection;
  private readonly states = new ConversationStates();
  private readonly engine: SyncEngine;
  private readonly outbox: Outbox;
  private readonly positions: Positions;
  private readonly typing: Typing;
  private readonly presences: Presence;
  private readonly handles = new Map<string, Conversation>();
  /** Counts how often it was opened and closed: an opening that was overtaken does not connect. */
  private openings = 0;

  constructor({ url, storage: given = memoryStorage(), refreshTokens = 'storage', wrapSocket }: ParleyClientOptions) {
    const base = url.replace(/\/+$/, '');
    const storage = asAsync(given);
    this.inCookie = refreshTokens === 'cookie';
    this.http = new Http(base, () => this.session, this.inCookie);
    this.session = new Session(this.http, storage, (error) => this.sessionEnded(error), refreshTokens);
    this.profile = new OwnProfile(storage, () => this.session.userId);
    this.link = new Connection({
      url: base,
      tokens: this.session,
      wrapSocket,
      onReady: (ready) => this.ready(ready),
      onFact: (type, payload) => this.hear(type, payload),
      onSessionEnded: () => void this.session.forget().then(() => this.end()),
    });
    this.engine = new SyncEngine({
      states: this.states,
      userId: () => this.session.userId ?? '',
      sync: (input) => this.command('sync', input),
      getSummary: (id) => this.http.get<ConversationSummary>(`/conversations/${id}/summary`),
      getPage: (cursor) => this.http.get<Page<ConversationSummary>>('/conversations', { cursor }),
      onMessages: (messages) => this.arrived(messages),
      onSummary: (summary) => this.listed(summary),
      onNewHistory: () => this.positions.clear(),
      onPeople: () => this.presences.recheck(),
    });
    this.outbox = new Outbox({
      storage,
      send: (item) => this.send(item),
      onSent: (message) => this.sent(message),
    });
    this.positions = new Positions((command, conversationId, seq) => this.command(command, { conversationId, seq }));
    this.typing = new Typing((command, conversationId) => this.command(command, { conversationId }));
    this.presences = new Presence({ send: (command, input) => this.command(command, input) });
    this.connection = this.link.state;
    this.me = this.profile.store;
    this.users = new Users(this.http);
    this.conversations = new ConversationList(this.http, this.states, this.engine, (id) => this.conversation(id));
    this.link.state.subscribe(() => this.followConnection());
  }

  /** Registers and logs in. @throws ParleyError `username_taken`, `validation_failed` */
  async register(input: Credentials<Register>): Promise<void> {
    await this.begin('/auth/register', input);
  }

  /** @throws ParleyError `credentials_invalid`, `rate_limited` */
  async login(input: Credentials<Login>): Promise<void> {
    await this.begin('/auth/login', input);
  }

  /** Goes on with the session that the storage has, also without a network; false when there is none. */
  async resume(): Promise<boolean> {
    const opening = (this.openings += 1);
    const userId = await this.session.load();
    if (userId === null) return false;
    await Promise.all([this.profile.load(), this.outbox.open(userId)]);
    // Whoever closes at once, as a component that is mounted twice, has closed.
    if (opening === this.openings) this.link.start();
    return true;
  }

  /**
   * Ends the session on the server, if it can be reached, and forgets everything, unsent messages too.
   * @throws ParleyError with `refreshTokens: 'cookie'` when the server cannot be reached or is in trouble: only
   *   it can take the cookie back, so one is still logged in
   */
  async logout(): Promise<void> {
    await this.http.ask('POST', '/auth/logout').catch((error: unknown) => {
      const refusal = toParleyError(error);
      if (this.inCookie && refusal.code !== 'not_logged_in' && !isForGood(refusal)) throw refusal;
    });
    await this.forget();
  }

  /** Ends all sessions of this person, on all devices. */
  async logoutAll(): Promise<void> {
    await this.http.ask('POST', '/auth/logout-all');
    await this.forget();
  }

  /** Stops everything and keeps what is stored: `resume` goes on. */
  close(): void {
    this.openings += 1;
    this.link.stop();
    this.positions.clear();
    this.typing.clear();
  }

  /** Tries to connect now instead of at `connection.retryAt`. */
  reconnect(): void {
    this.link.retryNow();
  }

  /** A conversation by its id; always the same object for the same id. */
  conversation(id: string): Conversation {
    const existing = this.handles.get(id);
    if (existing !== undefined) return existing;
    const parts: ConversationParts = {
      http: this.http,
      states: this.states,
      outbox: this.outbox,
      positions: this.positions,
      typing: this.typing,
      engine: this.engine,
      command: (name, input) => this.command(name, input),
    };
    const conversation = new Conversation(id, parts);
    this.handles.set(id, conversation);
    return conversation;
  }

  /** Who of these people is there. They are watched as long as somebody is subscribed. */
  presence(userIds: readonly string[]): Store<ReadonlyMap<string, PresenceView>> {
    return this.presences.of(userIds);
  }

  /** Says whether this device is being looked at. */
  setAway(away: boolean): void {
    this.presences.setAway(away);
  }

  /** Changes one's name, or whether others see what one has read. */
  async updateProfile(input: UpdateProfile): Promise<ProfileView> {
    const profile = await this.http.ask<ProfileView>('PATCH', '/users/me', input);
    this.profile.show(profile);
    return profile;
  }

  /** @throws ParleyError `credentials_invalid`; the other sessions end */
  async changePassword(input: ChangePassword): Promise<void> {
    await this.http.ask('PUT', '/auth/password', input);
  }

  async listSessions(): Promise<readonly SessionView[]> {
    return (await this.http.get<{ items: SessionView[] }>('/auth/sessions')).items;
  }

  /** Logs another device out. */
  async revokeSession(id: string): Promise<void> {
    await this.http.ask('DELETE', `/auth/sessions/${id}`);
  }

  private async begin(path: string, input: object): Promise<void> {
    const body = this.inCookie ? { ...input, refreshTokenIn: 'cookie' } : input;
    const auth = await this.http.anonymous<AuthView | CookieAuthView>('POST', path, body);
    if (this.session.userId !== null) this.end();
    await this.session.begin(auth);
    this.profile.show(auth.user);
    const opening = (this.openings += 1);
    await this.outbox.open(auth.user.id);
    if (opening === this.openings) this.link.start();
  }

  private async forget(): Promise<void> {
    await this.session.forget();
    const clearing = this.outbox.clear();
    this.end();
    await clearing;
  }

  /** The server has said so to a request. */
  private sessionEnded(error: ParleyError): void {
    this.link.giveUp(error);
    this.end();
  }

  /** Nobody is logged in any more. What was written and not sent stays in the storage for its author. */
  private end(): void {
    this.close();
    this.engine.stop();
    this.engine.forget();
    this.presences.clear();
    this.profile.forget();
    this.outbox.close();
  }

  private async ready(ready: FactMap['ready']): Promise<void> {
    this.presences.start();
    const [profile] = await Promise.all([this.http.get<ProfileView>('/users/me'), this.engine.start(ready)]);
    this.profile.show(profile);
    this.outbox.start();
    this.positions.resume();
  }

  private followConnection(): void {
    if (this.link.state.getSnapshot().state === 'online') return;
    this.outbox.stop();
    this.engine.stop();
    this.presences.stop();
  }

  private command<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    return this.link.command(name, input);
  }

  private hear(type: Exclude<FactName, 'ready'>, payload: FactMap[FactName]): void {
    const heard = { type, payload } as Parameters<SyncEngine['hear']>[0];
    switch (heard.type) {
      case 'typing:changed':
        this.typing.hear(heard.payload);
        break;
      case 'presence:changed':
        this.presences.hear(heard.payload);
        break;
      case 'profile:changed':
        this.profile.show(heard.payload.profile);
        break;
      default:
        this.engine.hear(heard);
    }
  }

  /** Messages have come in: some of them are one's own on their way back, and all of them are delivered. */
  private arrived(messages: readonly MessageView[]): void {
    const { userId } = this.session;
    for (const message of messages) {
      if (message.senderId === userId) this.outbox.confirm(message);
      else this.positions.delivered(message.conversationId, message.seq);
    }
  }

  /** What came while one was away has reached this device, too. */
  private listed({ conversation: { id }, lastMessage, receipts, unread }: ConversationSummary): void {
    const { userId } = this.session;
    if (lastMessage === null || lastMessage.senderId === userId) return;
    const own = receipts?.find((receipt) => receipt.userId === userId);
    // Of a large group one's own position is not in the list.
    const isTold = own === undefined ? unread === 0 : own.deliveredSeq >= lastMessage.seq;
    if (!isTold) this.positions.delivered(id, lastMessage.seq);
  }

  private async send({ conversationId, clientId, body, replyTo }: OutboxItem): Promise<MessageView> {
    const input = { conversationId, clientId, body, ...(replyTo !== null && { replyTo }) };
    // Whether it was a repetition is said of the answer, and is no part of the message.
    const { duplicate: _, ...message } = await this.command('message:send', input);
    return message;
  }

  private sent(message: MessageView): void {
    this.states.update(message.conversationId, (state) => applyAnswer(state, message));
    this.engine.repair();
  }
}
