/**
 * What an import changes in a dump, or refuses by name: one rule for each, listed here because the command line, the
 * workflow's input, the assessment and the documents speak of the same rules. What they do is in containers/import/rewrite.
 */
import { z } from 'zod';

interface Conversion {
  /** What the rule does, for documents: begins with a verb. */
  readonly does: string;
  /** For the audit's reader: why a statement with this could not stay as it was. */
  readonly reason: string;
  /** Nothing can be changed so that it fits: the import ends with a message that names the object and the remedy. */
  readonly refuses?: true;
}

export const conversions = {
  'sandbox-line': {
    does: 'Leaves out the line `/*M!999999\\- enable the sandbox mode */` with which dumps of MariaDB begin.',
    reason: 'It is a command to the client of MariaDB and no SQL.',
  },
  'mariadb-comment': {
    does: 'Leaves out statements that are a comment to MySQL: `/*M!100616 SET … */`.',
    reason: 'Only MariaDB runs it.',
  },
  'trailing-semicolon': {
    does: 'Drops the semicolon with which the body of a trigger or event ends.',
    reason: 'MySQL 5.6 keeps it where the statement was one of several sent at once; in a dump it stands inside of a comment, where it is a syntax error.',
  },
  'merge-engine': {
    does: 'Refuses MERGE tables.',
    reason: 'InnoDB has no such tables, and mysqldump leaves their rows out.',
    refuses: true,
  },
  'remote-engine': {
    does: 'Refuses tables of FEDERATED, CONNECT, SPIDER, S3 and their like.',
    reason: 'Their rows are not in the server, and mysqldump leaves them out.',
    refuses: true,
  },
  'mariadb-table': {
    does: 'Refuses sequences, system-versioned tables and tables with a period.',
    reason: 'MySQL has no such tables.',
    refuses: true,
  },
  'mariadb-type': {
    does: 'Refuses columns of MariaDB’s types `uuid`, `inet4` and `inet6`.',
    reason: 'MySQL has no such type.',
    refuses: true,
  },
  'year-two-digits': {
    does: 'Refuses columns of the type `YEAR(2)`.',
    reason: 'A dump holds two digits of each year: the century is lost, and 2000 arrives as 0000.',
    refuses: true,
  },
  'storage-engine': {
    does: 'Makes every table, and each of its partitions, InnoDB.',
    reason: 'Aurora stores tables with InnoDB only. Whether it refuses another engine or silently replaces it depends on sql_mode.',
  },
  'row-format': {
    does: 'Drops `ROW_FORMAT` (but `DYNAMIC`) and `KEY_BLOCK_SIZE`.',
    reason: 'InnoDB has no ROW_FORMAT=FIXED, Aurora has no compressed tables, and COMPACT and REDUNDANT limit index keys to 767 bytes.',
  },
  'file-placement': {
    does: 'Drops `DATA DIRECTORY`, `INDEX DIRECTORY`, `TABLESPACE` and `STORAGE`, of tables and partitions.',
    reason: 'Aurora places tables itself: it has neither directories nor named tablespaces.',
  },
  'table-options': {
    does: 'Drops `PACK_KEYS`, `CHECKSUM`, `DELAY_KEY_WRITE`, `INSERT_METHOD`, `UNION`, `PAGE_CHECKSUM`, `TRANSACTIONAL`, `COMPRESSION`, `ENCRYPTION` and the quoted options of MariaDB.',
    reason: 'The option is of an engine that the target does not have, or of another product; Aurora encrypts a cluster as a whole, and does not compress pages.',
  },
  'explicit-collation': {
    does: 'Writes out `COLLATE utf8mb4_general_ci` where a table, column, parameter or variable has `utf8mb4` alone.',
    reason: 'Without COLLATE, utf8mb4 means utf8mb4_general_ci before MySQL 8.0 and utf8mb4_0900_ai_ci since: other equality, other unique keys.',
  },
  'mariadb-collation': {
    does: 'Replaces the `uca1400` and `nopad` collations of MariaDB by the nearest of MySQL.',
    reason: 'MySQL does not know this collation. The nearest one orders rare characters otherwise, and may treat trailing blanks otherwise.',
  },
  'auto-increment-key': {
    does: 'Gives an `AUTO_INCREMENT` column that no index begins with an index.',
    reason:
      'InnoDB needs an index that begins with the AUTO_INCREMENT column (error 1075). MyISAM numbered within each group of the columns before it; InnoDB numbers the whole table.',
  },
  'default-expression': {
    does: 'Puts parentheses around defaults that MySQL takes only as expressions: `DEFAULT uuid()`, and literals of `TEXT` and `BLOB`.',
    reason: 'MariaDB takes an expression as a default as it is; MySQL wants it in parentheses.',
  },
  'check-name': {
    does: 'Takes the names `CONSTRAINT_1`, `CONSTRAINT_2`, … off `CHECK` constraints.',
    reason: 'MariaDB gives the same name to a constraint of every table; in MySQL names of checks are unique in the database (error 3822).',
  },
  'old-geometry-function': {
    does: 'Gives spatial functions in views, routines, triggers and events their names since MySQL 8.0: `AsText` becomes `ST_AsText`.',
    reason: 'MySQL 8.0 removed the old name of this function (error 1305).',
  },
  'native-function-name': {
    does: "Writes the database's name before a view's calls of its own functions, where MySQL has a function of that name on the target.",
    reason: "The name has become one of MySQL's own functions, which answers a call without the name of the database: the view would show something else.",
  },
  'missing-definer': {
    does: 'Replaces definers that the target does not have by the account of `--definer`; without that option all definers stay.',
    reason: 'The account that defines the object is not on the target, so that running the object would fail with error 1449.',
  },
  'expired-event': {
    does: 'Leaves out events whose time is over and that are not to be kept then.',
    reason: 'The target drops such an event as soon as it is made (note 1588).',
  },
  'disabled-event': {
    does: 'Creates events disabled.',
    reason: 'An event would run on the target while the source still serves: enable it at cut-over with ALTER EVENT … ENABLE.',
  },
  'sql-mode': {
    does: 'Takes words that MySQL 8.0 does not know out of the sql_mode of routines, triggers and events.',
    reason: 'MySQL 8.0 does not know this sql_mode any more and refuses it with error 1231.',
  },
  'server-state': {
    does: 'Leaves out `GTID_PURGED`, `SQL_LOG_BIN`, `CHANGE MASTER` and other settings of the whole server.',
    reason: "A dump carries the source server's replication position and binary logging; the target has its own.",
  },
  'unique-checks': {
    does: 'Leaves out `UNIQUE_CHECKS=0`.',
    reason: 'With UNIQUE_CHECKS=0 a unique index may take duplicates unnoticed, as a changed collation can make them.',
  },
} as const satisfies Record<string, Conversion>;

export type ConversionName = keyof typeof conversions;

export const conversionNames = Object.keys(conversions) as [ConversionName, ...ConversionName[]];

export const conversionName = z.enum(conversionNames, { error: `must be one of ${conversionNames.join(', ')}` });

/** `user@host` in CREATE USER's words, quoted or not: the last @ parts them, and a host has none. */
export const accountName = z.string().regex(/^[^@][\s\S]*@[^@]+$|^[^@]+@[^@]+$/, 'must look like user@host').max(100);

/** How an import converts, as the operator chose. */
export const conversionOptionsSchema = z.object({
  /** Rules that are not applied. */
  off: z.array(conversionName).default([]),
  /** The account that replaces definers which the target does not have. */
  definer: accountName.optional(),
});
export type ConversionOptions = z.infer<typeof conversionOptionsSchema>;
