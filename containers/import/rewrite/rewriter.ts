/** Applies the rules to one statement after the other and keeps the audit of what they changed. */
import { conversions } from '../../../core/conversions.ts';
import type { ConversionName } from '../../../core/conversions.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import type { DumpStatement } from '../statement-kinds.ts';
import { readableText } from './readable-text.ts';
import type { RewriteContext, Rule } from './rule.ts';

export interface AuditEntry {
  readonly rule: ConversionName;
  readonly reason: string;
  /** `table users`, `event nightly`, `session`. */
  readonly object: string;
  readonly before: string;
  /** '' when the statement was left out. */
  readonly after: string;
}

export class Rewriter {
  readonly #rules: readonly Rule[];
  readonly #context: RewriteContext;
  readonly audit: AuditEntry[] = [];
  /** Statements that make objects and are not as in the dump; the session's settings are none. */
  conversions = 0;

  constructor(rules: readonly Rule[], context: RewriteContext) {
    this.#rules = rules;
    this.#context = context;
  }

  /** @returns the text to run; '' when the statement is left out */
  rewrite(statement: DumpStatement): string {
    let current = statement;
    for (const rule of this.#rules) {
      if (statement.kind === 'rows' || !rule.kinds.includes(statement.kind) || !rule.concerns.test(current.sql)) continue;
      const after = rule.apply(current, this.#context);
      if (after === undefined) continue;
      this.#record(rule, current, after);
      current = { ...current, sql: after };
      if (after === '') break;
    }
    if (current.sql !== statement.sql && statement.kind !== 'session') this.conversions += 1;
    return current.sql;
  }

  /** Told after the statement was run: the target has made nothing of it. */
  leftOut(rule: ConversionName, statement: DumpStatement): void {
    this.#record({ name: rule }, statement, '');
    this.conversions += 1;
  }

  #record({ name }: Pick<Rule, 'name'>, { kind, object, sql, reading }: DumpStatement, after: string): void {
    this.audit.push({
      rule: name,
      reason: conversions[name].reason,
      object: object === '' ? kind : `${kind} ${textOfBytes(object)}`,
      before: readableText(sql, reading?.characterSet),
      after: readableText(after, reading?.characterSet),
    });
  }
}
