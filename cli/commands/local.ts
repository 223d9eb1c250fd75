/** `ferry local`: the local runtime in the foreground. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import type { Runtime, RuntimeOptions } from '../../local/runtime.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions, wholeNumber } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print } from '../context.ts';
import { defaultStateFolder, stateFolder } from '../deployment.ts';
import { findDumpProgram } from '../mysql-programs.ts';
import { readServers, serverOptions, serverShape } from '../servers.ts';

export const localCommand: Command = {
  name: 'local',
  summary: 'Run the local runtime: the AWS services that the workflow needs, on this machine.',
  positionals: '',
  description: [
    'Stays in the foreground until Ctrl-C. Its state is on disk: stopped or killed at any moment, it continues when it is started again.',
  ],
  options: {
    ...serverOptions,
    state: { value: 'FOLDER', help: `Where dumps, records and logs are kept (${defaultStateFolder}).` },
    port: { value: 'PORT', help: 'The port of 127.0.0.1 to listen on (a free one).' },
  },
  examples: ['ferry local --source mysql://root@db1 --source-tls disabled --target mysql://admin@cluster.example'],
  run: local,
};

const optionsSchema = z.object({
  ...serverShape,
  state: z.string().min(1, 'must name a folder').optional(),
  port: wholeNumber(0, 65_535).default(0),
});

async function local(context: Context, values: Values): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const servers = await readServers(context, options);
  const folder = stateFolder(context, options.state);
  const signal = context.interruption();
  const clientPath = (await findDumpProgram(context)) ?? '';
  const log = (message: string): void => {
    print(context.stderr, message);
  };
  log('Starting the local runtime ...');
  const runtime = await listen({
    stateDirectory: folder,
    projectDirectory: fileURLToPath(new URL('../..', import.meta.url)),
    port: options.port,
    ...servers,
    clientPath,
    log,
    ...(await faultsOf(context)),
  });
  log(`The local runtime listens on ${runtime.endpoint}; its state is in ${folder}. Ctrl-C stops it.`);
  await stopRequest(signal);
  log('Stopping the local runtime ...');
  await runtime.stop();
  // The channel to the command that started this one would keep the process alive.
  if (process.connected) process.disconnect();
  return 0;
}

/** What the chaos suite has go wrong. @throws FerryError InvalidInput */
async function faultsOf(context: Context): Promise<Pick<RuntimeOptions, 'watch' | 'clock'>> {
  const file = context.environment['AURORA_FERRY_FAULTS'];
  if (file === undefined) return {};
  const { FaultInjector } = await import('../../local/faults/fault-injector.ts');
  const injector = new FaultInjector(file);
  return { watch: injector, clock: injector.clock };
}

async function listen(options: RuntimeOptions): Promise<Runtime> {
  // Loaded here, so that the other commands start without it.
  const { startRuntime } = await import('../../local/runtime.ts');
  try {
    return await startRuntime(options);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
      throw new FerryError('InvalidInput', `--port ${options.port ?? 0} cannot be listened on: ${error.code}.`, { cause: error });
    }
    throw error;
  }
}

/** Resolves on Ctrl-C or SIGTERM, and when the command that started this one as its child has died. */
function stopRequest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    process.once('disconnect', stop);
  });
}
