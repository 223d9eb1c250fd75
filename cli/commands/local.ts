/** `ferry local`: the local runtime in the foreground. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
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

/** For tests of what happens without a net: docs/local-runtime.md. */
const environmentSchema = z.object({ FERRY_CHILD_STATUS_EVENTS: z.enum(['on', 'off']).default('on') });

async function local(context: Context, values: Values): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const { FERRY_CHILD_STATUS_EVENTS: childStatusEvents } = readEnvironment(environmentSchema, context.environment);
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
    childStatusEvents: childStatusEvents === 'on',
    log,
    ...(await faultsOf(context)),
  });
  log(`The local runtime listens on ${runtime.endpoint}; its state is in ${folder}. Ctrl-C stops it.`);
  // Where another command started this one, its standard output is a log: keys do not belong there.
  if (!process.connected) printExports(context, runtime);
  await stopRequest(signal);
  log('Stopping the local runtime ...');
  await runtime.stop();
  return 0;
}

/** For the AWS command line, and other clients that are not this command, which finds the keys in `runtime.json`. */
function printExports(context: Context, { endpoint, region, credentials: { operator } }: Runtime): void {
  print(context.stderr, 'Other clients sign with its keys, which are new at each start:');
  const variables = {
    AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: operator.accessKeyId, AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
  };
  for (const [name, value] of Object.entries(variables)) print(context.stdout, `export ${name}=${value}`);
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

async function stopRequest(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
