/** What is wrong with the text of a path or an intrinsic; its message reads on after the text itself. */
export class LanguageSyntaxError extends Error {
  override readonly name = 'LanguageSyntaxError';
}

/** A position in a text, moved on by what is recognised there. */
export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.position >= this.text.length;
  }

  sees(token: string): boolean {
    return this.text.startsWith(token, this.position);
  }

  take(token: string): boolean {
    if (!this.sees(token)) return false;
    this.position += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`expected \`${token}\``);
  }

  /** @param pattern a sticky expression (flag y) */
  takePattern(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.position += match[0].length;
    return match[0];
  }

  skipSpaces(): void {
    this.takePattern(/\s+/y);
  }

  /** The text between quotes, with `\` before the quote or another `\` an escape; undefined when no quote stands here. */
  takeQuoted(): string | undefined {
    const quote = this.sees("'") ? "'" : '"';
    if (!this.take(quote)) return undefined;
    let value = '';
    while (!this.take(quote)) {
      // AWS's recorded answer: in single quotes, a double one with a `\` before it is two characters of the name.
      if (this.sees(`\\${quote}`) || this.sees('\\\\')) this.position += 1;
      if (this.done) this.fail('a string is not closed');
      value += this.text.charAt(this.position);
      this.position += 1;
    }
    return value;
  }

  fail(problem: string): never {
    throw new LanguageSyntaxError(`${problem} at character ${this.position + 1}`);
  }
}
