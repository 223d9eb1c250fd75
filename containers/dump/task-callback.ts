/** The way back to the state that waits for a task by its token. */
import { SFNClient, SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand, InvalidToken, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import { FerryError } from '../../core/errors.ts';
import { messageOf } from '../../core/mysql-failures.ts';
import type { Clock } from '../common/clock.ts';

/** The state gives a task up that it has not heard of for 600 s. */
const heartbeatMilliseconds = 15_000;
/** Step Functions' own limit for a cause is 32,768 characters. */
const longestCause = 8_000;

export class TaskCallback {
  readonly #client: SFNClient;
  readonly #token: string;
  readonly #over = new AbortController();
  readonly #ended = new AbortController();

  constructor(client: SFNClient, token: string) {
    this.#client = client;
    this.#token = token;
  }

  /** Aborted when the state no longer waits: its execution was stopped, say. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Says that the task lives, until it has answered. A heartbeat that fails for another reason than the token's end is followed by the next. */
  async beat(clock: Clock): Promise<void> {
    while (!this.#ended.signal.aborted) {
      try {
        await this.#client.send(new SendTaskHeartbeatCommand({ taskToken: this.#token }));
      } catch (error) {
        if (isOver(error)) {
          this.#over.abort();
          return;
        }
      }
      await clock.sleep(heartbeatMilliseconds, this.#ended.signal);
    }
  }

  /** @throws FerryError TaskInterrupted when the state no longer waits; AwsUnavailable */
  async succeed(): Promise<void> {
    this.#ended.abort();
    try {
      await this.#client.send(new SendTaskSuccessCommand({ taskToken: this.#token, output: '{}' }));
    } catch (error) {
      if (isOver(error)) throw new FerryError('TaskInterrupted', 'The state that started this task no longer waits for it.', { cause: error });
      throw new FerryError('AwsUnavailable', `Step Functions could not be told that the task has succeeded: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Never fails: a state that is told nothing gives the task up by itself. */
  async fail(failure: FerryError): Promise<void> {
    this.#ended.abort();
    const request = { taskToken: this.#token, error: failure.name, cause: failure.message.slice(0, longestCause) };
    await this.#client.send(new SendTaskFailureCommand(request)).catch(() => undefined);
  }
}

function isOver(error: unknown): boolean {
  return error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;
}
