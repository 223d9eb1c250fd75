/**
 * Runs an image as its task definition does: the image's user and entry point as process 1, without capabilities, on a
 * read-only root file system. Only its volumes are writable, in memory, with the mode that the image gives them.
 * By runc, from a bundle as the Open Container Initiative's runtime specification describes it; the network is the machine's.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Image } from './buildah.ts';
import { runTool } from './run-tool.ts';

export interface MountedImage {
  readonly image: Image;
  /** The folder of its root file system. */
  readonly root: string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of the entry point. */
  readonly command?: readonly string[];
  /** Not even the volumes are writable. */
  readonly writesNothing?: boolean;
}

export class Container {
  readonly ended: Promise<Ended>;
  readonly #stop: () => Promise<void>;

  private constructor(ended: Promise<Ended>, stop: () => Promise<void>) {
    this.ended = ended;
    this.#stop = stop;
  }

  /** @param folder for runc's state and the bundle, which is removed when the container has ended */
  static async start(mounted: MountedImage, folder: string, options: StartOptions = {}): Promise<Container> {
    const states = join(folder, 'runc');
    await mkdir(states, { recursive: true });
    const bundle = await mkdtemp(join(folder, 'ferry-'));
    await writeFile(join(bundle, 'config.json'), JSON.stringify(await configuration(mounted, options)));
    const child = spawn('runc', ['--root', states, 'run', '--bundle', bundle, basename(bundle)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'close').then(async () => {
      await rm(bundle, { recursive: true, force: true });
      return { exitCode: child.exitCode, stdout, stderr };
    });
    return new Container(ended, async () => {
      await runTool('runc', ['--root', states, 'kill', basename(bundle), mounted.image.config.StopSignal ?? 'SIGTERM']);
    });
  }

  /** As ECS stops a task: the image's stop signal to process 1. */
  stop(): Promise<void> {
    return this.#stop();
  }
}

async function configuration({ image, root }: MountedImage, options: StartOptions): Promise<unknown> {
  const { User, Env, Entrypoint, Cmd, WorkingDir, Volumes } = image.config;
  const [uid, gid] = User.split(':').map(Number);
  if (uid === undefined || gid === undefined || !(uid > 0) || !(gid > 0)) throw new Error(`The image's user is not a number other than root's: "${User}".`);
  const added = Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`);
  const none: readonly string[] = [];
  return {
    ociVersion: '1.0.2',
    hostname: 'task',
    root: { path: root, readonly: true },
    process: {
      user: { uid, gid },
      args: options.command ?? [...Entrypoint, ...Cmd],
      env: [...Env, ...added],
      cwd: WorkingDir,
      noNewPrivileges: true,
      capabilities: { bounding: none, effective: none, permitted: none, inheritable: none, ambient: none },
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'] },
      ...(options.writesNothing === true ? [] : await volumes(root, Object.keys(Volumes))),
    ],
    linux: {
      namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })),
      maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  };
}

/** Source: Amazon ECS Developer Guide, "Use bind mounts with Amazon ECS": owner and mode come from the image's VOLUME. */
function volumes(root: string, paths: readonly string[]): Promise<unknown[]> {
  return Promise.all(
    paths.map(async (destination) => {
      const { mode, uid, gid } = await stat(join(root, destination));
      const options = ['nosuid', 'nodev', 'noexec', `mode=${(mode & 0o7777).toString(8)}`, `uid=${uid}`, `gid=${gid}`];
      return { destination, type: 'tmpfs', source: 'tmpfs', options };
    }),
  );
}
