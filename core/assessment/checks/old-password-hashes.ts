import type { ServerCheck } from '../check.ts';

export const oldPasswordHashes: ServerCheck = {
  id: 'old-password-hashes',
  scope: 'server',
  severity: 'warning',
  catalogue: ['E4', 'I24'],
  cause: 'Accounts have a password hash from before MySQL 4.1 (16 digits).',
  consequence: 'MySQL 8.0 has no such authentication: these accounts cannot be carried over, and recent clients cannot log in with them even on the source.',
  remedy: "Give each a new password on the source, with old_passwords=0: SET PASSWORD FOR 'user'@'host' = PASSWORD('…').",
  *find({ source }) {
    for (const { account, oldHash } of source.accounts ?? []) if (oldHash) yield { object: `account ${account}` };
  },
};
