/**
 * The base image that the Dockerfiles name: from its registry, else one that stands in for it. The stand-in is a Debian of
 * the same suite, made by debootstrap from the signed archive, with the Node.js of the project's own packages at the place
 * where the official image has it. It serves to build and run the images where no registry can be reached, not to deploy them.
 */
import { cp, mkdir, mkdtemp, readFile, realpath, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Buildah } from './buildah.ts';
import { runTool, ToolError } from './run-tool.ts';

export interface BaseImage {
  readonly name: string;
  /** For people. */
  readonly from: string;
  readonly standIn: boolean;
}

const standInLabel = 'aurora-ferry.stand-in';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Docker's and Debian's name of this machine's architecture. */
export const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

/** The one name that all Dockerfiles give. */
export async function baseImageName(dockerfiles: readonly string[]): Promise<string> {
  const names = await Promise.all(dockerfiles.map(async (file) => /^ARG NODE_IMAGE=(\S+)$/m.exec(await readFile(file, 'utf8'))?.[1]));
  const [name] = names;
  if (name === undefined || names.some((other) => other !== name)) throw new Error(`The Dockerfiles name different base images: ${names.join(', ')}.`);
  return name;
}

/** @throws ToolError when the registry answers and refuses the image, or debootstrap fails */
export async function provideBaseImage(buildah: Buildah, name: string, folder: string): Promise<BaseImage> {
  const unreachable = await pull(buildah, name);
  if (unreachable === undefined) return { name, from: 'its registry', standIn: false };
  const present = await buildah.inspect(name);
  if (present !== undefined && present.config.Labels[standInLabel] === undefined) return { name, from: 'its registry, pulled earlier', standIn: false };
  const { suite, nodeVersion } = partsOf(name);
  const made = `debootstrap ${suite}, Node.js ${nodeVersion}, ${architecture}`;
  const from = `A STAND-IN (${made}), because the registry cannot be reached: ${unreachable}`;
  if (present?.config.Labels[standInLabel] !== made) await makeStandIn(buildah, { name, suite, nodeVersion, made, folder });
  return { name, from, standIn: true };
}

/** Undefined when it was pulled; why not, when the registry was not reached. */
async function pull(buildah: Buildah, name: string): Promise<string | undefined> {
  try {
    await buildah.run('pull', '--quiet', '--policy', 'always', name);
    return undefined;
  } catch (error) {
    const notReached = /no such host|connection refused|i\/o timeout|no route to host|network is unreachable|server misbehaving|TLS handshake timeout/;
    const reason = error instanceof ToolError ? notReached.exec(error.output)?.[0] : undefined;
    if (reason === undefined) throw error;
    return reason;
  }
}

/** `node:24.21.0-trixie-slim`, with or without registry and digest. */
function partsOf(name: string): { suite: string; nodeVersion: string } {
  const [, nodeVersion, suite] = /node:(\d+\.\d+\.\d+)-(\w+)-slim\b/.exec(name) ?? [];
  if (nodeVersion === undefined || suite === undefined) throw new Error(`Nothing can stand in for ${name}: only for node:VERSION-SUITE-slim.`);
  return { suite, nodeVersion };
}

interface StandIn {
  readonly name: string;
  readonly suite: string;
  readonly nodeVersion: string;
  readonly made: string;
  readonly folder: string;
}

async function makeStandIn(buildah: Buildah, { name, suite, nodeVersion, made, folder }: StandIn): Promise<void> {
  console.log(`Making a Debian ${suite} that stands in for ${name} (once) ...`);
  const root = await mkdtemp(join(folder, 'stand-in-'));
  try {
    await runTool('debootstrap', ['--variant=minbase', `--arch=${architecture}`, `--keyring=${keyring}`, suite, root, 'http://deb.debian.org/debian']);
    await addNode(root, nodeVersion);
    await runTool('chroot', [root, 'groupadd', '--gid', '1000', 'node']);
    await runTool('chroot', [root, 'useradd', '--uid', '1000', '--gid', 'node', '--shell', '/bin/bash', '--create-home', 'node']);
    await runTool('chroot', [root, 'sh', '-c', 'apt-get clean && rm -rf /var/lib/apt/lists/*']);
    const container = await buildah.run('from', 'scratch');
    await buildah.run('add', '--quiet', container, root, '/');
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    await buildah.run('config', '--env', `PATH=${path}`, '--env', `NODE_VERSION=${nodeVersion}`, '--cmd', 'node', '--label', `${standInLabel}=${made}`, container);
    await buildah.run('commit', '--quiet', '--rm', container, name);
  } finally {
    // Not beyond what may still be mounted in it.
    await runTool('rm', ['-rf', '--one-file-system', root]);
  }
}

/** As in the official image: /usr/local/bin/node, and npm, which is the machine's own. */
async function addNode(root: string, version: string): Promise<void> {
  const program = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  const has = (await runTool(program, ['--version'])).trim();
  if (has !== `v${version}`) throw new Error(`The base image has Node.js ${version}, the npm package node ${has}: give both the same version.`);
  await cp(program, join(root, 'usr/local/bin/node'));
  // The command is a link to bin/npm-cli.js of the package.
  const npm = join(await realpath((await runTool('which', ['npm'])).trim()), '../..');
  await mkdir(join(root, 'usr/local/lib/node_modules'), { recursive: true });
  await cp(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
}
