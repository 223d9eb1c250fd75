/** Words that were free to be names on the source, and are reserved on the target. */
import type { ServerFacts, Servers } from './facts.ts';
import { isMariaDb, isMySqlAtLeast } from '../mysql-versions.ts';

/**
 * Words that no MySQL before 8.0 had a use for, so that one in a body of 5.x can only be a name. Others that became reserved (ROW,
 * ROWS, FUNCTION, …) were keywords before, and are left out. Source: MySQL Reference Manual 8.0, "Keywords and Reserved Words".
 */
const sinceMySql80 = [
  'CUBE', 'CUME_DIST', 'DENSE_RANK', 'EMPTY', 'EXCEPT', 'FIRST_VALUE', 'GROUPING', 'GROUPS', 'INTERSECT', 'JSON_TABLE', 'LAG', 'LAST_VALUE', 'LATERAL', 'LEAD',
  'NTH_VALUE', 'NTILE', 'OF', 'OVER', 'PERCENT_RANK', 'RANK', 'RECURSIVE', 'ROW_NUMBER', 'SYSTEM', 'WINDOW',
];
/** Those that MySQL 5.7 reserved first. */
const sinceMySql57 = ['GENERATED', 'OPTIMIZER_COSTS', 'STORED', 'VIRTUAL'];
/** Those of later versions than 8.0. */
const sinceMySql84 = ['MANUAL', 'PARALLEL', 'QUALIFY', 'TABLESAMPLE'];
const sinceMySql9 = ['EXTERNAL', 'LIBRARY'];
/** Uses that are no names: GROUP BY WITH CUBE was never implemented; MariaDB has windows and the like itself. */
const mariaDbKeywords = ['EXCEPT', 'INTERSECT', 'LATERAL', 'OF', 'OVER', 'RECURSIVE', 'WINDOW', 'SYSTEM', 'VIRTUAL', 'GENERATED', 'STORED', 'JSON_TABLE', 'CUBE',
  'CUME_DIST', 'DENSE_RANK', 'FIRST_VALUE', 'LAG', 'LAST_VALUE', 'LEAD', 'NTH_VALUE', 'NTILE', 'PERCENT_RANK', 'RANK', 'ROW_NUMBER'];

/**
 * @param source where it tells its own reserved words (8.0 and later), what the target reserves beyond them is new
 * @param target where it is known, only words that it does reserve
 */
export function newReservedWords(source: Servers['source'], target: ServerFacts | undefined): ReadonlySet<string> {
  const reserved = target?.reservedWords;
  const later = new Set([...sinceMySql84, ...sinceMySql9]);
  if (reserved === undefined || reserved.size === 0) return new Set(candidates(source.version).filter((word) => !later.has(word)));
  const own = source.reservedWords;
  if (own !== undefined && own.size > 0) return new Set([...reserved].filter((word) => !own.has(word)));
  return new Set(candidates(source.version).filter((word) => reserved.has(word)));
}

function candidates(version: string): string[] {
  const later = [...sinceMySql84, ...sinceMySql9];
  if (isMySqlAtLeast(version, 8, 4)) return sinceMySql9;
  if (isMySqlAtLeast(version, 8)) return later;
  if (isMariaDb(version)) return [...sinceMySql80, ...later].filter((word) => !mariaDbKeywords.includes(word));
  if (isMySqlAtLeast(version, 5, 7)) return [...sinceMySql80, ...later];
  return [...sinceMySql57, ...sinceMySql80, ...later];
}
