/** A password hash as a server stores it. It is a secret: JSON, text and inspection of it are empty, and one method lets it out. */
export class PasswordHash {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  equals(other: PasswordHash): boolean {
    return this.#bytes.equals(other.#bytes);
  }

  /**
   * For the statement that makes the account, and for nothing else. The salt of `caching_sha2_password` has control
   * characters, which only the hexadecimal form carries.
   * Source: MySQL Reference Manual, "CREATE USER Statement": hexadecimal hashes from 8.0.17 on.
   */
  sqlLiteral(): string {
    const text = this.#bytes.toString('latin1');
    return /^[\w*$./=-]+$/.test(text) ? `'${text}'` : `0x${this.#bytes.toString('hex')}`;
  }
}
