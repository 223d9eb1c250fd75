/** Whether the bucket of the dumps can be reached by the operator. */
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Check } from '../check.ts';
import { ok, problem, skipped } from '../finding.ts';

export const bucket: Check = {
  name: 'bucket',
  area: 'Stack',
  examine: async (examination) => {
    const { BucketName } = await examination.outputs('BucketName');
    const client = new S3Client({ ...(await examination.configuration()), ...(examination.local ? { forcePathStyle: true } : {}) });
    try {
      await client.send(new HeadBucketCommand({ Bucket: BucketName }));
      return [ok(`${BucketName} answers`)];
    } catch (error) {
      // The answer to HEAD has no body: the status is all that it says.
      const status = error instanceof Error && '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
      if (status === 403) return [skipped('not asked: no permission s3:ListBucket')];
      if (status !== 404) throw error;
      return [problem(`The bucket ${BucketName} is not there`, 'Dumps have nowhere to go.', 'Deploy the stack again; a bucket that was deleted by hand has to be taken out of the stack first.')];
    }
  },
};
