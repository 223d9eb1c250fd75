/** A program that serves the local S3 from the folder in its argument until its standard input ends. */
import { startEndpoint } from '../../../local/endpoint/server.ts';
import { createS3 } from '../../../local/s3/create-s3.ts';
import { bucket } from './start-s3.ts';
import { secretOf } from '../../support/keys.ts';

const s3 = createS3({ directory: process.argv[2] ?? '', clock: () => new Date() });
s3.createBucket(bucket);
const endpoint = await startEndpoint({ secretOf, handlers: { s3: s3.handler } });
process.stdout.write(`${endpoint.url}\n`);
process.stdin.resume();
process.stdin.once('end', () => {
  void endpoint.close().then(() => {
    s3.close();
    process.stdout.write(`${process.resourceUsage().maxRSS}\n`);
  });
});
