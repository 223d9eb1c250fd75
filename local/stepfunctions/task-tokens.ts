import { randomUUID } from 'node:crypto';
import { AwsError } from '../endpoint/aws-error.ts';
import type { Json } from './language/json.ts';

interface Waiting {
  readonly succeed: (output: Json) => void;
  readonly fail: (error: string | undefined, cause: string | undefined) => void;
  readonly heartbeat: () => void;
}

const prefix = 'AQBkYWxv';

/** Whose token it is; undefined for a text that is no token. */
export function stateMachineOfToken(token: string): string | undefined {
  return token.startsWith(prefix) ? Buffer.from(token.slice(prefix.length), 'base64url').toString().split(' ')[1] : undefined;
}

/** The tokens of Tasks that wait for SendTaskSuccess, SendTaskFailure or SendTaskHeartbeat. They end with the process. */
export class TaskTokens {
  readonly #waiting = new Map<string, Waiting>();

  /** @param stateMachineArn of the execution that waits: AWS asks whether the sender may answer this state machine */
  create(stateMachineArn: string): string {
    return `${prefix}${Buffer.from(`${randomUUID()} ${stateMachineArn}`).toString('base64url')}`;
  }

  /** @returns a function that forgets the token */
  wait(token: string, waiting: Waiting): () => void {
    this.#waiting.set(token, waiting);
    return () => this.#waiting.delete(token);
  }

  /** @throws AwsError InvalidToken, TaskTimedOut */
  get(token: string): Waiting {
    const waiting = this.#waiting.get(token);
    if (waiting !== undefined) return waiting;
    if (!token.startsWith(prefix)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
}
