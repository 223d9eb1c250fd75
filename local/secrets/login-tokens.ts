/**
 * Tokens of AWS IAM for the servers of a local runtime. Its tasks and functions have credentials of this runtime, which are
 * worth nothing on AWS: so the runtime signs with the operator's, and keeps in a file of its state folder a token that its tasks read
 * for each connection. Written anew every five minutes, it is never older than the fifteen that a server takes it for.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { FerryError } from '../../core/errors.ts';
import { loginToken } from '../../core/mysql/login-token.ts';
import type { ServerAccess } from '../../core/server-access.ts';

const renewMilliseconds = 5 * 60_000;

export interface LoginTokensOptions {
  readonly servers: Readonly<Record<'source' | 'target', ServerAccess>>;
  /** A folder of its own. */
  readonly folder: string;
  readonly log: (message: string) => void;
}

export interface LoginTokens {
  /** As the tasks are told of the servers. */
  readonly servers: LoginTokensOptions['servers'];
  readonly stop: () => void;
}

/** @throws FerryError CredentialsMissing, InvalidInput, when the first token cannot be made */
export async function keepLoginTokens({ servers, folder, log }: LoginTokensOptions): Promise<LoginTokens> {
  const stops: (() => void)[] = [];
  const told = { ...servers };
  for (const role of ['source', 'target'] as const) {
    const access = servers[role];
    if (access.authentication !== 'iam') continue;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = `${folder}/${role}`;
    await writeToken(access, file);
    const timer = setInterval(() => {
      writeToken(access, file).catch((error: unknown) => {
        const { name, message } = FerryError.from(error);
        log(`The token for the ${role} could not be renewed, and logins there will be refused: ${name}: ${message}`);
      });
    }, renewMilliseconds);
    stops.push(() => {
      clearInterval(timer);
      rmSync(file, { force: true });
    });
    told[role] = { ...access, tokenFile: file };
  }
  return {
    servers: told,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

async function writeToken(access: ServerAccess, file: string): Promise<void> {
  writeFileSync(`${file}.new`, await loginToken(access), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
