import type { Page, UserView } from '@parley/contracts';
import type { Http } from './http.js';

/** Other people. */
export class Users {
  constructor(private readonly http: Http) {}

  /** Those whose username or display name begins with `query`. */
  search(query: string, { cursor, limit }: { cursor?: string; limit?: number } = {}): Promise<Page<UserView>> {
    return this.http.get('/users', { query, cursor, limit });
  }

  /** @throws ParleyError `user_not_found` */
  get(userId: string): Promise<UserView> {
    return this.http.get(`/users/${userId}`);
  }

  /** Neither of the two can write to the other alone any more, or sees whether the other is there. */
  async block(userId: string): Promise<void> {
    await this.http.ask('PUT', `/users/me/blocks/${userId}`);
  }

  async unblock(userId: string): Promise<void> {
    await this.http.ask('DELETE', `/users/me/blocks/${userId}`);
  }

  listBlocked({ cursor, limit }: { cursor?: string; limit?: number } = {}): Promise<Page<UserView>> {
    return this.http.get('/users/me/blocks', { cursor, limit });
  }
}
