import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AuthModuleOptions } from '@nestjs/passport';
import type { Request } from 'express';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { Config } from '../config/config.js';
import { toSigningKey, VERIFY_OPTIONS } from './access-token.js';
import { TokensService, toTokenRefusal } from './tokens.service.js';

const BEARER = /^bearer +([^\s]+)$/i;

/**
 * Passport's JWT strategy: a bearer token, verified as `access-token.ts` says, of a session that lives.
 *
 * NOTE: Passport's registry is one per process, by name. So the strategy enters it under a name of its
 * server's own (`auth.module.ts`): of two servers in one process, neither lets in whom the other knows.
 */
@Injectable()
export class JwtStrategy extends Strategy implements OnModuleDestroy {
  private readonly registeredAs: string;

  constructor(config: Config, tokens: TokensService, options: AuthModuleOptions) {
    super(
      {
        jwtFromRequest: readBearerToken,
        passReqToCallback: true,
        // Its types know no key objects, the library below it does.
        secretOrKey: toSigningKey(config.auth.secret) as unknown as Buffer,
        algorithms: [...VERIFY_OPTIONS.algorithms],
        issuer: VERIFY_OPTIONS.issuer,
        audience: VERIFY_OPTIONS.audience,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else shows the header, where `crit` stands
        jsonWebTokenOptions: { complete: VERIFY_OPTIONS.complete },
      },
      (request: Request, token: unknown, done: (error: unknown, actor?: object) => void) => {
        tokens.admit(token, readBearerToken(request) ?? '').then(({ actor }) => done(null, actor), done);
      },
    );
    this.registeredAs = String(options.defaultStrategy);
    passport.use(this.registeredAs, this);
  }

  override authenticate(request: Request, options?: object): void {
    try {
      super.authenticate(request, options);
    } catch (error) {
      // The JWT library trips over some tokens that are no JSON objects, instead of refusing them.
      this.error(toTokenRefusal(error));
    }
  }

  onModuleDestroy(): void {
    passport.unuse(this.registeredAs);
  }
}

/** The token in the `Authorization` header; null if there is none. */
export function readBearerToken(request: Request): string | null {
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
