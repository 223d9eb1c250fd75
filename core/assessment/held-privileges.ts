/**
 * What Ferry's account may do on a server that is assessed: worked out once, because it may have a grant for each of
 * its databases.
 */
import { HeldPrivileges, rulesOf } from '../privileges/held.ts';
import { parseGrants } from '../privileges/parse-grants.ts';
import type { ServerFacts, Servers } from './facts.ts';

const known = new WeakMap<readonly string[], HeldPrivileges>();

/** Undefined where its grants are not known. */
export function heldPrivileges(server: Servers['source'] | ServerFacts): HeldPrivileges | undefined {
  const { grants, version, variables = new Map<string, string>(), databases } = server;
  if (grants === undefined) return undefined;
  const held = known.get(grants);
  if (held !== undefined) return held;
  const parsed = parseGrants(grants);
  const made = new HeldPrivileges(parsed, rulesOf(version, variables, parsed), databases);
  known.set(grants, made);
  return made;
}
