/**
 * Whether MySQL 8.0 takes a stored geometry: earlier versions took lines of one point, rings of fewer than four, values
 * with more behind them, and nothing at all for a NOT NULL column. Each form was tried on both.
 */
const sridBytes = 4;
const pointBytes = 16;
const [point, line, polygon, collection] = [1, 2, 3, 7];

/** @param value four bytes of SRID, and well-known binary */
export function isGeometry(value: Buffer): boolean {
  return value.length > sridBytes && endOf(value, sridBytes) === value.length;
}

/** Where the geometry ends that begins at `at`; undefined where it is not well formed. */
function endOf(value: Buffer, at: number): number | undefined {
  if (at + 5 > value.length) return undefined;
  const type = value.readUInt32LE(at + 1);
  if (type === point) return at + 5 + pointBytes;
  const count = countAt(value, at + 5);
  if (count === undefined) return undefined;
  if (type === line) return count < 2 ? undefined : at + 9 + count * pointBytes;
  if (type === polygon) return each(count, 1, at + 9, (start) => ringEnd(value, start));
  return type > collection
    ? undefined
    : each(count, type === collection ? 0 : 1, at + 9, (start) => endOf(value, start));
}

function ringEnd(value: Buffer, at: number): number | undefined {
  const points = countAt(value, at);
  return points === undefined || points < 4 ? undefined : at + 4 + points * pointBytes;
}

function countAt(value: Buffer, at: number): number | undefined {
  return at + 4 > value.length ? undefined : value.readUInt32LE(at);
}

function each(
  count: number,
  least: number,
  at: number,
  next: (start: number) => number | undefined,
): number | undefined {
  if (count < least) return undefined;
  let end: number | undefined = at;
  for (let part = 0; part < count && end !== undefined; part += 1) end = next(end);
  return end;
}
