/** Reads what a server answered: numbers, switches, versions, privileges. */
import { isSystemDatabase } from '../../core/names.ts';
import type { CheckedVariable, ServerFacts } from '../../core/server-check.ts';

/** Undefined when the server has no such variable. */
export function numberOf({ variables }: ServerFacts, name: CheckedVariable): number | undefined {
  const value = variables[name];
  return value === undefined || !/^\d+$/.test(value) ? undefined : Number(value);
}

/** Undefined when the server has no such variable. */
export function isOn({ variables }: ServerFacts, name: CheckedVariable): boolean | undefined {
  const value = variables[name];
  return value === undefined ? undefined : /^(on|1|true|yes|enabled)$/i.test(value);
}

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly isMariaDb: boolean;
  /** As the server says it. */
  readonly text: string;
}

export function versionOf({ version, variables }: ServerFacts): Version {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const isMariaDb = /mariadb/i.test(`${version} ${variables.version_comment ?? ''}`);
  return { major, minor, isMariaDb, text: isMariaDb && !/mariadb/i.test(version) ? `${version} (MariaDB)` : version };
}

/**
 * Those of `wanted` that the account does not have for every database of users, because they were not granted or in part
 * revoked. A master user of Amazon RDS has no rights to write on the server's own schemas, which takes nothing from it here.
 */
export function missingPrivileges({ grants, revokes = [] }: ServerFacts, wanted: readonly string[]): string[] {
  const everywhere = new Set(grants.filter(({ on }) => on === '*.*').flatMap(({ privileges }) => privileges));
  const hasAll = everywhere.has('ALL PRIVILEGES') || everywhere.has('ALL');
  const revoked = new Set(revokes.filter(({ on }) => !isOnSystemDatabase(on)).flatMap(({ privileges }) => privileges));
  return wanted.filter((privilege) => revoked.has(privilege) || !(hasAll || everywhere.has(privilege)));
}

/** @param on as SHOW GRANTS has it: `mysql`.* */
function isOnSystemDatabase(on: string): boolean {
  return isSystemDatabase(/^[`'"]?([^`'".]*)[`'"]?\./.exec(on)?.[1] ?? '');
}

/** `64 MiB`, in the powers of 1024 in which MySQL's sizes are set. */
export function mebibytes(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / 1024 ** 2).toLocaleString('en-US')} MiB`;
}

export function sqlModes({ variables }: ServerFacts): Set<string> {
  return new Set((variables.sql_mode ?? '').split(',').filter((mode) => mode !== ''));
}
