import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';

/** DynamoDB's largest request; every other API read whole stays below it. */
const largestRequest = 16 * 1024 * 1024;

/** The whole body of a request that is known to be small. @throws AwsError RequestEntityTooLarge */
export async function readBody(request: IncomingMessage, limitBytes = largestRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // A refused body must not cut the connection: the client is to read why.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) throw new AwsError('RequestEntityTooLarge', `The request body is over ${limitBytes} bytes.`, 413);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
