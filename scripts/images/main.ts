/**
 * `npm run images`: lints the Dockerfiles, builds both images without a daemon (buildah, as root), and runs the task
 * programs inside them against test servers. Storage, stand-in and tools are in the cache folder (docs/images.md).
 */
import { join } from 'node:path';
import { containerNames } from '../../containers/build.ts';
import type { ContainerName } from '../../containers/build.ts';
import { findProgram, mysqlCacheDirectory } from '../../local/mysql/install.ts';
import { takeLock } from '../../local/package/process-lock.ts';
import { checkImages } from '../../tests/images/checks.ts';
import { architecture, baseImageName, provideBaseImage } from './base-image.ts';
import { Buildah } from './buildah.ts';
import type { MountedImage } from './container.ts';
import { lintDockerfiles } from './dockerfile-lint.ts';
import { machineSettings } from './machine-settings.ts';

const project = join(import.meta.dirname, '../..');
const dockerfileOf = (name: ContainerName): string => join(project, 'containers', name, 'Dockerfile');
const imageOf = (name: ContainerName): string => `localhost/aurora-ferry/${name}:checked`;
const dockerfiles = containerNames.map(dockerfileOf);
const foreignImage = 'localhost/aurora-ferry/foreign-client:checked';

try {
  await requireTools();
  const cacheDirectory = mysqlCacheDirectory(process.env);
  await lintDockerfiles(dockerfiles, cacheDirectory);
  const folder = join(cacheDirectory, 'images');
  const lock = await takeLock(join(folder, 'lock'), () => {
    console.log('Waiting for another process, which is building images ...');
  });
  try {
    await buildAndCheck(folder);
  } finally {
    lock.release();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function requireTools(): Promise<void> {
  const remedy = 'As root on Debian, scripts/images/install-tools installs what is needed.';
  if (process.getuid?.() !== 0) throw new Error(`Images are built and run as root: debootstrap, chroot and mounts need it. ${remedy}`);
  for (const tool of ['buildah', 'debootstrap', 'runc', 'gpgv']) {
    if ((await findProgram(tool, process.env['PATH'] ?? '')) === undefined) throw new Error(`${tool} is needed, and is not on PATH. ${remedy}`);
  }
}

async function buildAndCheck(folder: string): Promise<void> {
  const buildah = await Buildah.open(folder);
  try {
    const base = await provideBaseImage(buildah, await baseImageName(dockerfiles), folder);
    console.log(`base image ${base.name}: from ${base.from}`);
    const build = builder(buildah, await machineSettings(folder, process.env));
    for (const name of containerNames) {
      const startedAt = performance.now();
      await build(name, imageOf(name));
      const [size, baseSize] = [await buildah.sizeOf(imageOf(name)), await buildah.sizeOf(base.name)];
      console.log(`built ${imageOf(name)}: ${size}, of which the base ${baseSize}; ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    }
    const client = await foreignClient(buildah, build);
    const [dump, imports] = [await mounted(buildah, 'dump'), await mounted(buildah, 'import')];
    const foreign = { ...client, nativeFolder: join(dump.root, 'opt/mysql'), scratch: folder };
    const passed = await checkImages({ dump, import: imports, foreignClient: foreign, folder });
    console.log(`images: ${containerNames.length} built on ${base.standIn ? 'A STAND-IN for the base image' : 'the base image'}, ${passed} checks passed`);
  } finally {
    await buildah.removeContainers();
    await buildah.removeImages(foreignImage);
  }
}

type Build = (name: ContainerName, tag: string, ...words: string[]) => Promise<string>;

function builder(buildah: Buildah, settings: readonly string[]): Build {
  // buildah before 1.31 does not know BUILDPLATFORM by itself.
  const always = ['build', '--pull=never', '--build-arg', `BUILDPLATFORM=linux/${architecture}`, ...settings];
  return (name, tag, ...words) => buildah.run(...always, ...words, '--file', dockerfileOf(name), '--tag', tag, project);
}

/** By the stage that unpacks the client: as in a build for that platform, it runs on this machine's own. */
async function foreignClient(buildah: Buildah, build: Build): Promise<{ architecture: 'amd64' | 'arm64'; folder: string }> {
  const other = architecture === 'amd64' ? 'arm64' : 'amd64';
  const startedAt = performance.now();
  await build('dump', foreignImage, '--platform', `linux/${other}`, '--target', 'client');
  console.log(`unpacked mysqldump for ${other}; ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return { architecture: other, folder: join(await buildah.mount(foreignImage, other), 'opt/mysql') };
}

async function mounted(buildah: Buildah, name: ContainerName): Promise<MountedImage> {
  const image = await buildah.inspect(imageOf(name));
  if (image === undefined) throw new Error(`There is no image ${imageOf(name)}.`);
  return { image, root: await buildah.mount(imageOf(name), architecture) };
}
