/**
 * The definitions of a database as its dump would hold them, without its rows, and what they are to be compared with.
 */
import { readStructureBy, structureSession } from '../../core/objects/read-structure.ts';
import type { Structure } from '../../core/objects/structure.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { withOptionFile } from '../dump/client-programs.ts';
import { dumpedSql } from '../dump/dump-database.ts';
import { mainOptions } from '../dump/mysqldump.ts';
import { readSourceMetadata } from '../dump/source-metadata.ts';
import type { SourceMetadata } from '../dump/source-metadata.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

export interface Definitions {
  readonly metadata: SourceMetadata;
  readonly structure: Structure;
  readonly sql: Buffer;
}

export interface DefinitionsOf {
  readonly database: string;
  readonly access: ServerAccess;
  /** Where mysqldump is. */
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

/** @throws FerryError of mysqldump; UnknownDatabase; what the server answers */
export async function readDefinitions(
  session: MysqlSession,
  { database, access, searchPath, signal }: DefinitionsOf,
): Promise<Definitions> {
  for (const statement of structureSession) await session.execute(statement);
  const metadata = await readSourceMetadata(session, database);
  const structure = await readStructureBy(metadata.reader);
  // No row is read, so that no table needs a lock: applications are not to wait for a rehearsal.
  const options = [...mainOptions({ database, allTransactional: true }), '--no-data'];
  const sql = await withOptionFile(access, async (optionFile, password) => {
    const chunks: Buffer[] = [];
    const dumped = dumpedSql(session, metadata, {
      optionFile,
      options,
      database,
      tables: [],
      searchPath,
      password,
      signal,
    });
    for await (const chunk of dumped.output()) chunks.push(chunk);
    return Buffer.concat(chunks);
  });
  return { metadata, structure, sql };
}
