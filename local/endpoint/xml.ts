/** The little XML with which S3 and the query protocol answer: elements with text. */

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
