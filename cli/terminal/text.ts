/** Text in terminal columns: names may hold wide characters, combining marks, and characters that steer a terminal. */
import { eastAsianWidth } from 'get-east-asian-width';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
// eslint-disable-next-line no-control-regex -- the control characters are what is looked for
const steering = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb]/g;
// eslint-disable-next-line no-control-regex -- SGR sequences, the only ones that this program writes into lines
const colours = /\u001b\[[0-9;]*m/g;
// eslint-disable-next-line no-control-regex -- of those, the ones of style.ts: none hides text
const ownColours = /(\u001b\[(?:0|1|2|22|31|32|33|36|39)m)/;
const zeroWidth = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;

/** `text` with the characters that would move the cursor, colour or reorder a line written as \xHH or \uHHHH. */
export function printable(text: string): string {
  return text.replace(steering, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** `printable`, but line breaks stay: for messages of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/**
 * What may be written to a terminal or a log, whatever stands in it: `printableLines`, but for the colours of this program, which
 * only a terminal is given.
 */
export function steady(text: string, coloured: boolean): string {
  if (!coloured) return printableLines(text);
  return text.split(ownColours).map((part, index) => (index % 2 === 1 ? part : printableLines(part))).join('');
}

/** A JSON text in which nothing steers a terminal either: the same document, with such characters of its strings as \uHHHH. */
export function steadyJson(json: string): string {
  // Outside of strings JSON has none of them but line breaks.
  return json.replace(steering, (character) => (character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

/** Columns that `text` takes; colour sequences take none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text.replace(colours, ''))) width += segmentWidth(segment);
  return width;
}

function segmentWidth(segment: string): number {
  if (zeroWidth.test(segment)) return 0;
  const code = segment.codePointAt(0);
  return code === undefined ? 0 : eastAsianWidth(code);
}

/** `text` in exactly `width` columns: filled with spaces, or cut with an ellipsis. Not for coloured text. */
export function padEnd(text: string, width: number): string {
  const cut = truncate(text, width);
  return cut + ' '.repeat(Math.max(0, width - textWidth(cut)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** At most `width` columns; colour sequences are kept whole and closed. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  // eslint-disable-next-line no-control-regex -- as `colours`, with the separators kept
  const parts = text.split(/(\u001b\[[0-9;]*m)/);
  let used = 0;
  let result = '';
  let coloured = false;
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) {
      coloured = true;
      result += part;
      continue;
    }
    for (const { segment } of segmenter.segment(part)) {
      const next = segmentWidth(segment);
      if (used + next > width - 1) return `${result}…${coloured ? '\u001b[0m' : ''}`;
      result += segment;
      used += next;
    }
  }
  return result;
}

/** Breaks `text` at spaces into lines of at most `width` columns; a longer word is broken where it must be. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((each) => breakWord(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function breakWord(word: string, width: number): string[] {
  if (word === '') return [];
  if (textWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of segmenter.segment(word)) {
    if (piece !== '' && textWidth(piece) + segmentWidth(segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
