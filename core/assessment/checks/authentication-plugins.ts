import type { ServerCheck } from '../check.ts';

/** Nothing to authenticate with: MySQL before 5.7 leaves the column empty and means the native one. */
const native = 'mysql_native_password';

export const authenticationPlugins: ServerCheck = {
  id: 'authentication-plugins',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I24'],
  cause: 'Accounts authenticate by a plugin that is not active on the target.',
  consequence: 'They cannot be made there, or nobody can log in with them.',
  remedy: 'Give them a password of mysql_native_password or caching_sha2_password, whichever the target has, before accounts are moved.',
  *find({ source, target }) {
    if (target === undefined) return;
    for (const { account, plugin } of source.accounts ?? []) {
      const needed = plugin === '' ? native : plugin;
      if (needed !== 'mysql_old_password' && !target.authentication.has(needed)) yield { object: `account ${account}`, detail: `plugin ${needed}` };
    }
  },
};
