import type { Token } from '../../sql-tokens.ts';
import type { DatabaseCheck } from '../check.ts';
import { bodiesOf, isWord } from '../sql-scan.ts';
import { isMySqlAtLeast } from '../../mysql-versions.ts';

/** Source: MySQL Reference Manual 8.0, "Server and Status Variables and Options Removed": those that a session may set or read. */
const removed = new Set([
  'QUERY_CACHE_TYPE', 'QUERY_CACHE_SIZE', 'QUERY_CACHE_LIMIT', 'QUERY_CACHE_WLOCK_INVALIDATE', 'TX_ISOLATION', 'TX_READ_ONLY', 'STORAGE_ENGINE', 'OLD_PASSWORDS', 'LOG_WARNINGS',
  'MULTI_RANGE_COUNT', 'MAX_TMP_TABLES', 'TIMED_MUTEXES', 'THREAD_CONCURRENCY', 'ENGINE_CONDITION_PUSHDOWN', 'TABLE_TYPE', 'SQL_MAX_JOIN_SIZE', 'SQL_LOG_UPDATE', 'SECURE_AUTH',
  'HAVE_INNODB', 'HAVE_PARTITIONING', 'INNODB_FILE_FORMAT', 'INNODB_LARGE_PREFIX', 'SYNC_FRM', 'IGNORE_DB_DIRS', 'DATE_FORMAT', 'DATETIME_FORMAT', 'TIME_FORMAT',
]);

export const removedVariable: DatabaseCheck = {
  id: 'removed-variable',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I12'],
  cause: 'A body sets a system variable that MySQL 8.0 dropped: tx_isolation, query_cache_type, storage_engine and others.',
  consequence: 'The target refuses it (error 1193).',
  remedy: 'Use the present name (transaction_isolation, default_storage_engine), or take the statement out, on the source.',
  *find(database, { source }) {
    if (isMySqlAtLeast(source.version, 8)) return;
    for (const { object, tokens } of bodiesOf(database)) {
      const used = new Set(tokens.flatMap((_token, index) => variableAt(tokens, index) ?? []));
      if (used.size > 0) yield { object, detail: [...used].sort().join(', ') };
    }
  },
};

/** `@@name`, `@@session.name`, `SET name =`, `SET SESSION name =`. */
function variableAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index];
  if (token?.kind !== 'word') return undefined;
  const name = token.upper.replace(/^@@(?:GLOBAL\.|SESSION\.|LOCAL\.)?/, '');
  if (!removed.has(name)) return undefined;
  const isNamed = token.upper.startsWith('@@') || isWord(tokens[index - 1], 'SET', 'SESSION', 'GLOBAL', 'LOCAL');
  return isNamed ? name.toLowerCase() : undefined;
}
