import { escapeLiteral } from 'pg';
import type { DataSource } from 'typeorm';

export interface Statement {
  sql: string;
  parameters: readonly unknown[];
}

/** The SQL that a data source sends while `work` runs; the server's upkeep is among it. */
export async function statementsDuring(dataSource: DataSource, work: () => Promise<unknown>): Promise<string[]> {
  return (await recordStatements(dataSource, work)).map(({ sql }) => sql);
}

/** The same, with the parameters of each statement. */
export async function recordStatements(dataSource: DataSource, work: () => Promise<unknown>): Promise<Statement[]> {
  const { logger } = dataSource;
  const statements: Statement[] = [];
  dataSource.logger = {
    logQuery: (sql, parameters: unknown) =>
      statements.push({ sql, parameters: Array.isArray(parameters) ? parameters : [] }),
    logQueryError: () => undefined,
    logQuerySlow: () => undefined,
    logSchemaBuild: () => undefined,
    logMigration: () => undefined,
    log: () => undefined,
  };
  await work().finally(() => (dataSource.logger = logger));
  return statements;
}

/** One step of a query plan as it was carried out. */
export interface PlanStep {
  type: string;
  table: string | undefined;
  /** Rows read in one round, kept or not. */
  rows: number;
}

/**
 * Carries the queries out once more, each in the settings that were made before it, and says how: by the plan
 * that PostgreSQL makes for a prepared query, without looking at what is asked for.
 */
export async function explain(dataSource: DataSource, statements: readonly Statement[]): Promise<PlanStep[]> {
  return dataSource.transaction(async (manager) => {
    await manager.query('SET LOCAL plan_cache_mode = force_generic_plan');
    const steps: PlanStep[] = [];
    for (const { sql, parameters } of statements) {
      for (const [setting] of sql.matchAll(/SET LOCAL \w+ = \w+/g)) await manager.query(setting);
      if (!/^\s*(SELECT|WITH)\b/.test(sql)) continue;
      // Without the comment at its end by which a connection knows it.
      await manager.query(`PREPARE explained AS ${sql.replace(/\/\*[^*]*\*\/$/, '')}`);
      const values = parameters.length === 0 ? '' : `(${parameters.map(toLiteral).join(', ')})`;
      const [row]: { 'QUERY PLAN': { Plan: PlanNode }[] }[] = await manager.query(
        `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained${values}`,
      );
      await manager.query('DEALLOCATE explained');
      for (const { Plan } of row?.['QUERY PLAN'] ?? []) collect(Plan, steps);
    }
    return steps;
  });
}

/** Texts, numbers and ids, and arrays of numbers and ids: as text, so that PostgreSQL finds out the type. */
function toLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (!Array.isArray(value)) return escapeLiteral(typeof value === 'string' ? value : JSON.stringify(value));
  return escapeLiteral(`{${value.map((item) => (item === null ? 'NULL' : String(item))).join(',')}}`);
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

function collect(node: PlanNode, steps: PlanStep[]): void {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  steps.push({ type: node['Node Type'], table: node['Relation Name'], rows: node['Actual Rows'] + removed });
  for (const child of node.Plans ?? []) collect(child, steps);
}
