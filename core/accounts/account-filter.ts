/** Which accounts an operator wants to be moved: patterns to include and to exclude. */
import { z } from 'zod';
import type { LeftOutReason } from './report.ts';
import type { AccountName } from './source-account.ts';

/**
 * `user@host`, or `user` on any host; `*` stands for any characters, `?` for one. A host's `%` is a character like
 * others.
 */
export const accountPattern = z.string().min(1, 'must name an account').max(300, 'is too long');

export const accountFilterSchema = z.object({ include: z.array(accountPattern), exclude: z.array(accountPattern) });
export type AccountFilter = z.infer<typeof accountFilterSchema>;

export const allAccounts: AccountFilter = { include: [], exclude: [] };

/** Undefined for an account that is to be moved. An administrator has to be named: a wildcard never means one. */
export function reasonOfFilter(
  { include, exclude }: AccountFilter,
  account: AccountName,
  isAdministrator: boolean,
): LeftOutReason | undefined {
  if (exclude.some((pattern) => isLike(account, pattern))) return 'excluded';
  const included = include.filter((pattern) => isLike(account, pattern));
  if (isAdministrator && !included.some((pattern) => !/[*?]/.test(partsOf(pattern).user))) return 'administrator';
  return include.length > 0 && included.length === 0 ? 'not-included' : undefined;
}

function isLike({ user, host }: AccountName, pattern: string): boolean {
  const wanted = partsOf(pattern);
  return expressionOf(wanted.user, '').test(user) && (wanted.host === undefined || expressionOf(wanted.host, 'i').test(host));
}

function partsOf(pattern: string): { readonly user: string; readonly host: string | undefined } {
  const at = pattern.lastIndexOf('@');
  return at < 0 ? { user: pattern, host: undefined } : { user: pattern.slice(0, at), host: pattern.slice(at + 1) };
}

function expressionOf(pattern: string, flags: string): RegExp {
  const parts = Array.from(pattern, (character) => (character === '*' ? '[^]*' : character === '?' ? '[^]' : character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, `${flags}u`);
}
