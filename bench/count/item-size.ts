/** How much of DynamoDB's throughput a request takes. */

/** An attribute value in DynamoDB's own JSON: `{ "S": "…" }`, `{ "N": "1" }`, `{ "M": { … } }`, … */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Bytes of an item as DynamoDB counts them.
 * Source: DynamoDB Developer Guide, "DynamoDB item sizes and formats". A number is "approximately" its length; here one
 * byte for two digits and one more.
 */
export function itemBytes(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueBytes(value)));
}

/** Write units of a request to an item that had `before` bytes and has `after`: the larger counts, 1 KiB is one unit. */
export function writeUnits(before: number, after: number): number {
  return Math.max(1, Math.ceil(Math.max(before, after) / 1024));
}

/** Read units: 4 KiB read consistently is one unit. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) / (consistent ? 1 : 2);
}

function valueBytes(value: AttributeValue): number {
  const [type, content] = Object.entries(value)[0] ?? ['NULL', true];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return Math.ceil(String(content).replace(/[-.]/g, '').length / 2) + 1;
    case 'B':
      return Math.ceil((String(content).length * 3) / 4);
    case 'L':
      return 3 + sum((content as readonly AttributeValue[]).map((member) => 1 + valueBytes(member)));
    case 'M':
      return 3 + sum(Object.entries(content as Item).map(([name, member]) => 1 + Buffer.byteLength(name) + valueBytes(member)));
    default:
      return 1;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
