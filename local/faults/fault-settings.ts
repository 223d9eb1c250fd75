/**
 * What a test has the local runtime do wrong on purpose, from the file that `AURORA_FERRY_FAULTS` names. The file may be replaced
 * while the runtime works: it is looked at again with every request.
 */
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';

/**
 * What the caller meets. `lost`: the work is done and the answer does not arrive. `twice`: the work is done twice. Of an answer
 * with a body (S3) also `truncated`, where the connection ends half-way, and `stalled`, where it falls silent half-way. Of an event also `dropped`.
 */
export const faultAnswers = ['throttled', 'failed', 'slow', 'lost', 'twice', 'truncated', 'stalled', 'dropped'] as const;
export type FaultAnswer = (typeof faultAnswers)[number];

export const faultServices = ['dynamodb', 's3', 'states', 'ecs', 'lambda', 'sqs', 'sns', 'events'] as const;
export type FaultService = (typeof faultServices)[number];

const faultSchema = z.strictObject({
  /** Different ones of one file differ in it; how often each was met is counted by it. */
  id: z.string(),
  service: z.enum(faultServices),
  /** Of S3 its HTTP methods. All of them unless given. */
  operations: z.array(z.string()).optional(),
  /** Only what is about a resource (an S3 path, a function's name) that holds this text. */
  about: z.string().optional(),
  answer: z.enum(faultAnswers),
  /** The first of so many that match is met, the others pass. */
  every: z.int().min(1).default(1),
  /** Of so many that match the last one passes, whatever else is said: 10 lets a tenth through. */
  passing: z.int().min(2).optional(),
  /** No more than so many. */
  times: z.int().min(1).optional(),
  milliseconds: z.int().min(0).default(1_000),
});
export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

const settingsSchema = z.strictObject({
  faults: z.array(faultSchema).default([]),
  clock: z
    .strictObject({
      /** By which the runtime's clock is wrong. */
      offsetMilliseconds: z.int().default(0),
      /** By which waits of less than a minute are multiplied: those before retries and at the gate. Timeouts are a minute and more. */
      shortWaits: z.number().positive().default(1),
    })
    .prefault({}),
});
export type FaultSettings = z.infer<typeof settingsSchema>;
export type FaultSettingsInput = z.input<typeof settingsSchema>;

export class FaultSettingsFile {
  readonly #file: string;
  #stamp = '';
  #settings: FaultSettings = settingsSchema.parse({});

  /** @throws FerryError InvalidInput when the file is not there or not as it should be */
  constructor(file: string) {
    this.#file = file;
    this.read();
  }

  read(): FaultSettings {
    const stamp = this.#stampOf();
    if (stamp !== this.#stamp) {
      this.#settings = this.#parse();
      this.#stamp = stamp;
    }
    return this.#settings;
  }

  #stampOf(): string {
    const stats = statSync(this.#file, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? '' : `${stats.ino}-${stats.mtimeNs}-${stats.size}`;
  }

  #parse(): FaultSettings {
    try {
      return settingsSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      throw new FerryError('InvalidInput', `AURORA_FERRY_FAULTS names ${this.#file}, which is no file of faults: ${reason}`, { cause: error });
    }
  }
}
