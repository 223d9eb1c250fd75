/** What a runtime must not leave behind once it has ended. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Trial } from '../trial/trial.ts';
import { processesIn } from '../world/processes.ts';

/** A host whose runtime was killed cleans up for five seconds; a server hears of a dead client at once. */
const leaveMilliseconds = 15_000;

export async function leftoverFlaws(trial: Trial): Promise<string[]> {
  return [...(await processFlaws(trial)), ...(await sessionFlaws(trial)), ...secretFlaws(trial)];
}

/** Temporary files, before a new start may have removed them. */
export function temporaryFiles({ directory }: Trial): string[] {
  return readdirSync(join(directory, 'tmp'), { recursive: true, encoding: 'utf8' });
}

async function processFlaws({ directory }: Trial): Promise<string[]> {
  for (let waited = 0; ; waited += 100) {
    const left = processesIn(directory);
    if (left.length === 0) return [];
    if (waited >= leaveMilliseconds) return left.map(({ pid, commandLine }) => `Process ${pid} is left: ${commandLine}`);
    await sleep(100);
  }
}

async function sessionFlaws({ world }: Trial): Promise<string[]> {
  const flaws: string[] = [];
  for (const server of [world.source, world.target]) {
    for (let waited = 0; ; waited += 200) {
      const sessions = await server.sessions();
      if (sessions.length === 0) break;
      if (waited >= leaveMilliseconds) flaws.push(...sessions.map((session) => `A session is left on the ${server.role}: ${JSON.stringify(session)}`));
      if (waited >= leaveMilliseconds) break;
      await sleep(200);
    }
  }
  return flaws;
}

function secretFlaws({ directory, world }: Trial): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name)).filter((path) => statSync(path).isFile());
  return files.flatMap((path) => {
    const content = readFileSync(path);
    return world.secrets.some((secret) => content.includes(secret)) ? [`${path} holds a password.`] : [];
  });
}
