import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { parseManifestKey } from '../../core/names.ts';
import { recordsOf, s3Client } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { objectCreatedSchema, registerDump } from './register-dump.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const s3 = s3Client();

/** Called by EventBridge when a hand-made manifest appears in the bucket. */
export const handler = lambdaHandler(objectCreatedSchema, async (event, log) => {
  const outcome = await registerDump({ records, s3, now: () => new Date() }, event);
  const { migration, database } = parseManifestKey(event.detail.object.key) ?? {};
  log.write('DumpRegistered', `${event.detail.object.key}: ${outcome.reason ?? 'registered'}.`, { migration, database, ...outcome });
  return outcome;
});
