/** Runs the checks over facts. All findings are reported, in the order of the registry; no check stops another. */
import type { Check, DatabaseCheck, Finding, Occurrence } from './check.ts';
import type { DatabaseFacts, Servers } from './facts.ts';
import { databaseChecks, serverChecks } from './registry.ts';

export function assessServers(servers: Servers): Finding[] {
  return serverChecks.flatMap((check) => findingOf(check, check.find(servers)));
}

export function assessDatabase(database: DatabaseFacts, servers: Servers, checks: readonly DatabaseCheck[] = databaseChecks): Finding[] {
  return checks.flatMap((check) => findingOf(check, check.find(database, servers)));
}

function findingOf({ id, severity }: Check, found: Iterable<Occurrence>): Finding[] {
  const occurrences = [...found];
  return occurrences.length === 0 ? [] : [{ check: id, severity, occurrences }];
}
