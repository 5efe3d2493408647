import { Module, type DynamicModule } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { CommonModule } from './common/common.module.js';
import { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ENTITIES } from './entities.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpClosing } from './http/http-server.js';
import { MessagesModule } from './messages/messages.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { SyncModule } from './sync/sync.module.js';
import { TracesModule } from './traces/traces.module.js';
import { UsersModule } from './users/users.module.js';

/** The module graph on one screen. */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        CommonModule,
        EventsModule,
        DatabaseModule.forRoot(ENTITIES),
        HealthModule,
        UsersModule,
        AuthModule,
        ConversationsModule,
        MessagesModule,
        SyncModule,
        PresenceModule,
        RealtimeModule,
        MetricsModule,
        TracesModule,
      ],
      providers: [HttpClosing],
    };
  }
}
