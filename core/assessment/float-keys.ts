/** Keys in which a FLOAT column makes rows unique. */
import type { IndexFacts, TableFacts } from './facts.ts';

export function floatKeysOf({ indexes, columns }: TableFacts): IndexFacts[] {
  const floats = new Set(columns.filter(({ dataType }) => dataType === 'float').map(({ name }) => name));
  return indexes.filter(({ unique, columns: parts }) => unique && parts.some(({ name }) => floats.has(name)));
}
