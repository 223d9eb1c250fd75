/**
 * The program behind `ferry assess --try`: rehearses the databases that it is told on standard input, as many at once
 * as it is told, and answers on standard output, each in a line of JSON. When its input ends it drops what it still has
 * and ends.
 */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import { rehearsalRequestSchema } from '../../core/rehearsal/rehearsal.ts';
import type { RehearsalAnswer } from '../../core/rehearsal/rehearsal.ts';
import { parseServerAccess } from '../../core/server-access.ts';
import { runAsProgram } from '../common/program.ts';
import type { Environment } from '../common/task-environment.ts';
import { supportedMysqldump } from '../dump/client-programs.ts';
import { rehearseDatabase } from './rehearse-database.ts';
import type { RehearsalServers } from './rehearse-database.ts';
import { sweepScratch } from './scratch.ts';

const environmentSchema = z.object({
  SOURCE_SECRET: z.string().min(1),
  TARGET_SECRET: z.string().min(1),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});

/** @returns the exit code, from core/errors.ts */
async function run(environment: Environment, stop: AbortSignal): Promise<number> {
  const ended = new AbortController();
  const signal = AbortSignal.any([stop, ended.signal]);
  // Nobody reads any more: what is still worked on is dropped all the same.
  process.stdout.on('error', () => {
    ended.abort();
  });
  try {
    const servers = readServers(environment);
    await supportedMysqldump(servers.searchPath);
    await sweep(servers, signal);
    answer({ id: 0 });
    const working = new Set<Promise<void>>();
    for await (const line of createInterface({ input: process.stdin, signal: stop })) {
      const work = rehearseOne(servers, line, signal).finally(() => working.delete(work));
      working.add(work);
    }
    ended.abort();
    await Promise.all(working);
    return 0;
  } catch (error) {
    const failure = FerryError.from(error);
    answer({ id: 0, error: { name: failure.name, message: failure.message } });
    return failure.exitCode;
  }
}

function readServers(environment: Environment): RehearsalServers {
  const { SOURCE_SECRET, TARGET_SECRET, PATH } = readEnvironment(environmentSchema, environment);
  return {
    source: parseServerAccess('SOURCE_SECRET', SOURCE_SECRET),
    target: parseServerAccess('TARGET_SECRET', TARGET_SECRET),
    searchPath: PATH,
  };
}

async function sweep({ target }: RehearsalServers, signal: AbortSignal): Promise<void> {
  try {
    await sweepScratch(target, signal);
  } catch (error) {
    throw serverFailure('target', target, error);
  }
}

async function rehearseOne(servers: RehearsalServers, line: string, signal: AbortSignal): Promise<void> {
  const { id, database } = rehearsalRequestSchema.parse(JSON.parse(line));
  try {
    answer({ id, rehearsal: await rehearseDatabase(servers, database, signal) });
  } catch (error) {
    const { name, message } = FerryError.from(error);
    answer({ id, error: { name, message } });
  }
}

function answer(value: RehearsalAnswer): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

if (import.meta.main) await runAsProgram(run);
