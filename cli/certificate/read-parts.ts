/** Takes the file of a certificate apart, as text in canonical JSON: nothing else is what its hash was taken of. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { FerryError } from '../../core/errors.ts';
import { unreadable } from '../files/read-whole.ts';

export interface Part {
  readonly kind: 'head' | 'entry' | 'tail';
  /** An object in canonical JSON, if it is what it should be; whoever understands it compares. */
  readonly text: string;
}

const firstLine = /^\{"certificate":.*"databases":\[$/;
/** A database with ten thousand tables takes 2 MB. */
const longestLine = 2 ** 28;
const shownCharacters = 60;

/** @throws FerryError CertificateInvalid; InvalidInput for a file that cannot be read */
export async function* partsOf(file: string): AsyncGenerator<Part> {
  const handle = await open(file).catch((error: unknown) => Promise.reject(unreadable(`The file ${file}`, error)));
  try {
    yield* partsOfLines(file, handle);
  } finally {
    await handle.close();
  }
}

/** As Ferry writes it, line by line; laid out in another way, the whole at once. */
async function* partsOfLines(file: string, handle: FileHandle): AsyncGenerator<Part> {
  let last: 'nothing' | 'head' | 'entry' | 'entry with a comma' | 'tail' = 'nothing';
  for await (const line of linesOf(file, handle)) {
    if (last === 'nothing') {
      if (!firstLine.test(line)) {
        yield* partsOfWhole(file, handle);
        return;
      }
      yield { kind: 'head', text: `${line.slice(0, -',"databases":['.length)}}` };
      last = 'head';
    } else if (last === 'tail') {
      throw invalid(file, 'something follows its end');
    } else if (line.startsWith('],')) {
      if (last === 'entry with a comma') throw invalid(file, 'the entry after its last comma is missing');
      yield { kind: 'tail', text: `{${line.slice(2)}` };
      last = 'tail';
    } else {
      if (last === 'entry') throw invalid(file, 'two of its entries are not separated');
      yield { kind: 'entry', text: line.replace(/,$/, '') };
      last = line.endsWith(',') ? 'entry with a comma' : 'entry';
    }
  }
  if (last === 'nothing') throw invalid(file, 'it is empty');
}

/** By line feeds alone: a name may hold other characters that break lines. */
async function* linesOf(file: string, handle: FileHandle): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunksOf(file, handle)) {
    const lines = (rest + decode(file, decoder, chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > longestLine) throw invalid(file, 'it is not a certificate of Aurora Ferry');
  }
  rest += decode(file, decoder, undefined);
  if (rest !== '') yield rest;
}

async function* chunksOf(file: string, handle: FileHandle): AsyncGenerator<Uint8Array> {
  const stream = handle.createReadStream({ start: 0, autoClose: false }) as AsyncIterable<Buffer>;
  try {
    yield* stream;
  } catch (error) {
    throw unreadable(`The file ${file}`, error);
  }
}

function decode(file: string, decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (error) {
    throw invalid(file, 'it is not UTF-8', error);
  }
}

async function* partsOfWhole(file: string, handle: FileHandle): AsyncGenerator<Part> {
  const pieces: string[] = [];
  for await (const line of linesOf(file, handle)) pieces.push(line);
  const text = joined(file, pieces);
  const value = parseJson(file, text);
  requireCanonical(file, withoutSpace(text), value);
  const whole = z.looseObject({ certificate: z.unknown(), databases: z.array(z.unknown()) }).safeParse(value);
  if (!whole.success) throw invalid(file, 'it is not a certificate of Aurora Ferry (the HTML is a view of it; check the JSON)');
  const { certificate, databases, ...tail } = whole.data;
  yield { kind: 'head', text: canonical(file, { certificate }) };
  for (const entry of databases) yield { kind: 'entry', text: canonical(file, entry) };
  yield { kind: 'tail', text: canonical(file, tail) };
}

function joined(file: string, lines: readonly string[]): string {
  try {
    return lines.join('\n');
  } catch (error) {
    throw invalid(file, 'it is too large to be read in another layout than its own', error);
  }
}

/** Without the space between the tokens of a JSON text. */
function withoutSpace(json: string): string {
  return json.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+/g, '$1');
}

export function parseJson(file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw invalid(file, 'it is not JSON (the HTML is a view of it; check the JSON)', error);
  }
}

/**
 * Two texts that programs read as one value, and people as two, may not have one hash: a member that stands twice, `__proto__`, which
 * some programs leave out, a number in another form.
 * @param value what was understood of the text
 * @throws FerryError CertificateInvalid
 */
export function requireCanonical(file: string, text: string, value: unknown): void {
  const expected = canonical(file, value);
  if (text === expected) return;
  let same = 0;
  while (text[same] !== undefined && text[same] === expected[same]) same += 1;
  const around = text.slice(Math.max(0, same - shownCharacters), same + shownCharacters);
  throw invalid(file, `it is not in canonical JSON (RFC 8785) near ${around}: a member stands twice, is not in order or does not belong there, or a value is written in another way`);
}

export function canonical(file: string, value: unknown): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    throw invalid(file, 'it holds what has no canonical JSON, such as text that is no Unicode', error);
  }
}

export function invalid(file: string, flaw: string, cause?: unknown): FerryError {
  return new FerryError('CertificateInvalid', `The certificate ${file} does not hold: ${flaw}.`, cause === undefined ? undefined : { cause });
}
