/** Failures of Amazon DynamoDB by their name. */
import { FerryError } from '../../core/errors.ts';
import { messageOf } from '../../core/mysql-failures.ts';

/** @throws FerryError RecordsFailed */
export async function withRecords<Result>(what: string, request: () => Promise<Result>): Promise<Result> {
  try {
    return await request();
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    throw new FerryError('RecordsFailed', `${what} failed: ${name}: ${messageOf(error)}`, { cause: error });
  }
}
