/** What follows from a server's version, as the server itself says it. */

export function isMariaDb(version: string): boolean {
  return /mariadb/i.test(version);
}

/** Whether a version is `major.minor` or later; MariaDB's numbers are its own, so it is asked for apart. */
export function isAtLeast(version: string, major: number, minor = 0, patch = 0): boolean {
  const [first = 0, second = 0, third = 0] = version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  if (first !== major) return first > major;
  return second === minor ? third >= patch : second > minor;
}

/** MySQL of that version or later; never MariaDB. */
export function isMySqlAtLeast(version: string, major: number, minor = 0, patch = 0): boolean {
  return !isMariaDb(version) && isAtLeast(version, major, minor, patch);
}

/** Whether utf8mb4 without a collation is utf8mb4_general_ci: MySQL before 8.0.1, and MariaDB before 11.5. */
export function utf8mb4MeansGeneral(version: string): boolean {
  return isMariaDb(version) ? !isAtLeast(version, 11, 5) : !isAtLeast(version, 8);
}

/** Sources that the tests migrate from. */
export const testedSources = ['MySQL 5.5', 'MySQL 5.6', 'MySQL 5.7', 'MySQL 8.0', 'MySQL 9.7', 'MariaDB 10.11'] as const;

export function isTestedSource(version: string): boolean {
  const release = /^\d+\.\d+/.exec(version)?.[0] ?? '';
  return testedSources.some((tested) => tested === `${isMariaDb(version) ? 'MariaDB' : 'MySQL'} ${release}`);
}
