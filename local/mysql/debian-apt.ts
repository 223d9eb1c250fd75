/**
 * Fetches packages from Debian's archive with apt, as an ordinary user and without touching what is installed here.
 * apt checks the signature of the Release file with Debian's keyring, and every package's SHA-256 against it.
 */
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FerryError } from '../../core/errors.ts';
import { runProgram } from './programs.ts';

const keyrings = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];

export interface Download {
  /** A folder of its own, for apt's lists and the archives. */
  readonly work: string;
  /** What is fetched, for messages. */
  readonly product: string;
  readonly suite: string;
  readonly packages: readonly string[];
  /** Whether all that the packages depend on is fetched too. */
  readonly dependencies: boolean;
  /** What to do on a machine that cannot use Debian's packages. */
  readonly remedy: string;
}

/**
 * @returns paths of the packages' archives, in the folder `work`
 * @throws FerryError ServerUnavailable when this machine cannot use Debian's packages; Error with what apt says
 */
export async function downloadPackages(download: Download): Promise<string[]> {
  const { work, suite, packages, dependencies } = download;
  const keyring = await checkMachine(download);
  const apt = join(work, 'apt');
  await mkdir(join(apt, 'state', 'lists', 'partial'), { recursive: true });
  await mkdir(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(join(apt, 'status'), '');
  await writeFile(join(apt, 'sources.list'), `deb [signed-by=${keyring}] http://deb.debian.org/debian ${suite} main\n`);
  await writeFile(join(apt, 'apt.conf'), aptConfiguration(apt));
  const aptGet = ['LC_ALL=C', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-c', join(apt, 'apt.conf'), '-q', '-y'];
  await runProgram('env', [...aptGet, 'update']);
  const folder = join(apt, 'cache', 'archives');
  if (dependencies) await runProgram('env', [...aptGet, '--download-only', 'install', ...packages]);
  else await runProgram('env', [...aptGet, 'download', ...packages], folder);
  return (await readdir(folder)).filter((name) => name.endsWith('.deb')).map((name) => join(folder, name));
}

/** The path of Debian's keyring, on a machine that can use its packages. */
async function checkMachine({ product, remedy }: Download): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new FerryError('ServerUnavailable', `There is no ${product} to fetch for ${process.platform} on ${process.arch}. ${remedy}`);
  }
  for (const tool of ['apt-get', 'dpkg-deb']) {
    await runProgram(tool, ['--version']).catch(() => {
      throw new FerryError('ServerUnavailable', `${tool} is needed to fetch ${product} from the Debian archive, and is not here. ${remedy}`);
    });
  }
  for (const keyring of keyrings) {
    if (await exists(keyring)) return keyring;
  }
  throw new FerryError(
    'ServerUnavailable',
    `Debian's keyring is needed to check what is fetched: install the package debian-archive-keyring. ${remedy}`,
  );
}

/**
 * Read after the machine's own configuration: keeps its proxies, replaces its folders and sources, and clears its hooks
 * (which would act on the machine's own caches) and its additional indexes (tens of megabytes that are not needed).
 */
function aptConfiguration(directory: string): string {
  const hooks = ['APT::Update::Pre-Invoke', 'APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success', 'DPkg::Post-Invoke', 'DPkg::Pre-Invoke', 'DPkg::Pre-Install-Pkgs'];
  const indexes = ['DEP-11', 'DEP-11-icons', 'DEP-11-icons-small', 'DEP-11-icons-large', 'DEP-11-icons-hidpi', 'DEP-11-icons-large-hidpi', 'Contents-deb', 'CNF'];
  const settings: Readonly<Record<string, string>> = {
    'Dir::Etc::sourcelist': join(directory, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': join(directory, 'state'),
    'Dir::State::status': join(directory, 'status'),
    'Dir::Cache': join(directory, 'cache'),
    'Dir::Log': directory,
    'APT::Sandbox::User': '',
    'APT::Install-Recommends': 'false',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Debug::NoLocking': 'true',
  };
  return [
    ...hooks.map((hook) => `#clear ${hook};`),
    ...indexes.map((index) => `#clear Acquire::IndexTargets::deb::${index};`),
    ...Object.entries(settings).map(([name, value]) => `${name} "${value}";`),
    '',
  ].join('\n');
}

/** Unpacks an archive over what is in the folder; none of its scripts is run. */
export async function unpackPackage(archive: string, folder: string): Promise<void> {
  await runProgram('dpkg-deb', ['-x', archive, folder]);
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
