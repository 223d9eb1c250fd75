/** What a statement of a dump is about, and which object it names. */
import { firstTokens, nameIn } from '../../core/sql-tokens.ts';
import type { Reading, Token } from '../../core/sql-tokens.ts';
import { bytesAsText } from '../common/mysql-session.ts';
import type { Measure } from '../common/measured-statements.ts';

export type StatementKind =
  | 'rows'
  | 'session'
  /** A command to the client that wrote or reads the dump: no SQL. */
  | 'client'
  | 'table'
  | 'view'
  | 'routine'
  | 'event'
  | 'trigger'
  | 'drop'
  | 'database'
  | 'use'
  | 'lock'
  | 'keys'
  | 'other';

export interface DumpStatement {
  readonly kind: StatementKind;
  /** The first word: CREATE, ALTER, DROP, SET, … */
  readonly verb: string;
  /** Table, view, routine, event, trigger or database; '' for others. Its characters are bytes, like `sql`. */
  readonly object: string;
  readonly sql: string;
  /** How the target will read it. */
  readonly reading?: Reading;
  /** Whether the dump says where it ends, as Ferry's own do of stored programs. */
  readonly isMeasured?: boolean;
  /** User and host, where the dump says them beside the statement: in UTF-8, whatever the statement itself is in. */
  readonly definer?: readonly [user: string, host: string] | undefined;
}

const clientLine = /^\/\*M?!999999\\-/;
const setStatement = /^(?:\/\*M?!\d*\s*)?SET\s/i;
/** As mysqldump writes it, which is most of a dump without its rows. */
const createTable = /^CREATE TABLE `((?:[^`]|``)+)` \(/;
/** DEFINER = `user`@`host` SQL SECURITY DEFINER and the like stand between CREATE and the word that tells. */
const tokensToRead = 24;
const createdKinds: Readonly<Record<string, StatementKind>> = {
  TABLE: 'table',
  VIEW: 'view',
  PROCEDURE: 'routine',
  FUNCTION: 'routine',
  EVENT: 'event',
  TRIGGER: 'trigger',
  DATABASE: 'database',
  SCHEMA: 'database',
};

/** Whether a statement is one of rows: the others are planned, these are loaded as they come. */
export function isRowsStatement(bytes: Buffer): boolean {
  return /^(?:INSERT|REPLACE)(?![\w$])/i.test(bytes.toString('latin1', 0, 8));
}

/**
 * @param sql characters are bytes
 * @param measure of a statement whose name and definer the dump tells beside it
 */
export function classify(sql: string, reading?: Reading, measure?: Measure): DumpStatement {
  const statement = { ...classified(sql, reading), ...(reading && { reading }), isMeasured: measure !== undefined };
  if (measure?.object === undefined) return statement;
  return { ...statement, object: bytesAsText(measure.object), definer: measure.definer };
}

function classified(sql: string, reading?: Reading): DumpStatement {
  if (clientLine.test(sql)) return { kind: 'client', verb: '', object: '', sql };
  if (setStatement.test(sql)) return { kind: 'session', verb: 'SET', object: '', sql };
  const table = createTable.exec(sql)?.[1];
  if (table !== undefined) return { kind: 'table', verb: 'CREATE', object: table.replaceAll('``', '`'), sql };
  const tokens = firstTokens(sql, tokensToRead, reading);
  const verb = tokens[0]?.upper ?? '';
  return { verb, sql, ...kindOf(verb, tokens) };
}

function kindOf(verb: string, tokens: readonly Token[]): Pick<DumpStatement, 'kind' | 'object'> {
  switch (verb) {
    case 'INSERT':
    case 'REPLACE':
      return { kind: 'rows', object: nameIn(rowsTable(tokens)) };
    case 'SET':
      return { kind: 'session', object: '' };
    case 'USE':
      return { kind: 'use', object: nameIn(tokens[1]) };
    case 'LOCK':
    case 'UNLOCK':
      return { kind: 'lock', object: '' };
    case 'CREATE':
      return named(tokens, (keyword) => createdKinds[keyword]);
    case 'DROP':
      return named(tokens, (keyword) => (createdKinds[keyword] === 'database' ? 'database' : createdKinds[keyword] === undefined ? undefined : 'drop'));
    case 'ALTER':
      return altered(tokens);
    default:
      return { kind: 'other', object: '' };
  }
}

/** `INSERT [IGNORE] INTO [database.]table`. */
function rowsTable(tokens: readonly Token[]): Token | undefined {
  const into = tokens.findIndex(({ upper }) => upper === 'INTO');
  return tokens[into + 2]?.text === '.' ? tokens[into + 3] : tokens[into + 1];
}

/** The keyword that tells the kind, and the name after it (past IF NOT EXISTS). */
function named(tokens: readonly Token[], kindFor: (keyword: string) => StatementKind | undefined): Pick<DumpStatement, 'kind' | 'object'> {
  for (const [index, token] of tokens.entries()) {
    // A definer's name is quoted, so that a bare word is a keyword.
    const kind = token.kind === 'word' ? kindFor(token.upper) : undefined;
    if (kind === undefined) continue;
    const name = tokens.slice(index + 1).find(({ kind: following, upper }) => following === 'identifier' || !['IF', 'NOT', 'EXISTS'].includes(upper));
    return { kind, object: nameIn(name) };
  }
  return { kind: 'other', object: '' };
}

function altered(tokens: readonly Token[]): Pick<DumpStatement, 'kind' | 'object'> {
  const kind = createdKinds[tokens[1]?.upper ?? ''];
  const object = nameIn(tokens[2]);
  if (kind === 'database') return { kind, object };
  const togglesKeys = tokens.some(({ upper }) => upper === 'KEYS') && tokens.some(({ upper }) => upper === 'DISABLE' || upper === 'ENABLE');
  if (kind === 'table' && togglesKeys) return { kind: 'keys', object };
  return { kind: 'other', object };
}
