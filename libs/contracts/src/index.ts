export { ERROR_CODES } from './errors.js';
export type { ErrorCode, FieldError, Problem } from './errors.js';
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
} from './commands.js';
export { FACTS } from './facts.js';
export type { FactMap, FactName, Farewell, ServerToClientEvents } from './facts.js';
export type {
  AddMembers,
  ChangePassword,
  ChangeRole,
  CreateConversation,
  HistoryQuery,
  Login,
  MarkRead,
  Refresh,
  RefreshSocketToken,
  Register,
  RenameConversation,
  SendMessage,
  SetPresence,
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
  Role,
  SessionView,
  SentMessageView,
  SystemEvent,
  UserView,
} from './views.js';
