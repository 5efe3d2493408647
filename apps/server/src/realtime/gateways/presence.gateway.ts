import { WebSocketGateway } from '@nestjs/websockets';
import type { CommandOutput } from '@parley/contracts';
import { PresenceService } from '../../presence/presence.service.js';
import { TypingService } from '../../presence/typing.service.js';
import { Command } from '../command.decorator.js';
import type { Connection } from '../connection.js';
import { InConversationDto } from '../dto/in-conversation.dto.js';
import { SetPresenceDto } from '../dto/set-presence.dto.js';
import { WatchPresenceDto } from '../dto/watch-presence.dto.js';
import { PresenceWatching } from '../presence-watching.js';

/** Who is there and who is typing: nothing of it lasts, so it has no REST twin but reading. */
@WebSocketGateway()
export class PresenceGateway {
  constructor(
    private readonly presence: PresenceService,
    private readonly typing: TypingService,
    private readonly watching: PresenceWatching,
  ) {}

  @Command('presence:watch', { input: WatchPresenceDto })
  async watch(connection: Connection, { userIds }: WatchPresenceDto): Promise<CommandOutput<'presence:watch'>> {
    return { items: await this.watching.watch(connection, userIds) };
  }

  @Command('presence:unwatch', { input: WatchPresenceDto })
  async unwatch(connection: Connection, { userIds }: WatchPresenceDto): Promise<null> {
    this.watching.unwatch(connection, userIds);
    return null;
  }

  @Command('presence:set', { input: SetPresenceDto })
  async set(connection: Connection, { state }: SetPresenceDto): Promise<null> {
    this.presence.setState(connection.id, state);
    return null;
  }

  @Command('typing:start', { input: InConversationDto })
  async startTyping({ actor }: Connection, { conversationId }: InConversationDto): Promise<null> {
    await this.typing.start(actor, conversationId);
    return null;
  }

  @Command('typing:stop', { input: InConversationDto })
  async stopTyping({ actor }: Connection, { conversationId }: InConversationDto): Promise<null> {
    await this.typing.stop(actor, conversationId);
    return null;
  }
}
