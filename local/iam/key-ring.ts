/** The access keys that this runtime has issued. They live in its memory, and are worth nothing after it has ended. */
import { randomBytes, randomInt } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Source: IAM User Guide, "Understanding unique ID prefixes": AKIA of a user, ASIA of a role's session. */
export type KeyPrefix = 'AKIA' | 'ASIA';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export class KeyRing {
  readonly #secrets = new Map<string, string>();

  issue(prefix: KeyPrefix): Credentials {
    const accessKeyId = prefix + Array.from({ length: 16 }, () => letters.charAt(randomInt(letters.length))).join('');
    const secretAccessKey = randomBytes(30).toString('base64url');
    this.#secrets.set(accessKeyId, secretAccessKey);
    return { accessKeyId, secretAccessKey };
  }

  readonly secretOf = (accessKeyId: string): string | undefined => this.#secrets.get(accessKeyId);
}
