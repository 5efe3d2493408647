import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { AuthView, ProfileView, SessionView } from '@parley/contracts';

const SESSION_ID = '01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10';
export const REFRESH_TOKEN_EXAMPLE = `${SESSION_ID}.nq0xQ8PZrYH1mQnUj6yQm0rXb8E4xXn9o7cT0m6d3qVf1yUuT8Z0hQ2sKpLwA5eB`;

export class AuthResponse implements AuthView {
  // By name: the class belongs to users, whose controller brings it into the document.
  @ApiProperty({ allOf: [{ $ref: getSchemaPath('ProfileResponse') }] })
  user: ProfileView;

  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk3…', description: 'A bearer token.' })
  accessToken: string;

  @ApiProperty({ type: 'integer', example: 600, description: 'Seconds until `accessToken` expires.' })
  expiresIn: number;

  @ApiProperty({
    example: REFRESH_TOKEN_EXAMPLE,
    description: 'Good for one use: the next refresh returns its successor.',
  })
  refreshToken: string;
}

export class SessionResponse implements SessionView {
  @ApiProperty({ format: 'uuid', example: SESSION_ID })
  id: string;

  @ApiProperty({ example: true, description: 'Whether this is the session that asks.' })
  current: boolean;

  @ApiProperty({ type: String, nullable: true, example: 'Mozilla/5.0 (X11; Linux x86_64)' })
  userAgent: string | null;

  @ApiProperty({ type: String, nullable: true, example: '192.0.2.7' })
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
