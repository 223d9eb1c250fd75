/** The access key of the tests that open an endpoint of their own: nobody is answered without one. */
export const credentials = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'the secret of the tests' };

/** What such an endpoint is started with. */
export function secretOf(accessKeyId: string): string | undefined {
  return accessKeyId === credentials.accessKeyId ? credentials.secretAccessKey : undefined;
}

/** For a process that finds its client's settings in the environment. */
export function keyVariables({ accessKeyId, secretAccessKey } = credentials): Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string> {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}
