/** Failures of Amazon DynamoDB by their name. */
import { FerryError } from '../../core/errors.ts';
import { messageOf } from '../../core/mysql-failures.ts';

/** @throws FerryError RecordsFailed; a failure that has a name of ours keeps it */
export async function withRecords<Result>(what: string, request: () => Promise<Result>): Promise<Result> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof FerryError) throw error;
    const name = error instanceof Error ? error.name : 'Error';
    throw new FerryError('RecordsFailed', `${what} failed: ${name}: ${messageOf(error)}`, { cause: error });
  }
}
