/** What Ferry's account on the source needs for a freeze, on every database, beside what every dump needs. docs/security.md says what for. */
import { writePrivileges } from './account-writes.ts';
import type { freezeModes } from './contracts.ts';

export type FreezeMode = (typeof freezeModes)[number];

/** `revoke` also has to hand its own privileges on (WITH GRANT OPTION): nobody can give back what he may not give. */
export const freezePrivileges = {
  lock: ['RELOAD'],
  revoke: ['RELOAD', ...writePrivileges, 'SUPER'],
} as const satisfies Record<FreezeMode, readonly string[]>;

/** @param account quoted: `'ferry'@'10.%'` */
export function freezeGrant(mode: FreezeMode, account: string): string {
  return `GRANT ${freezePrivileges[mode].join(', ')} ON *.* TO ${account}${mode === 'revoke' ? ' WITH GRANT OPTION' : ''}`;
}
