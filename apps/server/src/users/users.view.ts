import type { ProfileView, UserView } from '@parley/contracts';
import type { UserEntity } from './entities/user.entity.js';

/** A person as everybody may see them. */
export function toUserView(user: Pick<UserEntity, 'id' | 'username' | 'displayName' | 'createdAt'>): UserView {
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    createdAt: user.createdAt.toISOString(),
  };
}

/** One's own profile. */
export function toProfileView(user: UserEntity): ProfileView {
  return { ...toUserView(user), readReceipts: user.readReceipts, updatedAt: user.updatedAt.toISOString() };
}
