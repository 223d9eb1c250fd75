/** What every task is told by its environment: from its definition and from the state machine's overrides. */
import { z } from 'zod';
import { migrationName, stageSchema } from '../../core/contracts.ts';
import { serviceVariable } from '../../core/event-log.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const taskEnvironmentSchema = z.object({
  ...serviceVariable,
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  STAGE: stageSchema,
  MIGRATION: migrationName,
  DATABASE: z.string().min(1),
  ATTEMPT: z.coerce.number().int().min(1),
  /** ARN of the child execution: the holder of slots. */
  BRANCH: z.string().min(1),
  /** How long a stage may move nothing before it is ended. */
  STALL_MINUTES: z.coerce.number().positive().default(30),
});

export interface Task {
  readonly stage: z.infer<typeof stageSchema>;
  readonly migration: string;
  readonly database: string;
  readonly attempt: number;
  readonly branch: string;
}
