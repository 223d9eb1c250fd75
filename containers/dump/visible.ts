/** Refuses a database of which the account on the source may not see all: what it cannot see, dump and expectation would both lack. */
import { assertAllVisible } from '../../core/privileges/find-missing.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

/** One question, where the account has what docs/security.md asks for. @throws FerryError SourcePrivilegeMissing; what the server answers */
export function assertEverythingVisible(session: MysqlSession, database: string): Promise<void> {
  return assertAllVisible((sql) => session.query(sql), database, 'dump');
}
