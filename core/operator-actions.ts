/** What people did with a run, as the `ferry` that they used wrote it down in the bucket. */
import { z } from 'zod';

export const operatorActionSchema = z.object({
  action: z.enum(['start', 'redrive', 'stop']),
  run: z.string(),
  at: z.string(),
  /** The ARN that AWS STS gives the caller; on one machine `user@host`. */
  by: z.string(),
});
export type OperatorAction = z.infer<typeof operatorActionSchema>;
