/** The shape of a rewriting rule: one file, one reason, one kind of change to DDL or session statements. */
import type { DumpStatement, StatementKind } from '../statement-kinds.ts';

export interface RewriteContext {
  /** As the source says: `5.6.24`, `10.11.6-MariaDB`. */
  readonly sourceVersion: string;
}

export interface Rule {
  readonly name: string;
  /** For the audit's reader: why a statement with this could not stay as it was. */
  readonly reason: string;
  readonly kinds: readonly Exclude<StatementKind, 'rows'>[];
  /** What a statement that the rule may change contains: most statements are spared their tokens. */
  readonly concerns: RegExp;
  /**
   * @returns the statement's new text, '' to leave the statement out, undefined when the rule has nothing to change
   * @throws FerryError ImportRejected for what no rewriting can save
   */
  apply(statement: DumpStatement, context: RewriteContext): string | undefined;
}
