/**
 * The statement that makes a scratch table on the target: columns as the target's own table has them, and the source's
 * text wherever the two differ. What the target then says of the scratch table is what it makes of that text.
 */
import { quoteIdentifier, scratchTable } from '../../core/names.ts';
import { holdsBytes, quotedLiteral } from '../../core/objects/expressions.ts';
import { ownerAttribute, printedAttribute } from '../../core/objects/structure.ts';
import type { ObjectDifference, Structure, StructureObject } from '../../core/objects/structure.ts';

export interface Sides {
  /** What the objects should be, with the source's texts. */
  readonly expected: Structure;
  readonly found: Structure;
}

/** By the first word of an object's name: attributes that are texts which the target can write anew. */
const askedAttributes: Readonly<Record<string, readonly string[]>> = {
  column: ['type', 'default', 'generated'],
  check: ['expression'],
  index: ['columns'],
  partition: ['expression', 'sub-expression', 'values'],
};

/** Whether a scratch table can tell if the two mean the same. Where one side has nothing, they do not. */
export function canBeAsked({ object, attribute, source, target }: ObjectDifference): boolean {
  return source !== undefined && target !== undefined && attribute !== undefined && askedAttributes[kindOf(object)]?.includes(attribute) === true;
}

export function kindOf(object: string): string {
  return object.slice(0, object.indexOf(' '));
}

export interface ScratchTable {
  readonly sql: string;
  /** What stands for the object of a difference. */
  readonly nameOf: (difference: ObjectDifference) => string;
}

/** @param differences of one table, such as can be asked */
export function scratchTableOf(table: string, { expected, found }: Sides, differences: readonly ObjectDifference[]): ScratchTable {
  const owner = table.slice('table '.length);
  const partOf = (object: string): string => object.slice(kindOf(object).length + 1 + owner.length + 1);
  const named = new Map<string, string>();
  const definitions = columnsOf(table, found).map(([object, column]) => {
    named.set(object, partOf(object));
    return columnSql(partOf(object), asked(column, expected[object] ?? {}, differences.filter((each) => each.object === object)));
  });
  for (const { object, source = '' } of differences) {
    if (kindOf(object) === 'check') {
      named.set(object, `${scratchTable}_${named.size}`);
      definitions.push(`CONSTRAINT ${quoteIdentifier(named.get(object) ?? '')} CHECK (${source})`);
    }
    if (kindOf(object) === 'index') {
      named.set(object, partOf(object));
      definitions.push(`${expected[object]?.['kind'] === 'UNIQUE' ? 'UNIQUE ' : ''}INDEX ${quoteIdentifier(partOf(object))} (${executableParts(source)})`);
    }
  }
  const partitions = chosenPartitions(table, expected, differences);
  return {
    sql: `CREATE TABLE ${quoteIdentifier(scratchTable)} (${definitions.join(', ')}) ENGINE=InnoDB${partitionClause(partitions)}`,
    nameOf: ({ object, attribute }) => {
      // Its expressions each partition has from the table.
      const name = kindOf(object) === 'partition' ? partitionName((attribute === 'values' ? expected[object] : partitions[0]) ?? {}) : named.get(object);
      return `${kindOf(object)} ${scratchTable}.${name ?? ''}`;
    },
  };
}

function columnsOf(table: string, structure: Structure): [string, StructureObject][] {
  return partsOf(table, structure, 'column').sort(([, one], [, other]) => Number(one['position']) - Number(other['position']));
}

function partsOf(table: string, structure: Structure, kind: string): [string, StructureObject][] {
  return Object.entries(structure).filter(([name, part]) => part[ownerAttribute] === table && kindOf(name) === kind);
}

/** The column with the source's texts; what is not asked about it, it does without. */
function asked(column: StructureObject, { [printedAttribute]: printed }: StructureObject, differences: readonly ObjectDifference[]): StructureObject {
  const kept = Object.entries(column).filter(([attribute]) => attribute !== 'default' && attribute !== 'generated');
  const texts = differences.map(({ attribute = '', source = '' }) => [attribute, attribute === 'generated' ? (printed ?? source) : source] as const);
  return Object.fromEntries([...kept, ...texts]);
}

function columnSql(name: string, column: StructureObject): string {
  const { type = '', collation, generated, srid, null: nullability = '', extra = '', default: byDefault } = column;
  const words = [quoteIdentifier(name), type];
  // Servers before 8.0.30 know the collations of utf8mb3 by their old names alone, and later ones by both.
  if (collation !== undefined) words.push(collation === 'binary' ? 'CHARACTER SET binary' : `COLLATE ${collation.replace(/^utf8mb3_/, 'utf8_')}`);
  if (generated !== undefined) words.push(`GENERATED ALWAYS AS (${generated}) ${extra.includes('stored') ? 'STORED' : 'VIRTUAL'}`);
  words.push(nullability);
  if (srid !== undefined) words.push(`SRID ${srid}`);
  if (byDefault !== undefined) words.push(`DEFAULT ${defaultSql(byDefault, column)}`);
  return words.join(' ');
}

/** @param value as `readDefault` gives it */
function defaultSql(value: string, { type = '', collation = null }: StructureObject & { collation?: string | null }): string {
  if (value.startsWith('(')) return value;
  const text = value.slice(1, -1);
  if (holdsBytes({ type, collation })) return text === '0x' ? "''" : text;
  if (/^bit\b/i.test(type)) return text;
  if (/^(?:timestamp|datetime)/i.test(type) && text.startsWith('current_timestamp')) return text;
  return /^(?:tiny|medium|long)?(?:text|blob)\b/i.test(type) ? `(${quotedLiteral(text)})` : quotedLiteral(text);
}

/** Columns and expressions of an index, the columns in quotes. */
function executableParts(columns: string): string {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (const piece of columns.match(/'(?:[^'\\]|\\[\s\S]|'')*'|`(?:[^`]|``)*`|[\s\S]/g) ?? []) {
    if (piece === '(') depth += 1;
    if (piece === ')') depth -= 1;
    const isEnd = piece === ',' && depth === 0;
    if (isEnd) parts.push(part);
    part = isEnd ? '' : part + piece;
  }
  return [...parts, part].map((each) => each.trim().replace(/^[\w$]+/, (name) => quoteIdentifier(name))).join(', ');
}

/** Of its own, because a partition's name and its subpartition's cannot be told apart for certain. */
function partitionName(partition: StructureObject): string {
  const name = `p${placeOf(partition)}`;
  return partition['sub-method'] === undefined ? name : `${name}.${name}sp0`;
}

/** Those whose values differ, or one with any values: what is printed of a partition does not depend on the others. */
function chosenPartitions(table: string, expected: Structure, differences: readonly ObjectDifference[]): StructureObject[] {
  const differing = differences.filter(({ object }) => kindOf(object) === 'partition');
  if (differing.length === 0) return [];
  const ofValues = new Set(differing.filter(({ attribute }) => attribute === 'values').map(({ object }) => expected[object]));
  const all = partsOf(table, expected, 'partition').map(([, partition]) => partition);
  const chosen = ofValues.size === 0 ? all.slice(0, 1).map(withAnyValues) : all.filter((each) => ofValues.has(each));
  const byPlace = new Map(chosen.map((partition) => [placeOf(partition), partition]));
  return [...byPlace.values()].sort((one, other) => Number(placeOf(one)) - Number(placeOf(other)));
}

/** Values of 64 bits are printed as negative numbers, which cannot be given back. */
function withAnyValues(partition: StructureObject): StructureObject {
  const any = { RANGE: 'MAXVALUE', LIST: '0' }[partition['method'] ?? ''];
  return any === undefined ? partition : { ...partition, [printedAttribute]: any };
}

function partitionClause(partitions: readonly StructureObject[]): string {
  const [first] = partitions;
  if (first === undefined) return '';
  const { method = '', expression = '', 'sub-method': subMethod, 'sub-expression': subExpression = '' } = first;
  const inner = subMethod === undefined ? '' : ` SUBPARTITION BY ${subMethod} (${subExpression}) SUBPARTITIONS 1`;
  const each = partitions.map((partition) => `PARTITION p${placeOf(partition)}${valuesSql(method, partition[printedAttribute] ?? partition['values'])}`);
  return ` PARTITION BY ${method} (${expression})${inner} (${each.join(', ')})`;
}

/** Of a partition among the others; of a subpartition, its partition's. */
function placeOf({ position = '' }: StructureObject): string {
  return position.split('.')[0] ?? '';
}

function valuesSql(method: string, values: string | undefined): string {
  if (values === undefined) return '';
  if (method.startsWith('LIST')) return ` VALUES IN (${values})`;
  return values === 'MAXVALUE' && method === 'RANGE' ? ' VALUES LESS THAN MAXVALUE' : ` VALUES LESS THAN (${values})`;
}
