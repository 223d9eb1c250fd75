import type { DatabaseCheck } from '../check.ts';
import type { ColumnFacts, TableFacts } from '../facts.ts';
import { lookAtColumns } from '../look.ts';

/** Functions whose results are floating point numbers, whatever they are given. */
const floating = /\b(?:a?(?:sin|cos|tan)|atan2|cot|degrees|exp|ln|log(?:2|10)?|pi|pow(?:er)?|radians|sqrt)\s*\(/i;

export const generatedArithmetic: DatabaseCheck = {
  id: 'generated-arithmetic',
  scope: 'table',
  severity: 'warning',
  catalogue: [],
  cause: 'A generated column is computed from floating point numbers.',
  consequence:
    'A dump does not hold its values: the target computes them anew, and the last digits may differ from those of the source (of CONCAT(f * f), say). Such a row ends as VerificationMismatch.',
  remedy: 'Round in the expression, or drop the column on the source and add it on the target again after the migration.',
  find: (database) => lookAtColumns(database, (column, table) => describe(column, table)),
};

function describe({ extra, expression }: ColumnFacts, { columns }: TableFacts): string | undefined {
  if (expression === null || !/stored|persistent|virtual/.test(extra)) return undefined;
  const used = columns.filter(({ name, dataType }) => /^(?:float|double)$/.test(dataType) && isNamed(expression, name));
  if (used.length > 0) return `computed from ${used.map(({ name, dataType }) => `${name} (${dataType})`).join(', ')}`;
  const call = floating.exec(expression)?.[0];
  return call === undefined ? undefined : `computed with ${call.replace(/\s*\($/, '').toUpperCase()}`;
}

/** Servers print names in quotes. */
function isNamed(expression: string, name: string): boolean {
  return expression.toLowerCase().includes(`\`${name.replaceAll('`', '``').toLowerCase()}\``);
}
