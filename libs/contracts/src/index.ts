export { CLIENT_ERROR_CODES, ERROR_CODES } from './errors.js';
export type { ClientErrorCode, ErrorCode, FieldError, Problem } from './errors.js';
export { LIMITS } from './limits.js';
export type { Limits } from './limits.js';
export { DISCONNECTS } from './disconnects.js';
export type { DisconnectReason } from './disconnects.js';
export { COMMANDS } from './commands.js';
export type {
  Ack,
  ClientToServerEvents,
  CommandInput,
  CommandMap,
  CommandName,
  CommandOutput,
  InConversation,
  OnMessage,
} from './commands.js';
export { FACTS } from './facts.js';
export type { FactMap, FactName, Farewell, MessageChange, ServerToClientEvents } from './facts.js';
export type {
  AddMembers,
  ChangePassword,
  ChangeRole,
  CreateConversation,
  DeleteMessage,
  EditMessage,
  HistoryQuery,
  Login,
  MarkDelivered,
  MarkRead,
  React,
  Refresh,
  RefreshSocketToken,
  RefreshTokenIn,
  Register,
  RenameConversation,
  SendMessage,
  SetPresence,
  SyncRequest,
  UpdateConversationSettings,
  UpdateProfile,
  WatchPresence,
} from './inputs.js';
export type {
  AuthView,
  ConversationKind,
  ConversationSettingsView,
  ConversationSummary,
  ConversationView,
  CookieAuthView,
  HealthView,
  MemberView,
  MessageKind,
  MessagePage,
  MessageView,
  Page,
  PresenceState,
  PresenceView,
  ProfileView,
  ReactionView,
  ReceiptView,
  Role,
  SessionView,
  SentMessageView,
  SyncReply,
  SyncUpdate,
  SystemEvent,
  UserView,
} from './views.js';
