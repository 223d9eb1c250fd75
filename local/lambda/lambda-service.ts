/** AWS Lambda's Invoke, over the bundled handlers of the package. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../endpoint/aws-error.ts';
import type { LambdaInvocation, LambdaResult } from '../endpoint/handlers.ts';
import type { LocalFunction } from '../template/stack-types.ts';
import { FunctionPool } from './function-pool.ts';
import type { Outcome } from './messages.ts';

export interface LambdaOptions {
  readonly functions: readonly LocalFunction[];
  /** The folder into which a function's zip was unpacked. */
  readonly codeDirectory: (definition: LocalFunction) => string;
  /** What every function gets beside its own variables: endpoint, region, credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** Those of the function's role, as variables of its environment. */
  readonly credentials?: (definition: LocalFunction) => Readonly<Record<string, string>>;
  /** Told before the first invocation of each function. */
  readonly onFirstInvocation?: (definition: LocalFunction) => void;
  readonly logDirectory: string;
  readonly compileCacheDirectory: string;
  /** Invocations of one function at once. */
  readonly maxWorkers?: number;
  readonly log: (message: string) => void;
}

/** Lambda tries an asynchronous invocation again twice, a minute and two minutes later; here sooner. */
const asynchronousRetryMilliseconds = [1_000, 5_000];

export class LambdaService {
  readonly #pools = new Map<string, FunctionPool>();
  /** Functions that were not invoked yet. */
  readonly #fresh = new Map<string, () => void>();
  readonly #log: (message: string) => void;
  readonly #closing = new AbortController();

  constructor(options: LambdaOptions) {
    this.#log = options.log;
    for (const definition of options.functions) {
      const pool = new FunctionPool({
        definition: withExtension(definition, options.codeDirectory(definition)),
        codeDirectory: options.codeDirectory(definition),
        environment: environmentOf(definition, { ...options.environment, ...options.credentials?.(definition) }),
        logFile: join(options.logDirectory, `lambda-${definition.name}.log`),
        compileCacheDirectory: options.compileCacheDirectory,
        maxWorkers: options.maxWorkers ?? 4,
      });
      this.#pools.set(definition.name, pool);
      this.#fresh.set(definition.name, () => options.onFirstInvocation?.(definition));
    }
  }

  /**
   * @param functionName name or ARN, with or without a qualifier
   * @param event JSON text
   * @throws AwsError ResourceNotFoundException
   */
  async invoke(functionName: string, event: string): Promise<Outcome> {
    return this.#pool(functionName).invoke(event);
  }

  /**
   * Tries a failed invocation twice more. Settles when the function has succeeded or was given up, which is logged;
   * rejects when the runtime stops before, so that whoever keeps the event delivers it again.
   * @throws as `invoke`
   */
  async invokeAsynchronously(functionName: string, event: string): Promise<void> {
    const pool = this.#pool(functionName);
    for (const delay of [...asynchronousRetryMilliseconds, undefined]) {
      const outcome = await pool.invoke(event);
      if ('result' in outcome) return;
      this.#closing.signal.throwIfAborted();
      if (delay === undefined) {
        const { errorType, errorMessage } = outcome.error;
        this.#log(`Function ${functionName} failed ${asynchronousRetryMilliseconds.length + 1} times on an event and is not tried again: ${errorType ?? ''}: ${errorMessage}`);
      } else await sleep(delay, undefined, { signal: this.#closing.signal });
    }
  }

  /** The Invoke API. */
  readonly handler = async ({ functionName, payload, invocationType }: LambdaInvocation): Promise<LambdaResult> => {
    const event = payload === '' ? '{}' : payload;
    if (!isJson(event)) throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
    if (invocationType === 'DryRun') {
      this.#pool(functionName);
      return { payload: '' };
    }
    if (invocationType === 'Event') {
      this.#pool(functionName);
      void this.invokeAsynchronously(functionName, event).catch(() => undefined);
      return { payload: '' };
    }
    const outcome = await this.invoke(functionName, event);
    if ('result' in outcome) return { payload: outcome.result };
    return { payload: JSON.stringify(outcome.error), functionError: 'Unhandled' };
  };

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  #pool(functionName: string): FunctionPool {
    const name = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(functionName)?.[1] ?? functionName.split(':')[0] ?? '';
    const pool = this.#pools.get(name);
    if (pool === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404);
    this.#fresh.get(name)?.();
    this.#fresh.delete(name);
    return pool;
  }
}

/** Source: AWS Lambda Developer Guide, "Defined runtime environment variables". */
function environmentOf(definition: LocalFunction, common: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...common,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
    _HANDLER: definition.handler,
    ...definition.environment,
  };
}

/** CloudFormation names the module without its extension; Lambda tries the same ones. */
function withExtension(definition: LocalFunction, codeDirectory: string): LocalFunction {
  const dot = definition.handler.lastIndexOf('.');
  const [module, exported] = [definition.handler.slice(0, dot), definition.handler.slice(dot + 1)];
  const extension = ['.js', '.mjs', '.cjs'].find((each) => existsSync(join(codeDirectory, `${module}${each}`))) ?? '.js';
  return { ...definition, handler: `${module}${extension}.${exported}` };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
