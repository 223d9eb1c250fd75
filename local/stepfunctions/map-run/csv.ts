import { StatesError } from '../language/errors.ts';
import type { ReaderConfig } from '../language/definition.ts';
import type { JsonObject } from '../language/json.ts';

const delimiters = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

/**
 * The rows of a CSV file as items, one attribute for each header.
 * Source: Developer Guide, input-output-itemreader: CSVHeaderLocation, CSVHeaders, CSVDelimiter.
 * @throws StatesError States.ItemReaderFailed
 */
export async function* csvItems(text: AsyncIterable<string>, config: ReaderConfig): AsyncGenerator<JsonObject> {
  let headers = config.CSVHeaderLocation === 'GIVEN' ? checkedHeaders([...(config.CSVHeaders ?? [])]) : undefined;
  for await (const row of csvRows(text, delimiters[config.CSVDelimiter ?? 'COMMA'])) {
    if (headers === undefined) headers = checkedHeaders(row);
    else yield Object.fromEntries(headers.map((header, column) => [header, row[column] ?? '']));
  }
}

function checkedHeaders(headers: string[]): string[] {
  if (new Set(headers).size === headers.length) return headers;
  throw new StatesError('States.ItemReaderFailed', 'CSV headers cannot contain duplicates.');
}

/** Source of the quoting: RFC 4180. Empty lines are no rows. */
async function* csvRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<string[]> {
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let closing = false;
  for await (const chunk of text) {
    for (const character of chunk) {
      if (quoted) {
        if (character === '"') [quoted, closing] = [false, true];
        else field += character;
      } else if (character === '"' && closing) {
        field += '"';
        [quoted, closing] = [true, false];
      } else if (character === '"' && field === '') {
        quoted = true;
      } else if (character === delimiter) {
        row.push(field);
        [field, closing] = ['', false];
      } else if (character === '\n') {
        row.push(field.endsWith('\r') ? field.slice(0, -1) : field);
        if (row.length > 1 || row[0] !== '') yield row;
        [row, field, closing] = [[], '', false];
      } else {
        field += character;
      }
    }
  }
  row.push(field);
  if (row.length > 1 || row[0] !== '') yield row;
}
