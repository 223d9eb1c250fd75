/** Changes of definitions, picked and filled in by a seed, each as the statements that make it. */
import type { Random } from '../../../local/fleet/random.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';

/** Of which engines the tables of a database are. */
export const mixtures = ['InnoDB', 'MyISAM', 'mixed'] as const;
export type Mixture = (typeof mixtures)[number];

export interface Subject {
  readonly version: VersionName;
  readonly mixture: Mixture;
  readonly random: Random;
  /** Another database of the same server. */
  readonly other: string;
  readonly database: string;
}

export interface Change {
  readonly name: string;
  readonly statements: readonly string[];
}

export const smallTables = ['m_0', 'm_1', 'm_2', 'm_3'] as const;
export const partitioned = 'p_parts';
const rowsOfTable = 50;

export function engineFor({ mixture, random }: Subject): string {
  return mixture === 'mixed' ? random.pick(['InnoDB', 'MyISAM', 'MEMORY']) : mixture;
}

export function partitionedEngine({ version, mixture }: Subject): string {
  return mixture === 'MyISAM' && (version === 'mysql-5.5' || version === 'mysql-5.6') ? 'MyISAM' : 'InnoDB';
}

/** A table with one generation of rows; every state of a database is told by these numbers. */
export function tableWith(name: string, generation: number, engine: string, options = ''): string[] {
  return [`CREATE TABLE ${name} (id INT NOT NULL PRIMARY KEY, generation INT NOT NULL, filler CHAR(40) NOT NULL DEFAULT 'x') ENGINE=${engine} ${options}`, rowsOf(name, generation)];
}

function rowsOf(name: string, generation: number, from = 0): string {
  const rows = Array.from({ length: rowsOfTable }, (_, index) => `(${from + index}, ${generation})`);
  return `INSERT INTO ${name} (id, generation) VALUES ${rows.join(', ')}`;
}

export const partitions = 'PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (1000), PARTITION p1 VALUES LESS THAN (2000), PARTITION p2 VALUES LESS THAN MAXVALUE)';

/** Those that the server knows. @param n numbers the change, and the rows that it makes */
export function pickChange(subject: Subject, n: number): Change {
  const names = Object.keys(changes).filter((name) => !(unknownTo[subject.version] ?? []).includes(name));
  const name = subject.random.pick(names);
  return { name, statements: changes[name]?.(subject, n) ?? [] };
}

const unknownTo: Readonly<Partial<Record<VersionName, readonly string[]>>> = {
  'mysql-5.5': ['exchange a partition', 'alter in place', 'alter instantly'],
  'mysql-5.6': ['alter instantly'],
  'mysql-5.7': ['alter instantly'],
};

type Make = (subject: Subject, n: number) => string[];

const changes: Readonly<Record<string, Make>> = {
  'truncate': (subject, n) => {
    const table = subject.random.pick(smallTables);
    return [`TRUNCATE TABLE ${table}`, rowsOf(table, n)];
  },
  'truncate a partition': (_, n) => [`ALTER TABLE ${partitioned} TRUNCATE PARTITION p1`, rowsOf(partitioned, n, 1000)],
  'exchange a partition': (subject, n) => [
    ...tableWith('x_exchange', n, partitionedEngine(subject)),
    `ALTER TABLE ${partitioned} EXCHANGE PARTITION p0 WITH TABLE x_exchange`,
    'DROP TABLE x_exchange',
  ],
  'alter by copy': ({ version, random }, n) => [`ALTER TABLE ${random.pick(smallTables)} ADD COLUMN c${n} INT NOT NULL DEFAULT 1${version === 'mysql-5.5' ? '' : ', ALGORITHM=COPY'}`],
  'alter in place': ({ random }, n) => [`ALTER TABLE ${random.pick(smallTables)} ADD INDEX i${n} (generation)`],
  'alter instantly': ({ random }, n) => [`ALTER TABLE ${random.pick(smallTables)} ADD COLUMN c${n} INT DEFAULT 3`],
  'swap by rename': (subject, n) => {
    const table = subject.random.pick(smallTables);
    return [...tableWith('y_new', n, engineFor(subject)), `RENAME TABLE ${table} TO y_old, y_new TO ${table}`, 'DROP TABLE y_old'];
  },
  'swap two tables': () => [`RENAME TABLE ${smallTables[0]} TO y_held, ${smallTables[1]} TO ${smallTables[0]}, y_held TO ${smallTables[1]}`],
  'drop and create': (subject, n) => {
    const table = subject.random.pick(smallTables);
    return [`DROP TABLE ${table}`, ...tableWith(table, n, engineFor(subject))];
  },
  'drop and create of another engine': ({ random }, n) => {
    const table = random.pick(smallTables);
    return [`DROP TABLE ${table}`, ...tableWith(table, n, random.pick(['MyISAM', 'MEMORY']))];
  },
  'optimize': ({ random }) => [`OPTIMIZE TABLE ${random.pick(smallTables)}`],
  'repair': ({ random }) => [`REPAIR TABLE ${random.pick(smallTables)}`],
  'another engine': ({ random }, n) => {
    const table = random.pick(smallTables);
    return [`ALTER TABLE ${table} ENGINE=${random.pick(['MyISAM', 'InnoDB'])}`, `UPDATE ${table} SET generation = ${n}`];
  },
  'rename in from another database': ({ random, other }, n) => {
    const table = random.pick(smallTables);
    return [...tableWith(`${other}.incoming`, n, 'MyISAM'), `RENAME TABLE ${table} TO ${other}.outgoing, ${other}.incoming TO ${table}`, `DROP TABLE ${other}.outgoing`];
  },
  'a new table': (subject, n) => tableWith(`n_${n}`, n, engineFor(subject)),
  'another view': (_, n) => [`CREATE OR REPLACE SQL SECURITY INVOKER VIEW v AS SELECT ${n} AS generation`],
  'a new view': ({ random }, n) => [`CREATE SQL SECURITY INVOKER VIEW w_${n} AS SELECT generation FROM ${random.pick(smallTables)}`],
  'a new trigger': ({ random }, n) => [`CREATE TRIGGER r_${n} BEFORE DELETE ON ${random.pick(smallTables)} FOR EACH ROW SET @n = ${n}`],
  'another function': (_, n) => ['DROP FUNCTION f', `CREATE FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN ${n}`],
  'rows of two tables': ({ mixture }, n) => {
    const updates = [smallTables[0], smallTables[3]].map((table) => `UPDATE ${table} SET generation = ${n}`);
    return mixture === 'InnoDB' ? [`BEGIN; ${updates.join('; ')}; COMMIT`] : [];
  },
};
