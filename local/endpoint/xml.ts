/** The little XML that S3 and SNS speak: elements with text, no attributes to read. */

/** Text for an element; control characters as references, which S3 sends too. */
export function escapeXml(text: string): string {
  return text.replace(special, (character) => references.get(character) ?? numeric(character));
}

// eslint-disable-next-line no-control-regex -- control characters are among what must be escaped
const special = /[&<>"'\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g;

const references = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

function numeric(character: string): string {
  return `&#x${character.charCodeAt(0).toString(16)};`;
}

/** `<name>text</name>`; nothing when there is no text. */
export function element(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? '' : `<${name}>${escapeXml(String(text))}</${name}>`;
}

/** The contents, still as XML, of each `name` element at any depth (no element of S3's nests in its own kind). */
export function contentsOf(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}\\s*>`, 'g');
  return Array.from(xml.matchAll(pattern), (match) => match[1] ?? '');
}

/** The text of the first `name` element; undefined when there is none. */
export function textOf(xml: string, name: string): string | undefined {
  const content = contentsOf(xml, name)[0];
  return content === undefined ? undefined : unescapeXml(content);
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi, (_, hex?: string, decimal?: string, named?: string) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(parseInt(decimal, 10));
    return characters.get(named ?? '') ?? '';
  });
}

const characters = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
