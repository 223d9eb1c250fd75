/**
 * What is known of a database and of the two servers when they are checked. Read by read-database.ts and read-server.ts; the
 * checks see nothing else. Sizes are bytes.
 */
import type { Rehearsal } from '../rehearsal/rehearsal.ts';

import type { TargetAnswers } from '../stored-objects/ask-target.ts';

/** Sends one SELECT or SHOW and answers its rows. */
export type Query = <Row>(sql: string) => Promise<Row[]>;

export interface ColumnFacts {
  readonly name: string;
  /** `varchar`, in lower case. */
  readonly dataType: string;
  /** `varchar(20)`; in MySQL 5.6 and 5.7 with the comment that flags an old temporal format, where that was asked for. */
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly characterSet: string | null;
  readonly collation: string | null;
  /** Of characters; null for types that have none. */
  readonly maximumLength: number | null;
  readonly maximumBytes: number | null;
  /** `auto_increment`, `on update CURRENT_TIMESTAMP`, in lower case. */
  readonly extra: string;
  /** Of a generated column, where the server tells. */
  readonly expression: string | null;
}

export interface IndexFacts {
  readonly name: string;
  readonly unique: boolean;
  /** `BTREE`, `FULLTEXT`, `SPATIAL`, `HASH`. */
  readonly type: string;
  readonly columns: readonly { readonly name: string; readonly prefix: number | null }[];
}

export interface PartitionFacts {
  readonly name: string;
  readonly method: string;
  readonly expression: string;
  readonly tablespace: string | null;
}

export interface TableFacts {
  readonly name: string;
  /** `BASE TABLE`; on MariaDB also `SEQUENCE` and `SYSTEM VERSIONED`. */
  readonly type: string;
  /** Null when the server could not open the table; `comment` then says why. */
  readonly engine: string | null;
  readonly rowFormat: string;
  /** Estimates, for InnoDB. */
  readonly rows: number;
  readonly averageRowBytes: number;
  readonly dataBytes: number;
  readonly indexBytes: number;
  /** When it was last written to, in seconds since 1970; null where the engine does not say (InnoDB before MySQL 5.7). */
  readonly updatedAt: number | null;
  readonly collation: string | null;
  /** As CREATE_OPTIONS has them, in lower case: `row_format=fixed pack_keys=1 partitioned`. */
  readonly options: string;
  readonly comment: string;
  /** In the order of their definition. */
  readonly columns: readonly ColumnFacts[];
  readonly indexes: readonly IndexFacts[];
  readonly partitions: readonly PartitionFacts[];
}

export interface ForeignKeyFacts {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly parentDatabase: string;
  readonly parentTable: string;
  readonly parentColumns: readonly string[];
}

/** Why the server does not open a view. */
export interface ViewFault {
  /** `denied`: this account may not use something; `invalid`: something that it names is gone or not to be used; `unparsable`: its own text. */
  readonly kind: 'denied' | 'invalid' | 'unparsable';
  /** What the server says. */
  readonly message: string;
  /** A function that this account may not call: `shop.total`. */
  readonly routine?: string;
  /** What the view names and this account does not find. */
  readonly absent?: readonly { readonly kind: 'table' | 'function'; readonly database: string; readonly name: string }[];
}

export interface ViewFacts {
  readonly name: string;
  /** `user@host`. */
  readonly definer: string;
  /** SQL SECURITY INVOKER. */
  readonly runsAsInvoker: boolean;
  readonly definition: string;
  /** What the server says of a view that it cannot open. */
  readonly flaw: string | undefined;
  /** Why, where that could be found out. */
  readonly fault?: ViewFault;
  /** Rights without which its definer cannot use it: `` SELECT on `shop`.`orders` ``; absent where there are none, or they are not known. */
  readonly definerLacks?: readonly string[];
}

/** A trigger, a routine, or an event: its body is kept as it was typed. */
export interface StoredProgram {
  readonly kind: 'trigger' | 'procedure' | 'function' | 'event';
  readonly name: string;
  readonly definer: string;
  /** SQL SECURITY INVOKER: of routines alone. */
  readonly runsAsInvoker: boolean;
  /** The sql_mode under which it was made. */
  readonly sqlMode: string;
  readonly body: string;
  /** Of a trigger: the table that it belongs to. */
  readonly table?: string | undefined;
  /** Of an event: whether it runs. */
  readonly enabled: boolean;
  /** Of an event: whether its time is over, and it is not to be kept then. */
  readonly expired?: boolean;
}

/** What is read only on request, because it costs more than all else: `ferry assess --also`. */
export interface CostlyFacts {
  /** SHOW CREATE TABLE, by table. */
  readonly definitions: ReadonlyMap<string, string>;
  /** Rows whose parent is missing, by foreign key. */
  readonly orphans: ReadonlyMap<string, number>;
  /** What CHECK TABLE says of the tables that are not in order. */
  readonly damages: ReadonlyMap<string, string>;
  /** The longest row, by table: bytes of its strings, and twice those of its binary values, as a dump writes them. */
  readonly longestRows: ReadonlyMap<string, number>;
  /** Values inside JSON documents whose types no text can carry, by type. */
  readonly jsonTypes: readonly { readonly table: string; readonly column: string; readonly counts: Readonly<Record<string, number>> }[];
  /** Keys that are one in a dump, by table and index. */
  readonly floatKeys: ReadonlyMap<string, number>;
  /** Rows with a geometry that the target refuses, by table and column. */
  readonly geometries: ReadonlyMap<string, number>;
}

export interface DatabaseFacts {
  readonly name: string;
  readonly characterSet: string;
  readonly collation: string;
  /** All that is no view. */
  readonly tables: readonly TableFacts[];
  readonly views: readonly ViewFacts[];
  readonly programs: readonly StoredProgram[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
  readonly costly: CostlyFacts;
  /** What the target answered about the views and programs; undefined where no target is named, or there are none. */
  readonly onTarget?: TargetAnswers | undefined;
  /** Read for a branch: indexes, partitions and most foreign keys are left out. */
  readonly isBranch?: boolean;
  /** What a rehearsal on the target has found, where there was one. */
  readonly rehearsal?: Rehearsal | undefined;
}

export interface AccountFacts {
  /** `user@host`. */
  readonly account: string;
  readonly plugin: string;
  /** A password of MySQL before 4.1, of 16 hexadecimal digits. */
  readonly oldHash: boolean;
  /** Global privileges that Amazon Aurora grants to nobody: `SUPER`, `FILE`. */
  readonly serverPrivileges: readonly string[];
}

export interface ServerFacts {
  /** As the server says: `5.6.24-log`, `10.11.6-MariaDB`. */
  readonly version: string;
  /** Global variables, names in lower case. */
  readonly variables: ReadonlyMap<string, string>;
  readonly status: ReadonlyMap<string, string>;
  /** Of the account that reads, as SHOW GRANTS says, without what identifies it. */
  readonly grants: readonly string[];
  readonly databases: ReadonlySet<string>;
  /** Undefined where the account may not read mysql.user. */
  readonly accounts: readonly AccountFacts[] | undefined;
  /** Whether named time zones are known. */
  readonly timeZones: boolean;
  /** Authentication plugins that are active, in lower case. */
  readonly authentication: ReadonlySet<string>;
  /** Reserved words, in upper case; empty where the server has no table of them (before MySQL 8.0). */
  readonly reservedWords: ReadonlySet<string>;
  readonly loadableFunctions: readonly string[];
  /** XA transactions that wait for their COMMIT; undefined where the account may not look. */
  readonly preparedTransactions?: readonly string[] | undefined;
}

export interface Servers {
  /** A branch knows only the version of its source. */
  readonly source: Partial<ServerFacts> & Pick<ServerFacts, 'version'>;
  readonly target: ServerFacts | undefined;
  /** Of a branch: databases that its own refers to and that are not in the migration. */
  readonly missing?: ReadonlySet<string> | undefined;
  /** Base tables of all databases that were assessed. */
  readonly tables?: number | undefined;
}

export const noCostlyFacts: CostlyFacts = { definitions: new Map(), orphans: new Map(), damages: new Map(), longestRows: new Map(), floatKeys: new Map(), geometries: new Map(), jsonTypes: [] };
