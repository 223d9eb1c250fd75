/**
 * What every session of Ferry sets before its first query. A server hands its global variables to each new session, and some of them
 * change what a query means or how many rows it answers: PAD_CHAR_TO_FULL_LENGTH pads the names of accounts, sql_select_limit
 * cuts a result short without a word, autocommit = 0 holds metadata locks until the session ends.
 * Source: MySQL Reference Manual, "Server System Variables"; MariaDB Knowledge Base, the same.
 */
const everywhere = [
  "sql_mode = ''",
  'autocommit = 1',
  'completion_type = 0',
  'sql_select_limit = 18446744073709551615',
  'sql_big_selects = 1',
  'sql_safe_updates = 0',
  'sql_auto_is_null = 0',
  'sql_quote_show_create = 1',
];

/** Variables that not every version has stand in comments that the others skip. */
const sinceMySql = [
  '/*!50708 , max_execution_time = 0 */',
  "/*!50720 , transaction_isolation = 'REPEATABLE-READ', transaction_read_only = 0 */",
];
const inMariaDb = [
  '/*M!100101 , max_statement_time = 0 */',
  "/*M!100101 , tx_isolation = 'REPEATABLE-READ', tx_read_only = 0 */",
];

/** One statement, that any account may run on any version. */
export const sessionSettings = `SET SESSION ${everywhere.join(', ')} ${[...sinceMySql, ...inMariaDb].join(' ')}`;

/** The same, and what these SET statements set, in one statement. */
export function settingsWith(more: readonly string[]): string {
  return [sessionSettings, ...more.map((statement) => statement.replace(/^SET /, ''))].join(', ');
}

/**
 * The same for MySQL's own programs, as the value of `init-command`: they set their own sql_mode, and what a program sets
 * afterwards stays. A server before 8.0 does not know the collation with which the client asks for utf8mb4, silently takes
 * latin1, and then finds no table whose name has other letters.
 */
export const clientInitCommand = `${sessionSettings} , NAMES utf8mb4`;
