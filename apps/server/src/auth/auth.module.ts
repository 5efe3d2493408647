import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { newId } from '../common/id.js';
import { Config } from '../config/config.js';
import { UsersModule } from '../users/users.module.js';
import { toSigningKey } from './access-token.js';
import { AccessTokenGuard } from './access-token.guard.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { JwtStrategy } from './jwt.strategy.js';
import { PasswordHasher } from './password-hasher.js';
import { RefreshCookies } from './refresh-cookies.js';
import { RefreshService } from './refresh.service.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SessionLiveness } from './session-liveness.js';
import { SessionsAccess } from './sessions.access.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { TokensService } from './tokens.service.js';

/** Registration, login, sessions and tokens. Every HTTP route needs a token unless it is `@Public()`. */
@Module({
  imports: [
    UsersModule,
    JwtModule.registerAsync({
      inject: [Config],
      useFactory: ({ auth }: Config) => ({ secret: toSigningKey(auth.secret) }),
    }),
    PassportModule.registerAsync({ useFactory: () => ({ defaultStrategy: `jwt-${newId()}` }) }),
  ],
  controllers: [AuthController, SessionsController],
  providers: [
    AuthService,
    JwtStrategy,
    PasswordHasher,
    RefreshCookies,
    RefreshService,
    RefreshTokens,
    SessionLiveness,
    SessionsAccess,
    SessionsService,
    TokensService,
    { provide: APP_GUARD, useClass: AccessTokenGuard },
  ],
  exports: [SessionsService, TokensService],
})
export class AuthModule {}
