import { Injectable } from '@nestjs/common';
import type { AuthView, CookieAuthView } from '@parley/contracts';
import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { DomainError } from '../common/domain-error.js';
import { Config } from '../config/config.js';
import { RefreshTokens } from './refresh-tokens.js';

export const REFRESH_COOKIE = 'parley_refresh';

/** Where the cookie is sent: to what begins, renews and ends sessions, and to nothing else. */
const PATH = '/v1/auth';

/**
 * Keeps refresh tokens of browsers in a cookie: no script of the page can read it (`HttpOnly`), and pages of
 * other sites cannot have it sent (`SameSite=Strict`). Which tokens are good is none of its business.
 */
@Injectable()
export class RefreshCookies {
  constructor(
    private readonly config: Config,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /** Moves the refresh token out of an answer into the cookie. */
  put(response: Response, { refreshToken, ...view }: AuthView): CookieAuthView {
    const maxAge = this.config.auth.refreshTokenSeconds * 1_000;
    response.cookie(REFRESH_COOKIE, refreshToken, { ...attributesFor(response.req), maxAge });
    return view;
  }

  /**
   * The refresh token that the request carries.
   *
   * A cookie is sent by whoever has the browser send it, so its word alone does not count: a browser also
   * says of which page a POST is (`Origin`), and whether that page may is decided before a request comes here.
   * @throws DomainError `validation_failed` when there is none, `origin_forbidden` when no page is named
   */
  require(request: Request): string {
    const token = read(request);
    if (token === undefined) {
      const errors = [{ path: 'refreshToken', message: 'must be given, here or in the cookie' }];
      throw new DomainError('validation_failed', 'There is no refresh token', { errors });
    }
    if (request.headers.origin !== undefined) return token;
    throw new DomainError('origin_forbidden', 'A request with the cookie has to say of which page it is');
  }

  /** Takes the cookie back. */
  clear(response: Response): void {
    response.clearCookie(REFRESH_COOKIE, attributesFor(response.req));
  }

  /** Takes the cookie back if it is of this session: it may be another person's by now, in another tab. */
  clearOf(sessionId: string, response: Response): void {
    const token = read(response.req);
    if (token !== undefined && this.refreshTokens.parse(token)?.sessionId === sessionId) this.clear(response);
  }
}

function read(request: Request): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[REFRESH_COOKIE];
}

/**
 * A page that came over TLS gets a cookie that is never sent in clear. The page itself is asked, too: a proxy
 * in front may speak TLS without telling so.
 */
function attributesFor(request: Request): CookieOptions {
  const isOverTls = request.secure || request.headers.origin?.startsWith('https://') === true;
  return { httpOnly: true, sameSite: 'strict', path: PATH, secure: isOverTls };
}
