/**
 * The triggers of a database, in mysqldump's own form, read by the session that has read all else of it. mysqldump asks
 * for them table by table, which takes a third of a small dump's time; a second run of it for them alone takes longer
 * still than these few questions.
 */
import { quoteIdentifier } from '../../core/names.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { SqlSource } from './dump-part.ts';

export interface TriggersOf {
  readonly database: string;
  /** Of the database itself: a trigger may have been made under another. */
  readonly collation: string;
  /** In the order in which the server fires them. */
  readonly names: readonly string[];
}

/** The triggers come behind all that mysqldump has written: they are made after the rows. */
export function withTriggers(dump: SqlSource, read: () => Promise<Buffer>): SqlSource {
  let triggerBytes = 0;
  return {
    get bytes() {
      return dump.bytes + triggerBytes;
    },
    async *output() {
      yield* dump.output();
      const triggers = await read();
      triggerBytes = triggers.length;
      if (triggerBytes > 0) yield triggers;
    },
    stop: () => dump.stop(),
  };
}

/**
 * Bodies come as the bytes that are stored, each in the character set of whoever made it, and stay so: no conversion can lose
 * a letter.
 * @param session uses utf8mb4
 * @throws what the server answers
 */
export async function readTriggers(session: MysqlSession, { database, collation, names }: TriggersOf): Promise<Buffer> {
  if (names.length === 0) return Buffer.alloc(0);
  const triggers: Buffer[] = [];
  await session.execute("SET SESSION character_set_results = 'binary'");
  for (const name of names) {
    const [row] = await session.queryBytes(`SHOW CREATE TRIGGER ${quoteIdentifier(database)}.${quoteIdentifier(name)}`);
    if (row !== undefined) triggers.push(triggerSql(database, collation, row.map((value) => value?.toString('latin1') ?? '')));
  }
  await session.execute("SET SESSION character_set_results = 'utf8mb4'");
  return Buffer.concat(triggers);
}

/** Characters are bytes. The settings around a trigger become its own, and are put back behind it. */
function triggerSql(database: string, current: string, [, sqlMode = '', statement = '', characterSet = '', connection = '', collation = '']: readonly string[]): Buffer {
  const isOther = collation !== '' && collation !== current;
  const lines = [
    ...(isOther ? [alterDatabase(database, collation)] : []),
    '/*!50003 SET @saved_cs_client      = @@character_set_client */ ;',
    '/*!50003 SET @saved_cs_results     = @@character_set_results */ ;',
    '/*!50003 SET @saved_col_connection = @@collation_connection */ ;',
    `/*!50003 SET character_set_client  = ${characterSet} */ ;`,
    `/*!50003 SET character_set_results = ${characterSet} */ ;`,
    `/*!50003 SET collation_connection  = ${connection} */ ;`,
    '/*!50003 SET @saved_sql_mode       = @@sql_mode */ ;',
    `/*!50003 SET sql_mode              = '${sqlMode}' */ ;`,
    'DELIMITER ;;',
    `/*!50003 ${withDefinerApart(statement)} */;;`,
    'DELIMITER ;',
    '/*!50003 SET sql_mode              = @saved_sql_mode */ ;',
    '/*!50003 SET character_set_client  = @saved_cs_client */ ;',
    '/*!50003 SET character_set_results = @saved_cs_results */ ;',
    '/*!50003 SET collation_connection  = @saved_col_connection */ ;',
    ...(isOther ? [alterDatabase(database, current)] : []),
  ];
  return Buffer.from(`${lines.join('\n')}\n`, 'latin1');
}

/** Quoted as the sql_mode says under which the trigger was made. */
const account = '(?:`(?:[^`]|``)*`|"(?:[^"]|"")*")';
const definer = new RegExp(`^CREATE( DEFINER=${account}@${account}) TRIGGER`);

function withDefinerApart(statement: string): string {
  return statement.replace(definer, (_match, clause: string) => `CREATE*/ /*!50017${clause}*/ /*!50003 TRIGGER`);
}

/** A collation's name begins with that of its character set; there is no other statement that says it. */
function alterDatabase(database: string, collation: string): string {
  const characterSet = collation.replace(/_.*$/, '');
  return `ALTER DATABASE ${Buffer.from(quoteIdentifier(database)).toString('latin1')} CHARACTER SET ${characterSet} COLLATE ${collation} ;`;
}
