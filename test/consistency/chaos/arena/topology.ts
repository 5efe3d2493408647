/** What a run is made of. */
export interface Topology {
  /** Server processes; two of them share an external database and hear one another by PostgreSQL. */
  nodes: 1 | 2;
  /** PostgreSQL in the server's data folder, or one beside it. */
  database: 'embedded' | 'external';
  /** Whether the servers reach an external database by way of a link. */
  databaseLink: boolean;
  env: Readonly<Record<string, string>>;
  /** Modules that every server process loads first. */
  preloads: readonly string[];
}

export const PLAIN_TOPOLOGY: Topology = {
  nodes: 1,
  database: 'external',
  databaseLink: false,
  env: {},
  preloads: [],
};
