/**
 * The stored programs of a database: functions, procedures, triggers and events, read by the session that has read all
 * else of it, by the names that it has read. mysqldump finds routines and events by names that the server compares
 * without regard to case, cuts and writes them in a way that not every body survives, and asks for triggers table by
 * table, which takes a third of a small dump's time.
 */
import type { StoredProgram } from '../../../core/assessment/facts.ts';
import { FerryError } from '../../../core/errors.ts';
import { errnoOf } from '../../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import type { MysqlSession } from '../../common/mysql-session.ts';
import type { SqlSource } from '../dump-part.ts';
import { programText } from './program-text.ts';
import type { Encode, ProgramKind } from './program-text.ts';
import { writePrograms } from './write-programs.ts';
import type { Program } from './write-programs.ts';

export type ProgramName = Pick<StoredProgram, 'kind' | 'name' | 'table'>;

export interface ProgramsOf {
  readonly database: string;
  /** Of the database itself: a program may have been made under another. */
  readonly collation: string;
  /** Triggers in the order in which the server fires them. */
  readonly programs: readonly ProgramName[];
}

export interface ProgramsSql {
  /** Functions and procedures: a view may call a function. */
  readonly beforeRows: Buffer;
  /** Triggers, which rows must not fire, and events, last of all. */
  readonly afterRows: Buffer;
}

/** What mysqldump has written stands between the two: read by hand too, everything comes in its turn. */
export function withPrograms(dump: SqlSource, read: () => Promise<ProgramsSql>): SqlSource {
  let programBytes = 0;
  return {
    get bytes() {
      return dump.bytes + programBytes;
    },
    async *output() {
      // mysqldump works while the programs are read. It is listened to at once: what nobody hears is lost when it ends.
      const dumped = dump.output()[Symbol.asyncIterator]();
      const first = dumped.next();
      first.catch(() => undefined);
      const { beforeRows, afterRows } = await read();
      programBytes = beforeRows.length + afterRows.length;
      if (beforeRows.length > 0) yield beforeRows;
      for (let next = await first; next.done !== true; next = await dumped.next()) yield next.value;
      if (afterRows.length > 0) yield afterRows;
    },
    stop: () => dump.stop(),
  };
}

/**
 * Bodies come as the bytes that are stored, each in the character set of whoever made it, and stay so: no conversion
 * can lose a letter.
 * @param session uses utf8mb4
 * @throws FerryError SourceChanged, SourcePrivilegeMissing, DumpFailed; what the server answers
 */
export async function readPrograms(session: MysqlSession, of: ProgramsOf): Promise<ProgramsSql> {
  const { database, collation, programs } = of;
  if (programs.length === 0) return { beforeRows: Buffer.alloc(0), afterRows: Buffer.alloc(0) };
  await session.execute("SET SESSION character_set_results = 'binary', sql_quote_show_create = 1");
  const read = async (...kinds: readonly ProgramKind[]): Promise<Program[]> => {
    const found: Program[] = [];
    for (const kind of kinds) {
      for (const program of programs.filter((each) => each.kind === kind)) {
        found.push(await readProgram(session, database, program));
      }
    }
    return found;
  };
  const beforeRows = await read('function', 'procedure');
  const afterRows = await read('trigger', 'event');
  await session.execute("SET SESSION character_set_results = 'utf8mb4'");
  const written = { name: database, collation };
  return {
    beforeRows: Buffer.from(writePrograms(beforeRows, written, 'before'), 'latin1'),
    afterRows: Buffer.from(writePrograms(afterRows, written, 'after'), 'latin1'),
  };
}

/** No such procedure or function, trigger, event. */
const gone = new Set([1305, 1360, 1539]);

async function readProgram(session: MysqlSession, database: string, program: ProgramName): Promise<Program> {
  const { kind, name, table } = program;
  const sql = `SHOW CREATE ${kind.toUpperCase()} ${quoteIdentifier(database)}.${quoteIdentifier(name)}`;
  const [row] = await session.queryBytes(sql).catch((error: unknown) => {
    if (!gone.has(errnoOf(error) ?? 0)) throw error;
    const message = `The ${kind} \`${name}\` of \`${database}\` was dropped during the dump.`;
    throw new FerryError('SourceChanged', message, { cause: error });
  });
  const [, sqlMode = '', ...others] = row?.map((value) => value?.toString('latin1') ?? '') ?? [];
  const [timeZone, ...columns] = kind === 'event' ? others : [undefined, ...others];
  const [statement = '', characterSet = '', connectionCollation = '', databaseCollation = ''] = columns;
  if (statement === '') throw new FerryError('SourcePrivilegeMissing', unseen(database, kind, name));
  const text = await programText({ kind, name, table, sqlMode, statement, characterSet }, encodedBy(session));
  return { kind, name, table, sqlMode, characterSet, connectionCollation, databaseCollation, timeZone, ...text };
}

function unseen(database: string, kind: ProgramKind, name: string): string {
  const what = `SHOW CREATE ${kind.toUpperCase()} shows this account no body of \`${name}\` of \`${database}\``;
  return `${what}: grant it SELECT on mysql.proc, or from MySQL 8.0.20 on SHOW_ROUTINE.`;
}

function encodedBy(session: MysqlSession): Encode {
  return async (texts, characterSet) => {
    const columns = texts.map((text) => {
      const digits = Buffer.from(text, 'utf8').toString('hex');
      const encoded = `CONVERT(_utf8mb4 x'${digits}' USING ${characterSet})`;
      return `${encoded}, HEX(CONVERT(${encoded} USING utf8mb4))`;
    });
    const [row = []] = await session.queryBytes(`SELECT ${columns.join(', ')}`);
    return texts.map((text, index) => {
      const [encoded, back] = [row[2 * index], row[2 * index + 1]];
      const isSame = Buffer.from(back?.toString('latin1') ?? '', 'hex').toString('utf8') === text;
      return isSame ? encoded?.toString('latin1') : undefined;
    });
  };
}
