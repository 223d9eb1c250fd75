import type { Rule } from './rule.ts';

/**
 * One comment from beginning to end. Versions of six digits that are not below 100000 are MariaDB's.
 * Source: MariaDB Knowledge Base, "Comment Syntax"; MySQL Reference Manual, "Comments".
 */
const onlyComment = /^\s*\/\*(?:M!|![1-9]\d{5}\b)(?:[^*]|\*(?!\/))*\*\/\s*$/;

/** Leaves out statements that MySQL reads as nothing: between others, an empty statement is an error. */
export const mariadbComment: Rule = {
  name: 'mariadb-comment',
  kinds: ['session', 'other', 'table', 'view', 'routine', 'event', 'trigger', 'drop', 'database'],
  concerns: /^\s*\/\*(?:M!|![1-9]\d{5}\b)/,
  apply: ({ sql }) => (onlyComment.test(sql) ? '' : undefined),
};
