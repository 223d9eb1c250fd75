/** All rules, in the order in which they are applied: first what leaves a statement out or refuses it. */
import type { ConversionName } from '../../../core/conversions.ts';
import { autoIncrementKey } from './auto-increment-key.ts';
import { checkName } from './check-name.ts';
import { defaultExpression } from './default-expression.ts';
import { disabledEvent } from './disabled-event.ts';
import { explicitCollation } from './explicit-collation.ts';
import { filePlacement } from './file-placement.ts';
import { mariadbCollation } from './mariadb-collation.ts';
import { mariadbComment } from './mariadb-comment.ts';
import { mariadbTable } from './mariadb-table.ts';
import { mariadbType } from './mariadb-type.ts';
import { mergeEngine } from './merge-engine.ts';
import { missingDefiner } from './missing-definer.ts';
import { nativeFunctionName } from './native-function-name.ts';
import { oldGeometryFunction } from './old-geometry-function.ts';
import { remoteEngine } from './remote-engine.ts';
import { rowFormat } from './row-format.ts';
import type { Rule } from './rule.ts';
import { sandboxLine } from './sandbox-line.ts';
import { serverState } from './server-state.ts';
import { sqlMode } from './sql-mode.ts';
import { storageEngine } from './storage-engine.ts';
import { tableOptions } from './table-options.ts';
import { trailingSemicolon } from './trailing-semicolon.ts';
import { uniqueChecks } from './unique-checks.ts';
import { yearTwoDigits } from './year-two-digits.ts';

const all: readonly Rule[] = [
  sandboxLine,
  mariadbComment,
  serverState,
  uniqueChecks,
  trailingSemicolon,
  sqlMode,
  mergeEngine,
  remoteEngine,
  mariadbTable,
  mariadbType,
  yearTwoDigits,
  storageEngine,
  rowFormat,
  filePlacement,
  tableOptions,
  mariadbCollation,
  explicitCollation,
  defaultExpression,
  checkName,
  autoIncrementKey,
  oldGeometryFunction,
  nativeFunctionName,
  missingDefiner,
  disabledEvent,
];

/** @param off those that the operator switched off */
export function rulesWithout(off: readonly ConversionName[]): readonly Rule[] {
  return all.filter(({ name }) => !off.includes(name));
}
