/** Text and numbers in the picture; widths without a browser: an average of sans-serif fonts, a little on the wide side. */

export const lineHeight = 13;

/** In pixels, at a font size in pixels. */
export function textWidth(text: string, fontSize: number): number {
  let units = 0;
  for (const character of text) units += widthOf(character);
  return Math.ceil(units * fontSize);
}

function widthOf(character: string): number {
  if (/[ijlI.,:;'|! ]/.test(character)) return 0.33;
  if (/[mwMW]/.test(character)) return 0.92;
  return /[A-Z]/.test(character) ? 0.7 : 0.61;
}

/** Breaks at spaces. */
export function wrapText(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > characters) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A tenth of a pixel: what differs by less is the same picture. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
