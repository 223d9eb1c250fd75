/** Changes of single objects of a target, each with what takes it back. */
import type { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import { textLiteral } from '../../../core/sql-text.ts';

export interface ObjectMutation {
  readonly kind: string;
  /** Stands in what the verification says. */
  readonly names: string;
  readonly sql: readonly string[];
  readonly undo: readonly string[];
}

type Row = Readonly<Record<string, string | number | null>>;

export async function objectMutations(session: MysqlSession, database: string): Promise<ObjectMutation[]> {
  const mutations = await databaseMutations(session, database);
  const tables = await session.query<Row>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, TABLE_COLLATION AS collation, AUTO_INCREMENT AS counter FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_NAME <> '_aurora_ferry_import'`,
  );
  for (const table of tables) {
    const name = String(table['name']);
    const isView = table['type'] === 'VIEW';
    const [shown = {}] = await session.query<Row>(`SHOW CREATE ${isView ? 'VIEW' : 'TABLE'} ${quoteIdentifier(name)}`);
    mutations.push(...(isView ? viewMutations(name, shown) : tableMutations(table, String(shown['Create Table']))));
  }
  for (const [kind, sql, column] of [
    ['TRIGGER', `SHOW TRIGGERS FROM ${quoteIdentifier(database)}`, 'Trigger'],
    ['PROCEDURE', `SHOW PROCEDURE STATUS WHERE Db = ${textLiteral(database)}`, 'Name'],
    ['FUNCTION', `SHOW FUNCTION STATUS WHERE Db = ${textLiteral(database)}`, 'Name'],
    ['EVENT', `SHOW EVENTS FROM ${quoteIdentifier(database)}`, 'Name'],
  ] as const) {
    for (const row of await session.query<Row>(sql)) {
      const name = String(row[column]);
      const [shown = {}] = await session.query<Row>(`SHOW CREATE ${kind} ${quoteIdentifier(name)}`);
      mutations.push(...programMutations(kind, name, shown));
    }
  }
  return mutations;
}

async function databaseMutations(session: MysqlSession, database: string): Promise<ObjectMutation[]> {
  const [row = {}] = await session.query<Row>(`SELECT DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${textLiteral(database)}`);
  const alter = (collation: string): string => `ALTER DATABASE ${quoteIdentifier(database)} COLLATE ${collation}`;
  const before = String(row['collation']);
  return [
    { kind: 'default collation of the database', names: 'database, collation', sql: [alter(otherCollation(before))], undo: [alter(before)] },
    { kind: 'table too many', names: 'table zz_more', sql: ['CREATE TABLE zz_more (a INT)'], undo: ['DROP TABLE zz_more'] },
    { kind: 'view too many', names: 'view zz_more', sql: ['CREATE VIEW zz_more AS SELECT 1'], undo: ['DROP VIEW zz_more'] },
    { kind: 'routine too many', names: 'procedure zz_more', sql: ['CREATE PROCEDURE zz_more() DO 1'], undo: ['DROP PROCEDURE zz_more'] },
    { kind: 'event too many', names: 'event zz_more', sql: ["CREATE EVENT zz_more ON SCHEDULE AT '2037-01-01' DISABLE DO DO 1"], undo: ['DROP EVENT zz_more'] },
  ];
}

function otherCollation(collation: string): string {
  const characterSet = collation.replace(/_.*/, '');
  return collation.endsWith('_bin') ? `${characterSet}_general_ci` : `${characterSet}_bin`;
}

function tableMutations(table: Row, text: string): ObjectMutation[] {
  const name = String(table['name']);
  const alter = (change: string): string => `ALTER TABLE ${quoteIdentifier(name)} ${change}`;
  const lines = text.split('\n').filter((line) => line.startsWith('  ')).map((line) => line.trim().replace(/,$/, ''));
  const columns = lines.filter((line) => line.startsWith('`'));
  const collation = String(table['collation']);
  const mutations: ObjectMutation[] = [
    { kind: 'default collation of a table', names: `table ${name}, collation`, sql: [alter(`COLLATE ${otherCollation(collation)}`)], undo: [alter(`COLLATE ${collation}`)] },
    { kind: 'column too many', names: `column ${name}.zz_more`, sql: [alter('ADD COLUMN zz_more INT')], undo: [alter('DROP COLUMN zz_more')] },
    { kind: 'index too many', names: `index ${name}.zz_more`, sql: [alter(`ADD KEY zz_more ((1 + 1))`)], undo: [alter('DROP KEY zz_more')] },
    { kind: 'trigger too many', names: 'trigger zz_more', sql: [`CREATE TRIGGER zz_more AFTER DELETE ON ${quoteIdentifier(name)} FOR EACH ROW DO 1`], undo: ['DROP TRIGGER zz_more'] },
    ...columns.flatMap((line, index) => columnMutations(name, line, columns[index - 1], collation)),
    ...lines.filter((line) => /^(?:UNIQUE |FULLTEXT |SPATIAL )?KEY /.test(line)).flatMap((line) => indexMutations(name, line)),
    ...lines.filter((line) => line.startsWith('CONSTRAINT') && line.includes(' FOREIGN KEY ')).flatMap((line) => foreignKeyMutations(name, line)),
    ...partitionMutations(name, text),
  ];
  const counter = /\bAUTO_INCREMENT=(\d+)/.exec(text)?.[1];
  if (counter !== undefined) mutations.push({ kind: 'counter', names: `table ${name}, auto-increment`, sql: [alter(`AUTO_INCREMENT = ${BigInt(counter) + 1n}`)], undo: [alter(`AUTO_INCREMENT = ${counter}`)] });
  if (!/\bCOMMENT='[^\n]*$/.test(text)) mutations.push({ kind: 'comment of a table', names: `table ${name}, comment`, sql: [alter("COMMENT 'changed'")], undo: [alter("COMMENT ''")] });
  return mutations;
}

function columnMutations(table: string, line: string, previous: string | undefined, tableCollation: string): ObjectMutation[] {
  const quoted = /^`(?:[^`]|``)+`/.exec(line)?.[0] ?? '';
  const names = `column ${table}.${quoted.slice(1, -1).replaceAll('``', '`')}`;
  const alter = (change: string): string => `ALTER TABLE ${quoteIdentifier(table)} ${change}`;
  const definition = line.slice(quoted.length);
  const mutations: ObjectMutation[] = [];
  const modify = (kind: string, attribute: string, changed: string): void => {
    if (changed === definition) return;
    mutations.push({ kind, names: `${names}, ${attribute}`, sql: [alter(`MODIFY ${quoted}${changed}`)], undo: [alter(`MODIFY ${line}`)] });
  };
  modify('nullability', 'null', definition.replace(' NOT NULL', ' NULL'));
  modify('type', 'type', definition.replace(/^ (tinyint|smallint|int)\b/, (_whole, type: string) => ({ tinyint: ' smallint', smallint: ' int', int: ' bigint' })[type] ?? '').replace(/^ varchar\((\d+)\)/, (_whole, length: string) => ` varchar(${Number(length) + 1})`).replace(/^ decimal\((\d+),/, (_whole, digits: string) => ` decimal(${Math.min(65, Number(digits) + 1)},`));
  modify('default', 'default', definition.includes(' DEFAULT NULL') ? definition.replace(' DEFAULT NULL', /^ (?:\w*int|decimal)\b/.test(definition) ? " DEFAULT '5'" : / ^ (?:var)?char/.test(definition) ? " DEFAULT 'changed'" : ' DEFAULT NULL') : definition.replace(/ DEFAULT '(?:[^']|'')*'/, ''));
  modify('bytes of a default', 'default', /^ (?:var)?binary/.test(definition) ? withOtherByte(definition) : definition);
  modify('member of a default', 'default', definition.replace(/^( enum\('a','b'\) CHARACTER SET binary .*DEFAULT )'a'/, "$1'b'"));
  modify('automatic time', 'extra', definition.replace(' ON UPDATE CURRENT_TIMESTAMP', ''));
  if (!definition.includes(' COMMENT ')) modify('comment of a column', 'comment', `${definition} COMMENT 'changed'`);
  if (/^ (?:(?:var)?char\(|\w*text|enum|set)/.test(definition)) modify('collation', 'collation', recollated(definition, tableCollation));
  mutations.push({ kind: 'column renamed', names, sql: [alter(`CHANGE ${quoted} zz_other${definition}`)], undo: [alter(`CHANGE zz_other ${line}`)] });
  const before = previous === undefined ? undefined : /^`(?:[^`]|``)+`/.exec(previous)?.[0];
  if (before !== undefined) mutations.push({ kind: 'order of columns', names: `column ${table}.`, sql: [alter(`MODIFY ${line} FIRST`)], undo: [alter(`MODIFY ${line} AFTER ${before}`)] });
  return mutations;
}

/** The last of a default that is not padding. */
function withOtherByte(definition: string): string {
  const next = (character: string): string => String.fromCharCode(character.charCodeAt(0) + 1);
  return definition
    .replace(/( DEFAULT 0x[0-9A-F]*?)([0-8A-E])(?=(?:00)*(?: |$))/, (_whole, start: string, digit: string) => `${start}${((Number.parseInt(digit, 16) + 1) % 16).toString(16)}`)
    .replace(/( DEFAULT '[^']*?)([A-Za-y0-8])(?=(?:\\0)*')/, (_whole, start: string, last: string) => `${start}${next(last)}`);
}

function recollated(definition: string, tableCollation: string): string {
  const characterSet = / CHARACTER SET (\w+)/.exec(definition)?.[1] ?? tableCollation.replace(/_.*/, '');
  const collation = / COLLATE (\w+)/.exec(definition)?.[1] ?? (definition.includes(' CHARACTER SET ') ? `${characterSet}_general_ci` : tableCollation);
  const bare = definition.replace(/ CHARACTER SET \w+/, '').replace(/ COLLATE \w+/, '');
  return bare.replace(/^( (?:(?:enum|set)\((?:'(?:[^']|'')*',?)*\)|\w+(?:\(\d+\))?))/, `$1 CHARACTER SET ${characterSet} COLLATE ${otherCollation(collation)}`);
}

function indexMutations(table: string, line: string): ObjectMutation[] {
  const alter = (change: string): string => `ALTER TABLE ${quoteIdentifier(table)} ${change}`;
  const quoted = /`(?:[^`]|``)+`/.exec(line)?.[0] ?? '';
  const names = `index ${table}.${quoted.slice(1, -1).replaceAll('``', '`')}`;
  const undo = [alter(`DROP KEY ${quoted}, ADD ${line}`)];
  const mutations: ObjectMutation[] = [{ kind: 'index dropped', names, sql: [alter(`DROP KEY ${quoted}`)], undo: [alter(`ADD ${line}`)] }];
  if (line.startsWith('UNIQUE')) mutations.push({ kind: 'index not unique', names: `${names}, kind`, sql: [alter(`DROP KEY ${quoted}, ADD ${line.replace('UNIQUE ', '')}`)], undo });
  if (/\((\d+)\)/.test(line)) mutations.push({ kind: 'prefix of an index', names: `${names}, columns`, sql: [alter(`DROP KEY ${quoted}, ADD ${line.replace(/\((\d+)\)/, (_whole, length: string) => `(${Number(length) - 1})`)}`)], undo });
  if (/^(?:UNIQUE )?KEY .*`\)$/.test(line)) mutations.push({ kind: 'order of an index', names: `${names}, columns`, sql: [alter(`DROP KEY ${quoted}, ADD ${line.replace(/`\)$/, '` DESC)')}`)], undo });
  return mutations;
}

function foreignKeyMutations(table: string, line: string): ObjectMutation[] {
  const alter = (change: string): string => `ALTER TABLE ${quoteIdentifier(table)} ${change}`;
  const quoted = /`(?:[^`]|``)+`/.exec(line)?.[0] ?? '';
  const names = `foreign key ${table}.${quoted.slice(1, -1)}`;
  const changed = line.includes(' ON DELETE ') ? line.replace(/ ON DELETE (?:CASCADE|SET NULL|RESTRICT|NO ACTION)/, '') : line.replace(/(REFERENCES `[^`]+` \([^)]*\))/, '$1 ON DELETE CASCADE');
  return [
    { kind: 'foreign key dropped', names, sql: [alter(`DROP FOREIGN KEY ${quoted}`)], undo: [alter(`ADD ${line}`)] },
    { kind: 'rule of a foreign key', names: `${names}, on delete`, sql: [alter(`DROP FOREIGN KEY ${quoted}`), alter(`ADD ${changed}`)], undo: [alter(`DROP FOREIGN KEY ${quoted}`), alter(`ADD ${line}`)] },
  ];
}

function partitionMutations(table: string, text: string): ObjectMutation[] {
  const clause = /\/\*!\d+ (PARTITION BY[^]*)\*\/\s*$/.exec(text)?.[1];
  if (clause === undefined) return [];
  const alter = (change: string): string => `ALTER TABLE ${quoteIdentifier(table)} ${change}`;
  const undo = [alter(clause)];
  const changes = [
    ['partitions removed', 'REMOVE PARTITIONING'],
    ['number of partitions', clause.replace(/PARTITIONS (\d+)/, (_whole, number: string) => `PARTITIONS ${Number(number) + 1}`)],
    ['values of a partition', clause.replace(/VALUES LESS THAN \((\d+)\)/, (_whole, value: string) => `VALUES LESS THAN (${Number(value) + 1})`)],
    ['name of a partition', clause.replace(/PARTITION (\w+) VALUES/, 'PARTITION zz_other VALUES')],
    ['expression of partitions', clause.replace(/% (\d+)/, (_whole, number: string) => `% ${Number(number) + 1}`)],
    ['bytes of partitions', clause.replace(/_binary 0x61/, '_binary 0x62')],
    ['high bytes of partitions', clause.replace(/_binary 0xFF27/, '_binary 0xFF28')],
    ['method of partitions', clause.replace(/BY HASH/, 'BY LINEAR HASH')],
  ] as const;
  return changes.filter(([, change]) => change !== clause).map(([kind, change]) => ({ kind, names: `partition ${table}.`, sql: [alter(change)], undo }));
}

function viewMutations(name: string, shown: Row): ObjectMutation[] {
  const text = String(shown['Create View']);
  const make = (sql: string): string[] => [...settingsOf(shown), sql, 'SET NAMES utf8mb4'];
  const replace = (sql: string): string[] => make(sql.replace(/^CREATE /, 'CREATE OR REPLACE '));
  const undo = replace(text);
  return [
    { kind: 'view dropped', names: `view ${name}`, sql: [`DROP VIEW ${quoteIdentifier(name)}`], undo: make(text) },
    { kind: 'body of a view', names: `view ${name}, definition`, sql: replace(text.replace(/(?: limit \d+)?( WITH \w+ CHECK OPTION)?$/, (_whole, check: string | undefined) => (check === undefined ? ' limit 4711' : ` and (1 = 1)${check}`))), undo },
    ...(text.includes("'a b'") ? [{ kind: 'blank in a literal of a view', names: `view ${name}, definition`, sql: replace(text.replace("'a b'", "'ab'")), undo }] : []),
    ...(text.includes("'`variety`.t'") ? [{ kind: 'name in a literal of a view', names: `view ${name}, definition`, sql: replace(text.replace("'`variety`.t'", "'t'")), undo }] : []),
    { kind: 'security of a view', names: `view ${name}, security`, sql: replace(text.replace(/SQL SECURITY \w+/, (security) => (security.endsWith('DEFINER') ? 'SQL SECURITY INVOKER' : 'SQL SECURITY DEFINER'))), undo },
    { kind: 'definer of a view', names: `view ${name}, definer`, sql: replace(text.replace(/DEFINER=`[^`]*`@`[^`]*`/, 'DEFINER=`ferry`@`%`')), undo },
    { kind: 'check option of a view', names: `view ${name}, check`, sql: replace(text.endsWith(" CHECK OPTION") ? text.replace(/ WITH \w+ CHECK OPTION$/, '') : `${text} WITH CASCADED CHECK OPTION`), undo },
  ];
}

/** The session in which the object was made. */
function settingsOf(shown: Row): string[] {
  return [`SET character_set_client = ${String(shown['character_set_client'])}`, `SET collation_connection = ${String(shown['collation_connection'])}`];
}

/** Triggers, routines and events: dropped and made again. */
function programMutations(kind: 'TRIGGER' | 'PROCEDURE' | 'FUNCTION' | 'EVENT', name: string, shown: Row): ObjectMutation[] {
  const text = String(shown['SQL Original Statement'] ?? shown[`Create ${kind.charAt(0)}${kind.slice(1).toLowerCase()}`]);
  const mode = String(shown['sql_mode']);
  const names = `${kind.toLowerCase()} ${name}`;
  const drop = `DROP ${kind} ${quoteIdentifier(name)}`;
  const settings = [...settingsOf(shown), ...(shown['time_zone'] === undefined ? [] : [`SET time_zone = '${String(shown['time_zone'])}'`])];
  const make = (sql: string, sqlMode = mode): string[] => [...settings, `SET sql_mode = '${sqlMode}'`, sql, 'SET NAMES utf8mb4', "SET time_zone = '+00:00', sql_mode = ''"];
  const undo = [drop, ...make(text)];
  const otherMode = mode.includes('HIGH_NOT_PRECEDENCE') ? mode.replace(/,?HIGH_NOT_PRECEDENCE/, '') : [mode, 'HIGH_NOT_PRECEDENCE'].filter((word) => word !== '').join(',');
  const change = (what: string, attribute: string, changed: string): ObjectMutation[] => (changed === text ? [] : [{ kind: `${what} of a ${kind.toLowerCase()}`, names: `${names}, ${attribute}`, sql: [drop, ...make(changed)], undo }]);
  return [
    { kind: `${kind.toLowerCase()} dropped`, names, sql: [drop], undo: make(text) },
    { kind: `sql_mode of a ${kind.toLowerCase()}`, names: `${names}, sql mode`, sql: [drop, ...make(text, otherMode)], undo },
    ...change('body', 'body', changedBody(text)),
    ...change('definer', 'definer', text.replace(/DEFINER=`[^`]*`@`[^`]*`/, 'DEFINER=`ferry`@`%`')),
    ...(kind === 'EVENT' ? [...change('schedule', 'every', text.replace(/ EVERY (\d+) /, (_whole, number: string) => ` EVERY ${Number(number) + 1} `)), ...change('time', 'at', text.replace(" AT '2037", " AT '2036")), ...change('status', 'status', text.replace(/ DISABLE ON \w+/, ' DISABLE')), ...change('being off', 'status', text.replace(/ DISABLE\b(?! ON)/, ' ENABLE'))] : []),
    ...(kind === 'FUNCTION' ? change('returned type', 'parameters', text.replace(/ RETURNS \w+(?:\(\d+(?:,\d+)?\))?/i, ' RETURNS varchar(77)')) : []),
    ...(kind === 'FUNCTION' || kind === 'PROCEDURE' ? change('comment', 'comment', text.replace(/\)(?=\n| RETURNS)/, ')').replace(/\n +(?=(?:BEGIN|RETURN|SELECT|UPDATE|INSERT|DELETE)\b)/, "\n COMMENT 'changed'\n ")) : []),
  ];
}

function changedBody(text: string): string {
  const changes: readonly (readonly [RegExp, string])[] = [
    [/\bEND\s*$/, 'DO 1; END'],
    [/\bRETURN ([^]*)$/, 'RETURN ($1)'],
    [/\bFOR EACH ROW\s+([^]*)$/, 'FOR EACH ROW BEGIN $1; END'],
    [/\bDO ([^]*)$/, 'DO BEGIN $1; END'],
    [/\bSELECT\b/, 'SELECT DISTINCT'],
    [/\bUPDATE\b/, 'UPDATE LOW_PRIORITY'],
    [/\bINSERT\b/, 'INSERT LOW_PRIORITY'],
    [/\bDELETE\b/, 'DELETE LOW_PRIORITY'],
  ];
  const [pattern, replacement] = changes.find(([expression]) => expression.test(text)) ?? [/$/, ''];
  return text.replace(pattern, replacement);
}
