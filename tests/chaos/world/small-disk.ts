/** A file system of its own for a state folder, small enough to be filled. It needs root. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const megabytes = 96;

export function whyNoSmallDisk(): string | undefined {
  return process.getuid?.() === 0 && process.platform === 'linux' ? undefined : 'mounting a small file system needs root, on Linux';
}

export class SmallDisk implements Disposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Undefined where it may not be mounted although this is root: in a container without the right. */
  static mount(directory: string): SmallDisk | undefined {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', directory], { stdio: 'ignore' });
      return new SmallDisk(directory);
    } catch {
      return undefined;
    }
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
