import type { ServerCheck } from '../check.ts';

export const definerPrivilege: ServerCheck = {
  id: 'definer-privilege',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I6'],
  cause: 'The importing account on the target may not make objects for another definer.',
  consequence: 'Views, triggers, routines and events whose definer is not that account are refused (error 1227).',
  remedy: 'Grant it SET_USER_ID (Aurora MySQL 3), or SET_ANY_DEFINER and ALLOW_NONEXISTENT_DEFINER (8.4); the master user has them by rds_superuser_role.',
  *find({ target }) {
    if (target === undefined) return;
    const global = target.grants.filter((grant) => / ON \*\.\* /i.test(`${grant} `) || grant.includes('rds_superuser_role'));
    const held = /\b(?:SET_USER_ID|SET_ANY_DEFINER|SUPER|ALL PRIVILEGES)\b|rds_superuser_role/i;
    if (!global.some((grant) => held.test(grant))) yield { object: '' };
  },
};
