/** What a failed statement of an import is called, and said about it: never a value out of a row. */
import { FerryError } from '../../core/errors.ts';
import { errnoOf, isConnectionLoss, messageOf, passingErrors } from '../../core/mysql-failures.ts';
import { textOfBytes } from '../common/mysql-session.ts';

export interface FailedStatement {
  readonly database: string;
  /** The statement, whose characters are bytes; or the table whose rows it holds. */
  readonly sql?: string;
  readonly rowsOf?: string;
  /** Of that table: its CREATE TABLE. */
  readonly definition?: string | undefined;
}

const shownCharacters = 200;

/** A definer who is not there, or may not be named by this account. */
const definerRefused = new Set([1227, 1449]);

/** A privilege that the account lacks: on a database, a table, a column, a routine. */
const privilegeMissing = new Set([1044, 1142, 1143, 1370]);

/**
 * @returns ImportInterrupted when the same statement may pass another time, TargetPrivilegeMissing, else ImportRejected
 */
export function importFailure(error: unknown, failed: FailedStatement): FerryError {
  if (error instanceof FerryError) return error;
  const where = failed.rowsOf === undefined ? shortened(failed.sql ?? '') : `Rows of table \`${failed.rowsOf}\``;
  if (isConnectionLoss(error)) {
    const message = `The connection to the target was lost while \`${failed.database}\` was imported (${messageOf(error)}). ${where}`;
    return new FerryError('ImportInterrupted', message, { cause: error });
  }
  const errno = errnoOf(error);
  if (errno === undefined) return FerryError.from(error);
  const said = failed.rowsOf === undefined ? saidOf(error) : withNumber(error, withoutValues(messageOf(error)));
  if (passingErrors.has(errno)) {
    return new FerryError('ImportInterrupted', `The target could not go on with \`${failed.database}\`: ${said}. ${where}`, { cause: error });
  }
  if (privilegeMissing.has(errno)) {
    return new FerryError('TargetPrivilegeMissing', `The target denied a statement of \`${failed.database}\`: ${said}. ${where}`, { cause: error });
  }
  const hint = definerRefused.has(errno) ? definerHint(failed.sql ?? '', messageOf(error)) : rowsHint(errno, failed);
  return new FerryError('ImportRejected', `The target refused a statement of \`${failed.database}\`: ${said}.${hint} ${where}`, { cause: error });
}

/** What the server answered to a statement that holds no row: `error 1064 (42000): …`. */
export function saidOf(error: unknown): string {
  return withNumber(error, ofOneStatement(messageOf(error)));
}

function withNumber(error: unknown, message: string): string {
  return `error ${errnoOf(error) ?? ''} (${sqlStateOf(error)}): ${message}`;
}

export interface Warning {
  readonly Level: string;
  readonly Code: number;
  readonly Message: string;
}

/**
 * Out of range, incorrect, too long: what was stored is not what was sent. Not 1265, truncated: it is also said of the
 * empty string with which ENUM and SET hold an invalid value, as old servers are full of. Where it does mean a change,
 * the digests tell.
 */
const valueChanged = new Set([1264, 1292, 1366, 1406]);

/** The first of an INSERT's warnings which says that a value was changed, as a failure; undefined when none does. */
export function changedValue(warnings: readonly Warning[], database: string, table: string): FerryError | undefined {
  const changed = warnings.find(({ Level, Code }) => Level === 'Warning' && valueChanged.has(Code));
  if (changed === undefined) return undefined;
  const said = `warning ${changed.Code}: ${withoutValues(changed.Message)}`;
  return new FerryError('ImportRejected', `Rows of table \`${table}\` of \`${database}\` do not fit into the table on the target: ${said}. Correct the column or its values on the source.`);
}

const [duplicateEntry, noGeometry] = [1062, 1416];

/** Why rows that were there on the source are refused, where it can be told. */
function rowsHint(errno: number, { rowsOf, definition = '' }: FailedStatement): string {
  if (rowsOf === undefined) return '';
  if (errno === duplicateEntry && /`\s+float\b/i.test(definition)) {
    return ' A dump writes FLOAT with six digits, so that keys which differ in the seventh are one in it: make the column DOUBLE on the source (ferry assess --also float-keys counts them).';
  }
  if (errno === noGeometry) return ' MySQL before 5.7 took geometries that later versions refuse: ferry assess --also geometries counts them.';
  return '';
}

function definerHint(sql: string, said: string): string {
  const definer = /DEFINER\s*=\s*(`(?:[^`]|``)*`@`(?:[^`]|``)*`)/i.exec(sql)?.[1];
  if (definer === undefined) return '';
  if (said.includes('SYSTEM_USER')) return ` Its definer ${textOfBytes(definer)} is an account of the server itself on the target: change the definer on the source.`;
  return ` Its definer ${textOfBytes(definer)} must exist on the target, or the importing account needs SET_ANY_DEFINER and ALLOW_NONEXISTENT_DEFINER (SET_USER_ID before MySQL 8.2).`;
}

/** Source: MySQL error message format: values, and what stands near a syntax error, are in single quotes. */
function withoutValues(message: string): string {
  return message.replace(/(Duplicate entry|value:?|near) '[\s\S]*'(?= (?:for key|for column|at line))/g, "$1 '…'");
}

/** Near a syntax error the server quotes what follows, the next statements of the batch too. */
function ofOneStatement(message: string): string {
  return message.replace(/\n;\n[\s\S]*'(?= at line \d+$)/, "'");
}

function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'sqlState' in error ? String(error.sqlState) : '';
}

function shortened(sql: string): string {
  const text = textOfBytes(sql).replace(/\s+/g, ' ').trim();
  return text === '' ? '' : `Statement: ${text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text}`;
}
