import { Module } from '@nestjs/common';
import { UsersAccess } from './users.access.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/** Profiles, search and blocks. */
@Module({
  controllers: [UsersController],
  providers: [UsersAccess, UsersService],
  exports: [UsersAccess],
})
export class UsersModule {}
