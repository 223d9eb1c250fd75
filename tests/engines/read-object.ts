/**
 * MiniStack has no `aws-sdk:s3:getObject` for Tasks. A function of the harness stands in for it: its parameters and its
 * result are the same, so that of the definition the Resource alone is changed.
 */
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import type { Place } from './workflow.ts';

export const getObject = 'arn:aws:states:::aws-sdk:s3:getObject';

const program = `
exports.handler = async ({ Bucket, Key }) => {
  const path = Key.split('/').map(encodeURIComponent).join('/');
  const answer = await fetch(process.env.AWS_ENDPOINT_URL + '/' + Bucket + '/' + path);
  if (answer.ok) return { Body: await answer.text() };
  throw Object.assign(new Error('The specified key does not exist.'), { name: 'S3.NoSuchKeyException' });
};
`;

/** @returns the ARN of the function */
export async function makeObjectReader(place: Place): Promise<string> {
  const client = new LambdaClient(place);
  const { FunctionArn: arn } = await client.send(
    new CreateFunctionCommand({
      FunctionName: 'read-object',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/read-object',
      Code: { ZipFile: zipSync({ 'index.js': new TextEncoder().encode(program) }) },
    }),
  );
  client.destroy();
  return arn ?? '';
}
