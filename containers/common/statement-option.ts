/** Tells a server whether one query may hold several statements: COM_SET_OPTION, for which the driver has no call. */
import { EventEmitter } from 'node:events';
import type { Connection } from 'mysql2';

/** Source: MySQL Internals Manual, "COM_SET_OPTION": MYSQL_OPTION_MULTI_STATEMENTS_ON and _OFF. */
const [setOption, on, off] = [0x1b, 0, 1];
const headerBytes = 4;

/** What the driver's connection does with its own commands. */
interface CommandQueue {
  addCommand(command: SetOption): void;
  _resetSequenceId(): void;
  writePacket(packet: { readonly buffer: Buffer; length(): number; writeHeader(sequenceId: number): void }): void;
}

interface Answer {
  isError(): boolean;
  asError(encoding: string): Error;
}

export function allowSeveralStatements(connection: Connection, allowed: boolean, done: (error?: Error) => void): void {
  (connection as unknown as CommandQueue).addCommand(new SetOption(allowed, done));
}

class SetOption extends EventEmitter {
  readonly #allowed: boolean;
  readonly onResult: (error?: Error) => void;

  constructor(allowed: boolean, done: (error?: Error) => void) {
    super();
    this.#allowed = allowed;
    this.onResult = done;
  }

  /** The driver calls it first without a packet, and then with the server's answer. @returns whether the command is done */
  execute(answer: Answer | undefined, queue: CommandQueue): boolean {
    if (answer === undefined) {
      queue._resetSequenceId();
      queue.writePacket(packetOf(this.#allowed));
      return false;
    }
    if (answer.isError()) this.onResult(answer.asError('utf8'));
    else this.onResult();
    this.emit('end');
    return true;
  }
}

function packetOf(allowed: boolean): Parameters<CommandQueue['writePacket']>[0] {
  const payload = [setOption, allowed ? on : off, 0];
  const buffer = Buffer.from([payload.length, 0, 0, 0, ...payload]);
  return {
    buffer,
    length: () => headerBytes + payload.length,
    writeHeader: (sequenceId) => {
      buffer[headerBytes - 1] = sequenceId;
    },
  };
}
