/** A file system of its own for a state folder, small enough to be filled. It needs root. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const megabytes = 96;

let probed: string | undefined | false = false;

/** Tried once: root may lack the right to mount, in a container. Undefined where it can be done. */
export function whyNoSmallDisk(): string | undefined {
  if (probed === false) probed = probe();
  return probed;
}

function probe(): string | undefined {
  if (process.getuid?.() !== 0) return 'mounting a small file system needs root';
  const directory = mkdtempSync(join(tmpdir(), 'ferry-chaos-disk-'));
  try {
    SmallDisk.mount(directory)[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return `a small file system cannot be mounted: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export class SmallDisk implements Disposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws Error of mount(8) */
  static mount(directory: string): SmallDisk {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', directory], { stdio: 'ignore' });
    return new SmallDisk(directory);
  }

  fill(): void {
    const descriptor = openSync(this.#ballast, 'w', 0o600);
    try {
      for (const size of [1_048_576, 4_096]) this.#writeUntilFull(descriptor, Buffer.alloc(size));
    } finally {
      closeSync(descriptor);
    }
  }

  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.#directory]);
  }

  get #ballast(): string {
    return join(this.#directory, 'ballast');
  }

  #writeUntilFull(descriptor: number, bytes: Buffer): void {
    try {
      for (;;) if (writeSync(descriptor, bytes) < bytes.length) return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
