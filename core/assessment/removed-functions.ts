/** Functions that MySQL 8.0 does not have any more. Source: MySQL Reference Manual 8.0, "What Is New in MySQL 8.0", "Features Removed". */
import { isMariaDb, isMySqlAtLeast } from '../mysql-versions.ts';

const dropped = ['ENCODE', 'DECODE', 'DES_DECRYPT', 'DES_ENCRYPT', 'ENCRYPT', 'OLD_PASSWORD', 'PASSWORD'];
/** MariaDB has these beside the ones of MySQL, which MySQL never had. */
const ofMariaDbOnly = ['COLUMN_CREATE', 'COLUMN_GET', 'COLUMN_JSON', 'DECODE_ORACLE', 'LASTVAL', 'NEXTVAL', 'SETVAL', 'PERCENTILE_CONT', 'PERCENTILE_DISC', 'MEDIAN', 'CHR', 'NATURAL_SORT_KEY', 'SFORMAT'];

/** Names in upper case; none for a source that has dropped them itself. */
export function removedFunctions(sourceVersion: string): ReadonlySet<string> {
  if (isMySqlAtLeast(sourceVersion, 8)) return new Set();
  return new Set(isMariaDb(sourceVersion) ? [...dropped, ...ofMariaDbOnly] : dropped);
}
