/** Rows of grant tables. Servers do not agree on the case of column names. */
export type Row = Readonly<Record<string, unknown>>;

export function valueOf(row: Row, column: string): unknown {
  const wanted = column.toLowerCase();
  const key = Object.hasOwn(row, column) ? column : Object.keys(row).find((name) => name.toLowerCase() === wanted);
  return key === undefined ? undefined : row[key];
}

/** '' for NULL and for a column that this server does not have. */
export function textOf(row: Row, column: string): string {
  const value = valueOf(row, column);
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}
