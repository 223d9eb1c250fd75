/** Between which versions the scenarios are played. */
import type { TargetName, VersionName } from '../../../local/mysql/versions.ts';
import type { Scenario } from './scenario.ts';

/** With every run of the tests: nothing has to be fetched from Maven Central. */
export const everyDaySources = ['mysql-5.6', 'mariadb-10.11'] as const satisfies readonly VersionName[];

/** `npm run matrix`: the rest. */
export const matrixSources = {
  'mysql-8.0': ['mysql-5.5', 'mysql-5.6', 'mysql-5.7', 'mariadb-10.11'],
  'mysql-9.7': ['mysql-5.5', 'mysql-5.7', 'mysql-8.0', 'mysql-9.7'],
} as const satisfies Readonly<Record<TargetName, readonly VersionName[]>>;

/** Of these sources those that a scenario is played from; for a dump that was made by other means any one will do. */
export function sourcesOf({ sources, dump }: Scenario, played: readonly VersionName[]): VersionName[] {
  const own = played.filter((source) => sources.includes(source));
  return dump === undefined ? own : own.slice(0, 1);
}
