/** What the reading of an allowed statement finds. */
import type { StatementKind } from '../statement-kinds.ts';

export interface Allowed {
  readonly kind: StatementKind;
  /** Its characters are bytes; '' where there is none. */
  readonly object: string;
  /** Further objects that a DROP names. */
  readonly others: readonly string[];
  /** Whether it is harmless and of no use: the import makes the database, locks and commits by itself. */
  readonly isSkipped: boolean;
}

export const ran = (kind: StatementKind, object = ''): Allowed => ({ kind, object, others: [], isSkipped: false });

export const skipped = (kind: StatementKind, object = ''): Allowed => ({ kind, object, others: [], isSkipped: true });

