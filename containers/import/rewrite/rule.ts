/** The shape of a rewriting rule: one file, one reason, one kind of change to DDL or session statements. */
import type { ConversionName } from '../../../core/conversions.ts';
import type { DumpStatement, StatementKind } from '../statement-kinds.ts';

export interface RewriteContext {
  /** As the source says: `5.6.24`, `10.11.6-MariaDB`. */
  readonly sourceVersion: string;
  /** What becomes of definers; absent: they stay. */
  readonly definers?: DefinerPolicy | undefined;
  /** Absent where no view calls a function of the database. */
  readonly nativeFunctions?: NativeFunctions | undefined;
}

export interface NativeFunctions {
  readonly database: string;
  /** Of a name in small letters: whether the target has a function of its own of that name. */
  readonly isNative: (name: string) => boolean;
}

export interface DefinerPolicy {
  readonly isOnTarget: (user: string, host: string) => boolean;
  /** Takes the place of those who are not: `` `user`@`host` ``, its characters bytes. */
  readonly replacement: string;
}

export interface Rule {
  /** Its reason is in core/conversions.ts. */
  readonly name: ConversionName;
  readonly kinds: readonly Exclude<StatementKind, 'rows'>[];
  /** What a statement that the rule may change contains: most statements are spared their tokens. */
  readonly concerns: RegExp;
  /**
   * @returns the statement's new text, '' to leave the statement out, undefined when the rule has nothing to change
   * @throws FerryError ImportRejected for what no rewriting can save
   */
  apply(statement: DumpStatement, context: RewriteContext): string | undefined;
}
