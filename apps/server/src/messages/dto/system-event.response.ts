import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { LIMITS, type Role, type SystemEvent } from '@parley/contracts';

/** The event of this name. */
type Told<N extends SystemEvent['event']> = Extract<SystemEvent, { event: N }>;

const TITLE = { example: 'Analytical engines', maxLength: LIMITS.titleMax };

const PEOPLE: ApiPropertyOptions = {
  type: 'array',
  items: { type: 'string', format: 'uuid', example: '0192f0bf-5c2e-7f00-a1b2-c3d4e5f60718' },
  maxItems: LIMITS.memberIdsPerRequestMax,
  description: 'The people concerned.',
};

export class GroupCreatedResponse implements Told<'group_created'> {
  @ApiProperty({ enum: ['group_created'] })
  event: 'group_created';

  @ApiProperty(TITLE)
  title: string;

  @ApiProperty(PEOPLE)
  userIds: string[];
}

export class TitleChangedResponse implements Told<'title_changed'> {
  @ApiProperty({ enum: ['title_changed'] })
  event: 'title_changed';

  @ApiProperty(TITLE)
  title: string;
}

type AboutPeople = 'members_added' | 'member_removed' | 'member_left' | 'ownership_transferred';

export class PeopleEventResponse {
  @ApiProperty({ enum: ['members_added', 'member_removed', 'member_left', 'ownership_transferred'] })
  event: Told<AboutPeople>['event'];

  @ApiProperty(PEOPLE)
  userIds: string[];
}

export class RoleChangedResponse implements Told<'role_changed'> {
  @ApiProperty({ enum: ['role_changed'] })
  event: 'role_changed';

  @ApiProperty(PEOPLE)
  userIds: string[];

  @ApiProperty({ enum: ['admin', 'member'], description: 'The role that they have now.' })
  role: Exclude<Role, 'owner'>;
}

/** What a system message may tell. */
export const SYSTEM_EVENTS = [
  GroupCreatedResponse,
  TitleChangedResponse,
  PeopleEventResponse,
  RoleChangedResponse,
] as const;
