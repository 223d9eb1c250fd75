/**
 * A block of lines at the bottom of a terminal that is redrawn in place. Each redraw is one write of moves and erased
 * line ends (no clearing first), within a synchronized update where the terminal knows it, so that nothing flickers.
 */
import type { OutputStream } from '../context.ts';
import { steady, textWidth, truncate } from './text.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const beginUpdate = '\u001b[?2026h';
const endUpdate = '\u001b[?2026l';
const eraseLineEnd = '\u001b[K';
const eraseBelow = '\u001b[J';

export class LiveScreen {
  readonly #stream: OutputStream;
  #drawn: readonly string[] = [];
  #started = false;

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  get columns(): number {
    return Math.max(20, this.#stream.columns ?? 80);
  }

  /** Replaces the block. Lines are cut to the terminal's width, and the block to its height. */
  draw(lines: readonly string[]): void {
    const fitting = this.#fit(lines);
    const start = this.#started ? '' : hideCursor;
    this.#started = true;
    const body = fitting.map((line) => `${line}${eraseLineEnd}\n`).join('');
    this.#stream.write(`${beginUpdate}${start}${this.#moveToTop()}${body}${eraseBelow}${endUpdate}`);
    this.#drawn = fitting;
  }

  /** Writes lines that stay, above the block. */
  printAbove(lines: readonly string[]): void {
    const body = lines.map((line) => `${steady(line, true)}${eraseLineEnd}\n`).join('');
    this.#stream.write(`${beginUpdate}${this.#moveToTop()}${body}${eraseBelow}${endUpdate}`);
    const block = this.#drawn;
    this.#drawn = [];
    if (block.length > 0) this.draw(block);
  }

  /** Erases the block and gives the cursor back. Safe to call twice. */
  close(): void {
    if (!this.#started) return;
    this.#stream.write(`${this.#moveToTop()}${eraseBelow}${showCursor}`);
    this.#drawn = [];
    this.#started = false;
  }

  #fit(lines: readonly string[]): string[] {
    // The last column stays free: a terminal that wraps early would count one line too many.
    const cut = lines.map((line) => truncate(steady(line, true), this.columns - 1));
    const height = Math.max(4, (this.#stream.rows ?? 24) - 1);
    if (cut.length <= height) return cut;
    return [...cut.slice(0, height - 1), `… ${cut.length - height + 1} more lines`];
  }

  /** A terminal that became narrower since has wrapped the lines drawn: they are as many more. */
  #moveToTop(): string {
    const height = this.#drawn.reduce((total, line) => total + Math.max(1, Math.ceil(textWidth(line) / this.columns)), 0);
    return height === 0 ? '' : `\u001b[${height}A\r`;
  }
}
