/** All rules, in the order in which they are applied. */
import { autoIncrementKey } from './auto-increment-key.ts';
import { disabledEvent } from './disabled-event.ts';
import { explicitCollation } from './explicit-collation.ts';
import { filePlacement } from './file-placement.ts';
import { rowFormat } from './row-format.ts';
import type { Rule } from './rule.ts';
import { serverState } from './server-state.ts';
import { sqlMode } from './sql-mode.ts';
import { storageEngine } from './storage-engine.ts';
import { uniqueChecks } from './unique-checks.ts';

export const rules: readonly Rule[] = [
  storageEngine,
  rowFormat,
  filePlacement,
  explicitCollation,
  autoIncrementKey,
  disabledEvent,
  sqlMode,
  serverState,
  uniqueChecks,
];
