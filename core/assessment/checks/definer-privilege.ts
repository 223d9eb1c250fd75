import type { ServerCheck } from '../check.ts';
import { heldPrivileges } from '../held-privileges.ts';

export const definerPrivilege: ServerCheck = {
  id: 'definer-privilege',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I6'],
  cause: 'The importing account on the target may not make objects for another definer.',
  consequence: 'Views, triggers, routines and events whose definer is not that account are refused (error 1227).',
  remedy: 'Grant it SET_USER_ID (Aurora MySQL 3), or SET_ANY_DEFINER and ALLOW_NONEXISTENT_DEFINER (8.4); the master user has them by rds_superuser_role.',
  *find({ target }) {
    const held = target === undefined ? undefined : heldPrivileges(target);
    if (held === undefined) return;
    const isMaster = held.parsed.roles.some((role) => role.includes('rds_superuser_role'));
    if (!isMaster && !['SET_USER_ID', 'SET_ANY_DEFINER', 'SUPER'].some((privilege) => held.onServer(privilege))) yield { object: '' };
  },
};
