/** A worker thread that holds one function: imports its bundle once, then answers one invocation at a time. */
import { createRequire, enableCompileCache, flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { LogFile } from '../storage/log-file.ts';
import type { FunctionError, Invocation, WorkerData, WorkerMessage } from './messages.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const data = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');
const post = (message: WorkerMessage): void => {
  port.postMessage(message);
};

enableCompileCache(data.compileCacheDirectory);
writeOutputTo(data.logFile);
try {
  const handler = await loadHandler();
  port.on('message', (invocation: Invocation) => {
    void answer(handler, invocation).then(post);
  });
  post({ initialized: true });
  // Otherwise written at the thread's end, which is not awaited.
  flushCompileCache();
} catch (error) {
  post({ error: errorObject(error) });
}

/** @throws the bundle's own error; Runtime.HandlerNotFound as Lambda names it */
async function loadHandler(): Promise<Handler> {
  const module = (await loadModule(data.modulePath)) as Record<string, unknown>;
  const handler = module[data.exportName];
  if (typeof handler === 'function') return handler as Handler;
  throw Object.assign(new Error(`${data.modulePath} exports no function ${data.exportName}`), { name: 'Runtime.HandlerNotFound' });
}

/** `import` of CommonJS would first parse all of it for its exports. */
async function loadModule(path: string): Promise<unknown> {
  if (path.endsWith('.mjs')) return import(pathToFileURL(path).href);
  return createRequire(import.meta.url)(path) as unknown;
}

async function answer(handler: Handler, invocation: Invocation): Promise<WorkerMessage> {
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    return { result: result === undefined ? 'null' : JSON.stringify(result) };
  } catch (error) {
    return { error: errorObject(error) };
  }
}

/** Source: AWS Lambda Developer Guide, "Using the Lambda context object to retrieve Node.js function information". */
function contextOf({ requestId, deadline }: Invocation): Record<string, unknown> {
  return {
    awsRequestId: requestId,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMegabytes),
    logGroupName: `/aws/lambda/${data.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** As Lambda's own Node.js runtime makes it: the error's name, message and stack; `typeof` of what is no Error. */
function errorObject(thrown: unknown): FunctionError {
  if (thrown instanceof Error) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

/** The thread's console writes straight to the function's log: nothing passes through the main thread. */
function writeOutputTo(file: string): void {
  const log = new LogFile(file);
  const write = ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    log.write(chunk);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  }) as typeof process.stdout.write;
  process.stdout.write = write;
  process.stderr.write = write;
}
