import { uuidv7 } from 'uuidv7';

/** A new UUIDv7: ids are made by the application, so that every supported PostgreSQL will do. */
export function newId(): string {
  return uuidv7();
}
