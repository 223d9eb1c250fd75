/**
 * A list of databases as text: one name on each line. Read and written here alone, so that what one part writes another reads as
 * the same names. The rules for people are in docs/operations.md, "Lists".
 */
import { FerryError } from '../errors.ts';
import { quoteIdentifier } from '../names.ts';

export interface ListedName {
  readonly name: string;
  readonly line: number;
}

/** A line that may be meant in more ways than one. */
export interface ListFlaw {
  readonly line: number;
  readonly message: string;
}

export interface ParsedList {
  readonly names: readonly ListedName[];
  readonly flaws: readonly ListFlaw[];
  /** Lines that are comments. */
  readonly comments: readonly number[];
}

/**
 * UTF-8, or UTF-16 with its byte order mark, as Windows writes it.
 * @param what for the message: `The file active.txt`
 * @throws FerryError InvalidInput for bytes that are neither
 */
export function decodeList(bytes: Uint8Array, what: string): string {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  if (encoding === 'utf-8' && bytes.includes(0)) {
    throw new FerryError('InvalidInput', `${what} holds NUL bytes, as UTF-16 without a byte order mark does: save it as UTF-8.`);
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    const name = encoding === 'utf-8' ? 'UTF-8' : 'UTF-16, as its byte order mark says';
    throw new FerryError('InvalidInput', `${what} is not ${name}: save it as UTF-8.`, { cause: error });
  }
}

export function parseList(text: string): ParsedList {
  const names: ListedName[] = [];
  const flaws: ListFlaw[] = [];
  const comments: number[] = [];
  for (const [index, written] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    if (written === '') continue;
    if (isComment(written)) comments.push(line);
    else {
      const read = readLine(written);
      if (read.flaw === undefined) names.push({ name: read.name, line });
      else flaws.push({ line, message: `${shown(written)} ${read.flaw}.` });
    }
  }
  return { names, flaws, comments };
}

/** The name as one line of a list: in backticks where the bare name would be read as something else. */
export function listLine(name: string): string {
  const { names, flaws } = parseList(name);
  return flaws.length === 0 && names.length === 1 && names[0]?.name === name ? name : quoteIdentifier(name);
}

/** `# wave 1`, `## wave 1`, `#`. What has no blank there may be a database (`#1 shop`): where there is none of that name, that is told. */
function isComment(line: string): boolean {
  return /^#(?:[#\s]|$)/.test(line);
}

type Read = { readonly name: string; readonly flaw?: undefined } | { readonly flaw: string };

/** What MySQL allows in a name, and what people do to lists, overlap: what could be either is asked about. */
function readLine(line: string): Read {
  if (line.startsWith('`')) return readQuoted(line);
  if (/^\s/.test(line)) {
    const meant = /^\s+$/.test(line) ? 'leave the line empty' : `write ${shown(line.trim())}`;
    return { flaw: `begins with a blank: ${meant}, or ${quoteIdentifier(line)} if the database's name does` };
  }
  if (/\s$/.test(line) && !line.endsWith(' ')) return { flaw: `ends with a blank: leave it out, or write ${quoteIdentifier(line)} if the database's name has it` };
  if (/^(["']).+\1$/.test(line)) {
    return { flaw: `is in quotation marks: write ${line.slice(1, -1)}, or ${quoteIdentifier(line)} if they belong to the database's name` };
  }
  return { name: line };
}

function readQuoted(line: string): Read {
  if (/^`(?:[^`]|``)+`$/.test(line)) return { name: line.slice(1, -1).replaceAll('``', '`') };
  return { flaw: `begins with a backtick and is no name in backticks: write ${quoteIdentifier(line)} for the database of that name` };
}

const longestShown = 80;

function shown(line: string): string {
  return JSON.stringify(line.length > longestShown ? `${line.slice(0, longestShown)}…` : line);
}
