import { applyDecorators, type HttpStatus } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { AuthView, CookieAuthView, ProfileView, SessionView } from '@parley/contracts';
import { USER_AGENT_MAX_LENGTH } from '../client.js';

const SESSION_ID = '01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10';
export const REFRESH_TOKEN_EXAMPLE = `${SESSION_ID}.nq0xQ8PZrYH1mQnUj6yQm0rXb8E4xXn9o7cT0m6d3qVf1yUuT8Z0hQ2sKpLwA5eB`;

/** What a client of another server of ours must have room for; ours are shorter. */
const ACCESS_TOKEN_MAX_LENGTH = 4_096;
export const REFRESH_TOKEN_MAX_LENGTH = 200;
/** A refresh token with its name and the attributes of a cookie. */
const COOKIE_MAX_LENGTH = 400;
/** A name of the DNS with a scheme and a port. */
const ORIGIN_MAX_LENGTH = 280;
/** IPv6 with an embedded IPv4 address and the name of an interface. */
const ADDRESS_MAX_LENGTH = 100;

/** What is answered where the refresh token is in the cookie. */
export class CookieAuthResponse implements CookieAuthView {
  // By name: the class belongs to users, whose controller brings it into the document.
  @ApiProperty({ allOf: [{ $ref: getSchemaPath('ProfileResponse') }] })
  user: ProfileView;

  @ApiProperty({
    example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk3…',
    maxLength: ACCESS_TOKEN_MAX_LENGTH,
    description: 'A bearer token.',
  })
  accessToken: string;

  @ApiProperty({ type: 'integer', example: 600, description: 'Seconds until `accessToken` expires.' })
  expiresIn: number;
}

export class AuthResponse extends CookieAuthResponse implements AuthView {
  @ApiProperty({
    example: REFRESH_TOKEN_EXAMPLE,
    maxLength: REFRESH_TOKEN_MAX_LENGTH,
    description: 'Good for one use: the next refresh returns its successor.',
  })
  refreshToken: string;
}

/** Describes an answer that has the refresh token in its body, or in the cookie when that was asked for. */
export function ApiAuthResponse(status: HttpStatus, description: string): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(AuthResponse, CookieAuthResponse),
    ApiResponse({
      status,
      description,
      schema: { anyOf: [{ $ref: getSchemaPath(AuthResponse) }, { $ref: getSchemaPath(CookieAuthResponse) }] },
      headers: {
        'Access-Control-Allow-Origin': {
          description: 'The page that asked, if it is not of this server and may ask.',
          schema: { type: 'string', maxLength: ORIGIN_MAX_LENGTH, example: 'https://chat.example.com' },
        },
        'Set-Cookie': {
          description: 'The refresh token, when it goes into the cookie; `Secure` where the page came over TLS.',
          schema: {
            type: 'string',
            maxLength: COOKIE_MAX_LENGTH,
            example: `parley_refresh=${REFRESH_TOKEN_EXAMPLE}; Max-Age=2592000; Path=/v1/auth; HttpOnly; SameSite=Strict`,
          },
        },
      },
    }),
  );
}

export class SessionResponse implements SessionView {
  @ApiProperty({ format: 'uuid', example: SESSION_ID })
  id: string;

  @ApiProperty({ example: true, description: 'Whether this is the session that asks.' })
  current: boolean;

  @ApiProperty({
    type: String,
    maxLength: USER_AGENT_MAX_LENGTH,
    nullable: true,
    example: 'Mozilla/5.0 (X11; Linux x86_64)',
  })
  userAgent: string | null;

  @ApiProperty({ type: String, maxLength: ADDRESS_MAX_LENGTH, nullable: true, example: '192.0.2.7' })
  ip: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  createdAt: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:40:00.000Z', description: 'When it was last refreshed.' })
  lastUsedAt: string;
}

export class SessionListResponse {
  @ApiProperty({ type: [SessionResponse] })
  items: SessionResponse[];
}
