/** Text in HTML files: what databases are called, and what servers said, is never markup and steers nothing that shows the file. */
import { printableLines } from '../terminal/text.ts';

/** For contents and for attributes in quotation marks of either kind. */
export function escapeHtml(text: string): string {
  return printableLines(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/** The last thing that is done to a page: a terminal or an editor may show it too, and nothing raw may have slipped through. */
export function* pageOf(pieces: Iterable<string>): Generator<string> {
  for (const piece of pieces) yield printableLines(piece);
}
