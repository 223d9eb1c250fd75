/** Rows of `mysql.user`, whose columns differ between MySQL 5.5, 5.6, 5.7, 8.x and MariaDB, as accounts of one shape. */
import { PasswordHash } from './password-hash.ts';
import { privilegesOfColumns, type PrivilegeSet } from './privileges.ts';
import { type Row, textOf, valueOf } from './rows.ts';

export interface AccountName {
  readonly user: string;
  readonly host: string;
}

export interface SourceAccount extends AccountName {
  /** Of authentication; never empty. */
  readonly plugin: string;
  /** Undefined for an account without a password. */
  readonly hash: PasswordHash | undefined;
  readonly locked: boolean;
  readonly passwordExpired: boolean;
  /** A role of MariaDB. Roles of MySQL are accounts: locked ones without a password. */
  readonly isRole: boolean;
  /** Static privileges on `*.*`. */
  readonly global: PrivilegeSet;
  /** The global privileges do not hold in some schemas (MySQL 8.0.16 and later). */
  readonly hasPartialRevokes: boolean;
  /** What TLS the account asks for. Source: MySQL Reference Manual, "CREATE USER SSL/TLS Options". */
  readonly tls: { readonly type: 'NONE' | 'SSL' | 'X509' | 'SPECIFIED'; readonly cipher: string; readonly issuer: string; readonly subject: string };
  /** 0 is no limit. */
  readonly limits: { readonly queriesPerHour: number; readonly updatesPerHour: number; readonly connectionsPerHour: number; readonly connections: number };
}

/** The column of `accountQuery` that has the stored hash in hexadecimal. */
const hashColumn = 'ferry_hash';
export const accountQuery = `SELECT u.*, HEX(u.authentication_string) AS ${hashColumn} FROM mysql.user AS u`;

/** Hashes of MySQL before 4.1: 16 digits, with a plugin of their own from 5.5 on. */
const oldPasswordLength = 16;
export const oldPasswordPlugin = 'mysql_old_password';
export const nativePasswordPlugin = 'mysql_native_password';

/** @param lockedElsewhere whether MariaDB, whose view has no column for it, says that the account is locked */
export function readAccount(row: Row, lockedElsewhere = false): SourceAccount {
  const hash = readHash(row);
  const plugin = textOf(row, 'plugin');
  const native = plugin === '' || plugin === nativePasswordPlugin;
  const isOld = native && hash?.length === oldPasswordLength;
  return {
    user: textOf(row, 'User'),
    host: textOf(row, 'Host'),
    plugin: isOld ? oldPasswordPlugin : native ? nativePasswordPlugin : plugin,
    hash,
    locked: lockedElsewhere || isYes(row, 'account_locked'),
    passwordExpired: isYes(row, 'password_expired'),
    isRole: isYes(row, 'is_role'),
    global: privilegesOfColumns(row),
    hasPartialRevokes: hasRestrictions(valueOf(row, 'User_attributes')),
    tls: readTls(row),
    limits: {
      queriesPerHour: countOf(row, 'max_questions'),
      updatesPerHour: countOf(row, 'max_updates'),
      connectionsPerHour: countOf(row, 'max_connections'),
      connections: countOf(row, 'max_user_connections'),
    },
  };
}

/** Until 5.6, and in MariaDB, hashes of the native plugin are in `Password`; all others, and later all, in `authentication_string`. */
function readHash(row: Row): PasswordHash | undefined {
  const stored = Buffer.from(textOf(row, hashColumn), 'hex');
  const bytes = stored.length > 0 ? stored : Buffer.from(textOf(row, 'Password'), 'latin1');
  return bytes.length > 0 ? new PasswordHash(bytes) : undefined;
}

function readTls(row: Row): SourceAccount['tls'] {
  const type = ({ ANY: 'SSL', X509: 'X509', SPECIFIED: 'SPECIFIED' } as const)[textOf(row, 'ssl_type')] ?? 'NONE';
  return { type, cipher: textOf(row, 'ssl_cipher'), issuer: textOf(row, 'x509_issuer'), subject: textOf(row, 'x509_subject') };
}

/** Source: MySQL Reference Manual, "Privilege Restriction Using Partial Revokes". */
function hasRestrictions(attributes: unknown): boolean {
  const parsed: unknown = typeof attributes === 'string' ? JSON.parse(attributes) : attributes;
  return typeof parsed === 'object' && parsed !== null && 'Restrictions' in parsed;
}

function isYes(row: Row, column: string): boolean {
  return textOf(row, column) === 'Y';
}

/** MariaDB's number may be negative, which MySQL does not know: no limit of the account's own. */
function countOf(row: Row, column: string): number {
  return Math.max(0, Number(textOf(row, column)) || 0);
}
