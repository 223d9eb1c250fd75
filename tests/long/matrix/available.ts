/** Which versions can be tested here: two of them are fetched from Maven Central, which not every machine can reach. */
import { mysqlCacheDirectory } from '../../../local/mysql/install.ts';
import { installFromMaven, isMavenReachable } from '../../../local/mysql/maven-archive.ts';
import { mavenServers, versionTitles } from '../../../local/mysql/versions.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';

/**
 * The versions among these that can be run; a line on standard output names every other one.
 * @throws FerryError ServerUnavailable where the archive answers and the version is not to be had all the same
 */
export async function availableOf<Name extends VersionName>(versions: readonly Name[]): Promise<Name[]> {
  const available: Name[] = [];
  for (const version of versions) if (await isAvailable(version)) available.push(version);
  return available;
}

async function isAvailable(version: VersionName): Promise<boolean> {
  const wanted = mavenServers.get(version);
  if (wanted === undefined) return true;
  try {
    await installFromMaven(wanted, { cacheDirectory: mysqlCacheDirectory(process.env), log: console.log });
    return true;
  } catch (error) {
    if (await isMavenReachable()) throw error;
    console.log(`NOT TESTED: ${versionTitles[version]}, which Maven Central has and this machine cannot reach.`);
    return false;
  }
}
