/** The typed values of single documents: at which path each stands, and how an UPDATE puts it there again. */
import { z } from 'zod';
import type { Query } from '../digests/table-digests.ts';
import { quoteIdentifier } from '../names.ts';
import { textLiteral } from '../sql-text.ts';
import { typesThatTextLoses } from './typed-values.ts';
import type { JsonColumn } from './typed-values.ts';

/** One document, as a line of the dump's object of typed values. */
export const typedDocumentSchema = z.object({
  table: z.string(),
  column: z.string(),
  /** The row: a condition on its primary key, as SQL literals by column. */
  key: z.array(z.object({ column: z.string(), kind: z.enum(['number', 'text', 'bytes']), value: z.string() })),
  /** Path, type as JSON_TYPE names it, and the value as the document's text has it. */
  values: z.array(z.tuple([z.string(), z.string(), z.string()])),
});
export type TypedDocument = z.infer<typeof typedDocumentSchema>;
export type DocumentKey = TypedDocument['key'];

interface Scalar {
  readonly path: string;
  /** As the text of the document has it; of a string without its quotes and escapes. */
  readonly text: string;
}

const readAtOnce = 50;
/** What DATE, TIME, DATETIME and binary values look like in a document's text. */
const typedString = /^(?:-?\d+-\d\d-\d\d(?: \d\d:\d\d:\d\d\.\d{6})?|-?\d+:\d\d:\d\d\.\d{6}|base64:type\d+:)/;
/** The 15th digit is the last that every server reads alike: MySQL 8.0 may read another number where there are more. */
const manyDigits = /^-?(?:\d\.?){16,}/;

/** @throws what the server answers */
export async function readTypedDocuments(query: Query, json: JsonColumn, keys: readonly DocumentKey[]): Promise<TypedDocument[]> {
  const documents: TypedDocument[] = [];
  for (let start = 0; start < keys.length; start += readAtOnce) documents.push(...(await readBatch(query, json, keys.slice(start, start + readAtOnce))));
  return documents;
}

async function readBatch(query: Query, { database, table, column }: JsonColumn, keys: readonly DocumentKey[]): Promise<TypedDocument[]> {
  const select = async (expressions: readonly string[]): Promise<Map<number, string>> => {
    const from = `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
    const parts = expressions.flatMap((expression, index) => `SELECT ${index} AS i, ${expression} AS v FROM ${from} WHERE ${conditionOf(keys[index] ?? [])}`);
    const rows = await query<{ i: number | string; v: string | null }>(parts.join(' UNION ALL '));
    return new Map(rows.map(({ i, v }) => [Number(i), v ?? 'null']));
  };
  const name = quoteIdentifier(column);
  const texts = await select(keys.map(() => `CAST(${name} AS CHAR)`));
  const scalars = keys.map((_, index) => scalarsOf(texts.get(index) ?? 'null'));
  const typeOf = ({ path }: Scalar): string => `JSON_TYPE(JSON_EXTRACT(${name}, ${textLiteral(path)}))`;
  const types = await select(scalars.map((each) => `CAST(JSON_ARRAY(${each.map(typeOf).join(', ')}) AS CHAR)`));
  return keys.flatMap((key, index): TypedDocument[] => {
    const found = z.array(z.string().nullable()).parse(JSON.parse(types.get(index) ?? '[]'));
    const values = (scalars[index] ?? []).flatMap(({ path, text }, at): TypedDocument['values'] => {
      const type = found[at] ?? '';
      return isKept(type, text) ? [[path, type, text]] : [];
    });
    return values.length === 0 ? [] : [{ table, column, key, values }];
  });
}

function isKept(type: string, text: string): boolean {
  return typesThatTextLoses.some((lost) => lost === type) || (type === 'DOUBLE' && manyDigits.test(text));
}

/** Numbers, and strings that may be values of another type. */
function scalarsOf(document: string): Scalar[] {
  const found: Scalar[] = [];
  const numbers = new Map<object | undefined, Map<string, string>>();
  // JSON.parse gives a number as a double; its reviver is told how the text has it.
  const reviver = function (this: object, name: string, value: unknown, context?: { readonly source?: string }): unknown {
    if (typeof value !== 'number') return value;
    const own = numbers.get(this) ?? new Map<string, string>();
    numbers.set(this, own.set(name, context?.source ?? String(value)));
    return value;
  };
  const visit = (value: unknown, path: string, text: string | undefined): void => {
    if (typeof value === 'number') found.push({ path, text: text ?? String(value) });
    else if (typeof value === 'string' && typedString.test(value)) found.push({ path, text: value });
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        const step = Array.isArray(value) ? `[${name}]` : `.${JSON.stringify(name)}`;
        visit(inner, `${path}${step}`, numbers.get(value)?.get(name));
      }
    }
  };
  const root = { '': JSON.parse(withEscapedLineBreaks(document), reviver) as unknown };
  const rootText = [...numbers.values()].map((own) => own.get('')).find((text) => text !== undefined);
  visit(root[''], '$', rootText);
  return found;
}

/** MySQL 5.7 breaks the lines of long binary values without escaping the break. */
function withEscapedLineBreaks(document: string): string {
  return document.replaceAll('\n', String.raw`\n`);
}

export function conditionOf(key: DocumentKey): string {
  return key.map(({ column, kind, value }) => `${quoteIdentifier(column)} = ${keyLiteral(kind, value)}`).join(' AND ');
}

function keyLiteral(kind: DocumentKey[number]['kind'], value: string): string {
  if (kind === 'bytes') return `x'${checked(value, /^[0-9A-F]*$/i)}'`;
  return kind === 'number' ? checked(value, /^-?\d+(?:\.\d+)?$/) : textLiteral(value);
}

/** An SQL expression of the very type, or undefined for a value whose type no expression makes. */
export function typedLiteral(type: string, text: string): string | undefined {
  switch (type) {
    case 'DECIMAL':
      return `CAST('${checked(text, /^-?\d+(?:\.\d+)?$/)}' AS DECIMAL(65,${(text.split('.')[1] ?? '').length}))`;
    case 'DOUBLE':
      return /e/i.test(text) ? checked(text, /^-?\d+(?:\.\d+)?e[-+]?\d+$/i) : `${checked(text, /^-?\d+(?:\.\d+)?$/)}e0`;
    case 'DATE':
      return `CAST('${checked(text, /^[-\d]+$/)}' AS DATE)`;
    case 'TIME':
      return `CAST('${checked(text, /^[-\d:.]+$/)}' AS TIME(6))`;
    case 'DATETIME':
      return `CAST('${checked(text, /^[-\d:. ]+$/)}' AS DATETIME(6))`;
    case 'BLOB': {
      // The number is MySQL's code of the column type that the value came from; an expression makes VARBINARY alone.
      const digits = /^base64:type15:([A-Za-z0-9+/=\s]*)$/.exec(text)?.[1];
      return digits === undefined ? undefined : `x'${Buffer.from(digits, 'base64').toString('hex')}'`;
    }
    default:
      return undefined;
  }
}

/** The object may have been altered in the bucket: nothing of it becomes SQL that is not a literal. */
function checked(text: string, form: RegExp): string {
  if (!form.test(text)) throw new Error(`${JSON.stringify(text.slice(0, 40))} is not a value of its type.`);
  return text;
}
