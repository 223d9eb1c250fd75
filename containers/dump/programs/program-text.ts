/**
 * The statement that makes a stored program, in one character set. SHOW CREATE puts it together from parts: the body as
 * the bytes that its client sent, but names, the definer, what a function returns and the comment in UTF-8, and the
 * comment with backslashes whatever the program's sql_mode. Read back as it stands, it makes another program than there
 * was.
 */
import { FerryError } from '../../../core/errors.ts';
import { edited, readingOf, tokensOf } from '../../../core/sql-tokens.ts';
import type { Edit, Reading } from '../../../core/sql-tokens.ts';

export type ProgramKind = 'function' | 'procedure' | 'trigger' | 'event';

export interface ShownProgram {
  readonly kind: ProgramKind;
  readonly name: string;
  /** Of a trigger: the table that it belongs to. */
  readonly table: string | undefined;
  readonly sqlMode: string;
  /** As SHOW CREATE has it; each character is a byte. */
  readonly statement: string;
  readonly characterSet: string;
}

/**
 * Encodes texts in a character set of the source, as the source does.
 * @returns for each its bytes as characters; undefined for one that the character set cannot write
 */
export type Encode = (texts: readonly string[], characterSet: string) => Promise<readonly (string | undefined)[]>;

export interface ProgramText {
  /** Each character is a byte, in the character set of the program's client. */
  readonly sql: string;
  /** User and host; undefined where the statement names none. */
  readonly definer: [user: string, host: string] | undefined;
}

/** UTF-8 itself, and bytes that are taken as they are. */
const asUtf8 = new Set(['utf8', 'utf8mb3', 'utf8mb4', 'binary']);

const identifier = '`(?:[^`]|``)*`|"(?:[^"]|"")*"';
const definerClause = `(?:DEFINER=(?<user>${identifier})@(?<host>${identifier}) )?`;
const head = new RegExp(`^CREATE ${definerClause}(?:AGGREGATE )?(?:(?:PROCEDURE|FUNCTION|EVENT) (?<name>${identifier}))?`, 'd');
/** As MySQL 8.0 writes it; before, a trigger is as it was typed. */
const triggerHead = new RegExp(
  `^TRIGGER (?<name>${identifier}) (?:BEFORE|AFTER) (?:INSERT|UPDATE|DELETE) ON (?<table>${identifier}) FOR EACH ROW`,
  'd',
);
const commentLiteral = String.raw`'(?<comment>(?:[^'\\]|\\[\s\S]|'')*)'`;
/** Behind the parameters of a routine: the type that it returns, and characteristics, a line each. */
const routineTail = new RegExp(
  String.raw`^(?<returns> RETURNS [^\n]*)?\n(?:    [A-Z][A-Z ]*\n)*(?:    COMMENT ${commentLiteral}\n)?`,
  'd',
);
const completion = String.raw`(?:NOT )?PRESERVE (?:ENABLE|DISABLE(?: ON (?:SLAVE|REPLICA))?)`;
const eventTail = new RegExp(
  String.raw`^ ON SCHEDULE [\s\S]*? ON COMPLETION ${completion}(?: COMMENT ${commentLiteral})? DO `,
  'd',
);

/** @throws FerryError DumpFailed for what the client's character set cannot write; what `encode` throws */
export async function programText(shown: ShownProgram, encode: Encode): Promise<ProgramText> {
  const { statement, sqlMode, characterSet } = shown;
  const found = head.exec(statement);
  const { user, host } = found?.groups ?? {};
  const isNamed = user !== undefined && host !== undefined;
  const definer: ProgramText['definer'] = isNamed ? [utf8(unquoted(user)), utf8(unquoted(host))] : undefined;
  const reading = readingOf(sqlMode, characterSet);
  const parts = partsOf(shown, reading).filter(({ text, isComment }) => needsChange(text, isComment, reading));
  if (parts.length === 0) return { sql: statement, definer };
  return { sql: edited(statement, await editsOf(shown, parts, reading, encode)), definer };
}

/** A part of the statement that is UTF-8, without its quotes. */
interface Part {
  readonly start: number;
  readonly end: number;
  /** Its bytes: of a comment escaped as SHOW CREATE does, of a name with its quotes doubled. */
  readonly text: string;
  readonly isComment: boolean;
}

function partsOf(shown: ShownProgram, reading: Reading): Part[] {
  const { statement, kind, name, table } = shown;
  const found = head.exec(statement);
  if (found === null) return [];
  const at = found[0].length;
  const parts = groupsOf(found, 0, { user: undefined, host: undefined, name });
  if (kind === 'trigger') return [...parts, ...groupsOf(triggerHead.exec(statement.slice(at)), at, { name, table })];
  const from = kind === 'event' ? at : endOfParameters(statement, at, reading);
  const tail = (kind === 'event' ? eventTail : routineTail).exec(statement.slice(from));
  return [...parts, ...groupsOf(tail, from, { returns: undefined, comment: undefined })];
}

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * @param names groups to look at; one with a name counts only where it is that name in UTF-8: a server before MySQL 8.0
 * may have kept it as it was typed
 */
function groupsOf(found: RegExpExecArray | null, offset: number, names: Groups): Part[] {
  return Object.entries(names).flatMap(([group, known]): Part[] => {
    const range = found?.indices?.groups?.[group];
    const quoted = found?.groups?.[group];
    if (range === undefined || quoted === undefined) return [];
    const isName = group !== 'comment' && group !== 'returns';
    if (isName && known !== undefined && utf8(unquoted(quoted)) !== known) return [];
    const inside = isName ? 1 : 0;
    const [start, end] = [offset + range[0] + inside, offset + range[1] - inside];
    return [{ start, end, text: quoted.slice(inside, quoted.length - inside), isComment: group === 'comment' }];
  });
}

/** Of a routine; they are as its client sent them. */
function endOfParameters(statement: string, from: number, reading: Reading): number {
  let depth = 0;
  for (const { text, end } of tokensOf(statement.slice(from), reading)) {
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0) return from + end;
  }
  return statement.length;
}

function needsChange(text: string, isComment: boolean, { characterSet, backslashEscapes }: Reading): boolean {
  if (isComment && !backslashEscapes && text.includes('\\')) return true;
  return !asUtf8.has(characterSet) && /[\x80-\xff]/.test(text);
}

async function editsOf(
  shown: ShownProgram,
  parts: readonly Part[],
  { characterSet, backslashEscapes }: Reading,
  encode: Encode,
): Promise<Edit[]> {
  const pieces = parts.map(piecesOf);
  const texts = pieces.flat();
  const encoded = [...(asUtf8.has(characterSet) ? texts.map(bytes) : await encode(texts, characterSet))];
  return parts.map(({ start, end, isComment }, index): Edit => {
    const written = encoded.splice(0, pieces[index]?.length ?? 0).map((piece) => {
      if (piece === undefined) throw unwritable(shown, utf8(shown.statement.slice(start, end)));
      return isComment && backslashEscapes ? piece.replaceAll('\0', '\\0') : piece;
    });
    return { start, end, text: written.join(backslashEscapes ? '\\\\' : '\\') };
  });
}

/** Of a comment what stands between its backslashes: as text, some character sets write one as another character. */
function piecesOf({ text, isComment }: Part): string[] {
  if (!isComment) return [utf8(text)];
  return unescaped(utf8(text))
    .split('\\')
    .map((piece) => piece.replaceAll("'", "''"));
}

function unwritable({ kind, name, characterSet }: ShownProgram, text: string): FerryError {
  const why = `was made by a client with ${characterSet}, which cannot write its ${JSON.stringify(text)}`;
  const remedy = 'make it again on the source after SET NAMES utf8, and redrive';
  return new FerryError('DumpFailed', `The ${kind} \`${name}\` ${why}: ${remedy}.`);
}

/** As a server writes the comment of a routine or an event. */
function unescaped(literal: string): string {
  const characters: Readonly<Record<string, string>> = { "''": "'", '\\0': '\0', '\\n': '\n', '\\r': '\r' };
  return literal.replace(/''|\\[\s\S]/g, (pair) => characters[pair] ?? pair.slice(1));
}

function unquoted(quoted: string): string {
  const quote = quoted.slice(0, 1);
  return quoted.slice(1, -1).replaceAll(quote + quote, quote);
}

function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
