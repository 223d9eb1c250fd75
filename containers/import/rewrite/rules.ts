/** All rules, in the order in which they are applied: first what leaves a statement out or refuses it. */
import type { ConversionName } from '../../../core/conversions.ts';
import { autoIncrementKey } from './auto-increment-key.ts';
import { checkName } from './check-name.ts';
import { defaultExpression } from './default-expression.ts';
import { definer } from './definer.ts';
import { disabledEvent } from './disabled-event.ts';
import { engineOptions } from './engine-options.ts';
import { explicitCollation } from './explicit-collation.ts';
import { filePlacement } from './file-placement.ts';
import { mariadbCollation } from './mariadb-collation.ts';
import { mariadbComment } from './mariadb-comment.ts';
import { rowFormat } from './row-format.ts';
import type { Rule } from './rule.ts';
import { sandboxLine } from './sandbox-line.ts';
import { serverState } from './server-state.ts';
import { spatialFunctions } from './spatial-functions.ts';
import { sqlMode } from './sql-mode.ts';
import { storageEngine } from './storage-engine.ts';
import { uniqueChecks } from './unique-checks.ts';
import { unsupportedTable } from './unsupported-table.ts';
import { unsupportedType } from './unsupported-type.ts';
import { year2 } from './year-2.ts';

const all: readonly Rule[] = [
  sandboxLine,
  mariadbComment,
  serverState,
  uniqueChecks,
  sqlMode,
  unsupportedTable,
  unsupportedType,
  year2,
  storageEngine,
  rowFormat,
  filePlacement,
  engineOptions,
  mariadbCollation,
  explicitCollation,
  defaultExpression,
  checkName,
  autoIncrementKey,
  spatialFunctions,
  definer,
  disabledEvent,
];

/** @param off those that the operator switched off */
export function rulesWithout(off: readonly ConversionName[]): readonly Rule[] {
  return all.filter(({ name }) => !off.includes(name));
}
