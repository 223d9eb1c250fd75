/** Changes of single rows, by the types of their columns: each leaves a table that is not the source's. */
import type { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import { textLiteral } from '../../../core/sql-text.ts';

export interface RowMutation {
  readonly kind: string;
  readonly table: string;
  readonly sql: readonly string[];
}

interface Column {
  readonly t: string;
  readonly c: string;
  readonly type: string;
  readonly length: string | number | null;
  readonly nullable: string;
  readonly k: string;
}

/**
 * All within a transaction that is rolled back.
 * @param rows of each table with a key of one number; of another table the first row that a change fits
 */
export async function rowMutations(session: MysqlSession, database: string, rows: number): Promise<RowMutation[]> {
  const columns = await session.query<Column>(
    `SELECT c.TABLE_NAME AS t, COLUMN_NAME AS c, DATA_TYPE AS type, CHARACTER_MAXIMUM_LENGTH AS length, IS_NULLABLE AS nullable, COLUMN_KEY AS k FROM information_schema.COLUMNS c JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)
     WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME <> '_aurora_ferry_import' ORDER BY c.TABLE_NAME, ORDINAL_POSITION`,
  );
  const mutations: RowMutation[] = [];
  for (const table of new Set(columns.map(({ t }) => t))) {
    const own = columns.filter(({ t }) => t === table);
    const name = `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
    mutations.push(...wholeRows(table, name, own));
    for (const where of await rowConditions(session, name, own, rows)) {
      for (const column of own) mutations.push(...valueChanges(table, name, column, where), ...swaps(table, name, column, own));
    }
  }
  return mutations;
}

async function rowConditions(session: MysqlSession, name: string, columns: readonly Column[], rows: number): Promise<string[]> {
  const keys = columns.filter(({ k }) => k === 'PRI');
  const [key] = keys;
  if (key === undefined || keys.length > 1 || !key.type.endsWith("int")) return ['TRUE'];
  const found = await session.query<{ k: string | number }>(`SELECT ${quoteIdentifier(key.c)} AS k FROM ${name} ORDER BY 1 LIMIT ${rows}`);
  return found.map(({ k }) => `${quoteIdentifier(key.c)} = ${k}`);
}

function wholeRows(table: string, name: string, columns: readonly Column[]): RowMutation[] {
  const all = columns.map(({ c }) => quoteIdentifier(c)).join(', ');
  const twins = columns.some(({ k }) => k !== '') ? [] : [{ kind: 'row twice', table, sql: [`INSERT INTO ${name} (${all}) SELECT ${all} FROM ${name} LIMIT 1`] }];
  return [{ kind: 'row removed', table, sql: [`DELETE FROM ${name} LIMIT 1`] }, ...twins];
}

function valueChanges(table: string, name: string, { c, type, length, nullable }: Column, where: string): RowMutation[] {
  const column = quoteIdentifier(c);
  const change = (kind: string, value: string, condition: string): RowMutation => ({ kind, table, sql: [`UPDATE ${name} SET ${column} = ${value} WHERE ${where} AND ${condition} LIMIT 1`] });
  const changes: RowMutation[] = [];
  if (/char$|text$/.test(type)) changes.push(change('case', `IF(BINARY UPPER(${column}) = BINARY ${column}, LOWER(${column}), UPPER(${column}))`, `BINARY UPPER(${column}) <> BINARY LOWER(${column}) AND LENGTH(UPPER(${column})) = LENGTH(${column})`));
  if (/^varchar$|text$/.test(type)) changes.push(change('trailing space', `CONCAT(${column}, ' ')`, `CHAR_LENGTH(${column}) < ${length ?? 0}`));
  if (/blob$|binary$/.test(type)) changes.push(change('byte', `CONCAT(CHAR(ORD(LEFT(${column}, 1)) ^ 1), SUBSTRING(${column}, 2))`, `LENGTH(${column}) > 0`));
  if (type.endsWith("blob")) changes.push(change('last byte', `CONCAT(LEFT(${column}, LENGTH(${column}) - 1), CHAR(ORD(RIGHT(${column}, 1)) ^ 128))`, `LENGTH(${column}) > 0`));
  if (/int$|^decimal$|^year$/.test(type)) changes.push(change('number', `IF(${column} > 0, ${column} - 1, ${column} + 1)`, `${column} IS NOT NULL`));
  if (/^float$|^double$/.test(type)) changes.push(change('number', `IF(${column} = 0, 1, ${column} / 2)`, `${column} IS NOT NULL AND (${column} = 0 OR ABS(${column}) > 0.01)`));
  if (type === 'bit') changes.push(change('bit', `${column} ^ 1`, `${column} IS NOT NULL`));
  if (/^date|^timestamp$/.test(type)) changes.push(change('time', "'2001-02-03 00:00:00'", `${column} <> '2001-02-03 00:00:00'`));
  if (type === 'time') changes.push(change('time', "'00:00:07'", `${column} <> '00:00:07'`));
  if (type === 'enum') changes.push(change('member', `IF(${column} + 0 = 1, 2, 1)`, `${column} IS NOT NULL`));
  if (type === 'set') changes.push(change('member', `(${column} + 0) ^ 1`, `${column} IS NOT NULL`));
  if (nullable === 'YES') {
    changes.push(change('value to NULL', 'NULL', `${column} IS NOT NULL`));
    if (/char$|text$|blob$|binary$/.test(type)) changes.push(change('NULL to empty', "''", `${column} IS NULL`));
    if (/int$|^decimal$|^float$|^double$/.test(type)) changes.push(change('NULL to 0', '0', `${column} IS NULL`));
  }
  return changes;
}

/** The values of one column exchanged between two rows: the table has all its values, and not its rows. */
function swaps(table: string, name: string, { c, type }: Column, columns: readonly Column[]): RowMutation[] {
  const key = columns.find(({ k, type: keyType }) => k === 'PRI' && keyType.endsWith("int"));
  const isAlone = columns.filter(({ k }) => k === 'PRI').length === 1;
  if (key === undefined || !isAlone || key.c === c || !/char$|int$|text$|blob$/.test(type)) return [];
  const [id, column] = [quoteIdentifier(key.c), quoteIdentifier(c)];
  const pair = `SELECT a.${id}, b.${id} INTO @one, @two FROM ${name} a JOIN ${name} b ON a.${id} < b.${id} AND NOT (HEX(a.${column}) <=> HEX(b.${column})) LIMIT 1`;
  const values = `SELECT MAX(IF(${id} = @one, ${column}, NULL)), MAX(IF(${id} = @two, ${column}, NULL)) INTO @first, @second FROM ${name} WHERE ${id} IN (@one, @two)`;
  return [{ kind: 'two values swapped', table, sql: ['SET @one = NULL, @two = NULL', pair, values, `UPDATE ${name} SET ${column} = IF(${id} = @one, @second, @first) WHERE ${id} IN (@one, @two)`] }];
}
