import type { DataSource, EntityManager } from 'typeorm';

/**
 * Reads several things as they were at one moment. Checking first and reading a moment later would
 * show somebody who is removed in between what came after the removal.
 */
export function readSnapshot<T>(dataSource: DataSource, read: (db: EntityManager) => Promise<T>): Promise<T> {
  return dataSource.transaction('REPEATABLE READ', read);
}
