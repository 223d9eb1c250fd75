/** The target's accounts: who is there, and who made them; accounts are made here, and never altered or dropped. */
import type { RowDataPacket } from 'mysql2';
import type { Connection } from 'mysql2/promise';
import { accountKey, accountOfRow } from '../../core/accounts/grants.ts';
import { parseAccount } from '../../core/accounts/read-source.ts';
import { PasswordHash } from '../../core/accounts/password-hash.ts';
import type { AccountEntry, Granted, LeftOutGrant } from '../../core/accounts/report.ts';
import { type Row, textOf } from '../../core/accounts/rows.ts';
import type { AccountName, SourceAccount } from '../../core/accounts/source-account.ts';
import { type Authentication, authenticationOf, createUser, type GrantPlan, grantStatement, privilegeText } from '../../core/accounts/statements.ts';
import { FerryError } from '../../core/errors.ts';
import { errnoOf, isConnectionLoss, serverFailure } from '../../core/mysql-failures.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { naming } from '../shared/server-connection.ts';

/** What the report says about an account, its grants left aside. */
export type Settled = Pick<AccountEntry, 'outcome' | 'reason' | 'errno'>;

/** An account of the target. What only `mysql.user` tells is undefined where that is not readable. */
interface ThereAlready {
  readonly migration: string;
  readonly plugin: string | undefined;
  readonly hash: PasswordHash | undefined;
  readonly locked: boolean | undefined;
}

/** Sources: MySQL Server Error Message Reference: CREATE USER failed, which is so for one that exists; a hash of another form; syntax. */
const cannotCreateUser = 1396;
const badHash = new Set([1827, 1064]);

const markQuery = "SELECT USER, HOST, JSON_UNQUOTE(JSON_EXTRACT(ATTRIBUTE, '$.aurora_ferry.migration')) AS migration FROM information_schema.USER_ATTRIBUTES";
const userQuery = 'SELECT User, Host, plugin, HEX(authentication_string) AS hash, account_locked FROM mysql.user';
const pluginQuery = "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'AUTHENTICATION' AND PLUGIN_STATUS = 'ACTIVE'";

export class TargetAccounts {
  readonly #access: ServerAccess;
  readonly #connection: Connection;
  readonly #migration: string;
  #there = new Map<string, ThereAlready>();
  #plugins: ReadonlySet<string> = new Set();
  #ferry: AccountName = { user: '', host: '' };
  /** Whether names of databases in grants are literal (`partial_revokes`). */
  namesAreLiteral = false;

  private constructor(access: ServerAccess, connection: Connection, migration: string) {
    this.#access = access;
    this.#connection = connection;
    this.#migration = migration;
  }

  /** @throws FerryError TargetUnreachable, TargetAccessDenied, AccountsUnsupported */
  static async read(access: ServerAccess, connection: Connection, migration: string): Promise<TargetAccounts> {
    const target = new TargetAccounts(access, connection, migration);
    await naming('target', access, () => target.#read());
    return target;
  }

  async #read(): Promise<void> {
    const [server = {}] = await this.#select('SELECT VERSION() AS version, CURRENT_USER() AS ferry');
    checkVersion(textOf(server, 'version'), this.#access);
    // Literals and quotes are then read alike everywhere.
    await this.#connection.query("SET SESSION sql_mode = ''");
    const [partialRevokes] = await this.#select("SHOW GLOBAL VARIABLES LIKE 'partial_revokes'");
    this.namesAreLiteral = textOf(partialRevokes ?? {}, 'Value') === 'ON';
    this.#ferry = parseAccount(textOf(server, 'ferry'));
    this.#plugins = new Set((await this.#select(pluginQuery)).map((row) => textOf(row, 'PLUGIN_NAME')));
    await this.#readAccounts();
  }

  async #readAccounts(): Promise<void> {
    const marks = await this.#select(markQuery);
    const users = new Map((await this.#selectIfAllowed(userQuery)).map((row) => [accountKey(accountOfRow(row)), row]));
    this.#there = new Map(
      marks.map((row) => {
        const user = users.get(accountKey(accountOfRow(row)));
        return [accountKey(accountOfRow(row)), { migration: textOf(row, 'migration'), ...(user === undefined ? unknownUser : readUser(user)) }];
      }),
    );
  }

  /**
   * Makes the account unless it is there. One that is there is taken for the source's when this migration made it, or when
   * it has the same password.
   * @throws FerryError TargetUnreachable
   */
  async settle(account: SourceAccount): Promise<Settled> {
    if (accountKey(account) === accountKey(this.#ferry)) return { outcome: 'left-out', reason: 'ferry' };
    const authentication = authenticationOf(account, this.#plugins);
    const there = this.#there.get(accountKey(account));
    return there === undefined ? this.#create(account, authentication) : this.#judge(there, authentication);
  }

  #judge(there: ThereAlready, authentication: Authentication): Settled {
    if (there.migration === this.#migration) return settledAs(authentication, there.locked);
    const { hash } = authentication;
    const isSame = hash !== undefined && there.hash?.equals(hash) === true && there.plugin === authentication.plugin;
    return { outcome: isSame ? 'matched' : 'exists' };
  }

  async #create(account: SourceAccount, authentication: Authentication): Promise<Settled> {
    const errno = await this.#try(createUser(account, authentication, this.#migration));
    if (errno === undefined) return settledAs(authentication, undefined);
    if (errno === cannotCreateUser) {
      // Someone else made it meanwhile, another run of this migration perhaps.
      await naming('target', this.#access, () => this.#readAccounts());
      const there = this.#there.get(accountKey(account));
      if (there !== undefined) return this.#judge(there, authentication);
    }
    if (authentication.hash !== undefined && badHash.has(errno)) return this.#create(account, { reason: 'hash-refused' });
    return { outcome: 'left-out', reason: 'refused', errno };
  }

  /** Grants each plan as a whole, or where the target refuses that, privilege by privilege. */
  async grant(account: AccountName, plans: readonly GrantPlan[]): Promise<{ granted: Granted[]; leftOut: LeftOutGrant[] }> {
    const granted: Granted[] = [];
    const leftOut: LeftOutGrant[] = [];
    for (const plan of plans) {
      const { on, grantOption } = plan;
      const accepted: string[] = [];
      const errno = await this.#try(grantStatement(plan, account));
      if (errno === undefined) accepted.push(...plan.privileges.map(privilegeText));
      else {
        for (const privilege of plan.privileges) {
          const refusal = plan.privileges.length === 1 ? errno : await this.#try(grantStatement({ ...plan, privileges: [privilege] }, account));
          if (refusal === undefined) accepted.push(privilegeText(privilege));
          else leftOut.push({ privilege: privilegeText(privilege), on, reason: 'refused', errno: refusal });
        }
      }
      if (errno === undefined || accepted.length > 0) granted.push({ on, privileges: accepted, grantOption });
    }
    return { granted, leftOut };
  }

  /**
   * Nothing of a failure but its number goes on: the server's message may quote the statement, and the statement a hash.
   * @returns the number of the error by which the target refused; undefined when it did not
   * @throws FerryError TargetUnreachable
   */
  async #try(statement: string): Promise<number | undefined> {
    try {
      await this.#connection.query(statement);
      return undefined;
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== undefined && !isConnectionLoss(error)) return errno;
      throw serverFailure('target', this.#access, withoutStatement(error));
    }
  }

  async #select(sql: string): Promise<Row[]> {
    const [rows] = await this.#connection.query<RowDataPacket[]>(sql);
    return rows;
  }

  /** No rows where the account may not read them. */
  async #selectIfAllowed(sql: string): Promise<Row[]> {
    return this.#select(sql).catch((error: unknown) => {
      if (serverFailure('target', this.#access, error).name === 'TargetPrivilegeMissing') return [];
      throw error;
    });
  }
}

const unknownUser = { plugin: undefined, hash: undefined, locked: undefined };

function readUser(row: Row): Omit<ThereAlready, 'migration'> {
  const bytes = Buffer.from(textOf(row, 'hash'), 'hex');
  return { plugin: textOf(row, 'plugin'), hash: bytes.length > 0 ? new PasswordHash(bytes) : undefined, locked: textOf(row, 'account_locked') === 'Y' };
}

/** An account that this migration made; an administrator may have given it a password and unlocked it since. */
function settledAs(authentication: Authentication, lockedNow: boolean | undefined): Settled {
  const madeLocked = authentication.hash === undefined || authentication.locked;
  if (!(lockedNow ?? madeLocked)) return { outcome: 'created' };
  if (authentication.hash === undefined) return { outcome: 'locked', reason: authentication.reason };
  return { outcome: 'locked', reason: authentication.locked ? 'locked-on-source' : 'hash-refused' };
}

/** ATTRIBUTE, by which an account is known as Ferry's. Source: MySQL Reference Manual, "CREATE USER Statement". */
function checkVersion(version: string, { host, port }: ServerAccess): void {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  if (!/mariadb/i.test(version) && major * 1_000_000 + minor * 1_000 + patch >= 8_000_021) return;
  throw new FerryError('AccountsUnsupported', `The target ${host}:${port} is ${version}, on which Ferry cannot mark the accounts that it makes. Nothing was changed.`);
}

/** mysql2 puts the statement into its errors. */
function withoutStatement(error: unknown): unknown {
  if (error instanceof Error && 'sql' in error) error.sql = undefined;
  return error;
}
