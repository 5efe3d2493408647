import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  LIMITS,
  type ChangePassword,
  type Login,
  type Refresh,
  type RefreshTokenIn,
  type Register,
} from '@parley/contracts';
import { IsIn, Matches, ValidateIf } from 'class-validator';
import { IsText } from '../../common/text.js';
import { REFRESH_TOKEN_EXAMPLE, REFRESH_TOKEN_MAX_LENGTH } from './auth.response.js';

const { usernameMin, usernameMax, passwordMin, passwordMax } = LIMITS;
const USERNAME = new RegExp(`^[A-Za-z0-9_.-]{${usernameMin},${usernameMax}}$`);

const IsUsername = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ example: 'ada', minLength: usernameMin, maxLength: usernameMax, pattern: USERNAME.source }),
    Matches(USERNAME, { message: `must be ${usernameMin} to ${usernameMax} of A-Z a-z 0-9 _ . -` }),
  );

/** A password to set. One to check has no minimum: it is right or wrong. */
const IsNewPassword = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ example: 'correct horse battery', minLength: passwordMin, maxLength: passwordMax }),
    IsText({ min: passwordMin, max: passwordMax, normalize: 'NFKC' }),
  );

const IsPassword = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ example: 'correct horse battery', maxLength: passwordMax }),
    IsText({ max: passwordMax, normalize: 'NFKC' }),
  );

const REFRESH_TOKEN_IN: readonly RefreshTokenIn[] = ['body', 'cookie'];

const IsRefreshTokenIn = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      enum: REFRESH_TOKEN_IN,
      default: 'body',
      description:
        'Where the refresh token goes: into the answer, or into a cookie that no script of the page can read.',
    }),
    ValidateIf((_input, value) => value !== undefined),
    IsIn(REFRESH_TOKEN_IN, { message: 'must be body or cookie' }),
  );

export class RegisterDto implements Register {
  @IsUsername()
  @Matches(/^(?!all$)/i, { message: 'must not be "all", which mentions everybody' })
  username: string;

  @IsNewPassword()
  password: string;

  @ApiPropertyOptional({
    example: 'Ada Lovelace',
    minLength: 1,
    maxLength: LIMITS.displayNameMax,
    description: 'The username, if it is left out.',
  })
  @ValidateIf((_input, value) => value !== undefined)
  @IsText({ min: 1, max: LIMITS.displayNameMax, singleLine: true })
  displayName?: string;

  @IsRefreshTokenIn()
  refreshTokenIn?: RefreshTokenIn;
}

export class LoginDto implements Login {
  @IsUsername()
  username: string;

  @IsPassword()
  password: string;

  @IsRefreshTokenIn()
  refreshTokenIn?: RefreshTokenIn;
}

export class RefreshDto implements Refresh {
  @ApiPropertyOptional({
    example: REFRESH_TOKEN_EXAMPLE,
    minLength: 1,
    maxLength: REFRESH_TOKEN_MAX_LENGTH,
    description: 'The one in the cookie, if it is left out.',
  })
  @ValidateIf((_input, value) => value !== undefined)
  @IsText({ min: 1, max: REFRESH_TOKEN_MAX_LENGTH })
  refreshToken?: string;
}

export class ChangePasswordDto implements ChangePassword {
  @IsPassword()
  currentPassword: string;

  @IsNewPassword()
  newPassword: string;
}
