/**
 * The client of the other architecture, which is the one that Fargate runs: unpacked by the Dockerfile's own stage, and, where
 * an emulator is at hand, at work on the source. Its image as a whole needs a base image of that architecture.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mainOptions } from '../../containers/dump/mysqldump.ts';
import { clientOptionFile } from '../../core/server-access.ts';
import { findProgram } from '../../local/mysql/install.ts';
import { runTool } from '../../scripts/images/run-tool.ts';
import type { Bench } from '../integration/containers/bench.ts';
import type { Check } from './checks.ts';

export interface ForeignClient {
  readonly architecture: 'amd64' | 'arm64';
  /** The folders /opt/mysql of this and of the machine's own architecture. */
  readonly folder: string;
  readonly nativeFolder: string;
  readonly scratch: string;
}

const emulators = { arm64: 'qemu-aarch64-static', amd64: 'qemu-x86_64-static' };

export async function checkForeignClient(check: Check, client: ForeignClient, bench: Bench): Promise<void> {
  const emulator = await findProgram(emulators[client.architecture], process.env['PATH'] ?? '');
  if (emulator === undefined) {
    console.log(`mysqldump for ${client.architecture}: unpacked, but NOT RUN, because ${emulators[client.architecture]} is not on PATH.`);
    return;
  }
  await check(`the mysqldump for ${client.architecture}, emulated, makes the same dump of the source`, async () => {
    const scratch = await mkdtemp(join(client.scratch, 'client-'));
    try {
      const optionFile = join(scratch, 'client.cnf');
      await writeFile(optionFile, clientOptionFile(bench.source.access, undefined), { mode: 0o600 });
      const [foreign, native] = [await dumpOf([emulator], client.folder, optionFile), await dumpOf([], client.nativeFolder, optionFile)];
      assert.ok(native.length > 500_000, `a dump of ${native.length} characters`);
      assert.equal(foreign, native);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}

/** Without its comments, which name the architecture. */
async function dumpOf(emulator: readonly string[], folder: string, optionFile: string): Promise<string> {
  const lib = join(folder, 'lib');
  const client = [join(lib, 'ld.so'), '--library-path', lib, join(folder, 'bin', 'mysqldump')];
  const options = [`--defaults-file=${optionFile}`, ...mainOptions({ database: 'shop', allTransactional: false }), '--skip-comments', '--', 'shop'];
  const [program = '', ...words] = [...emulator, ...client, ...options];
  return runTool(program, words, { env: { LIBMYSQL_PLUGIN_DIR: join(lib, 'plugin') } });
}
