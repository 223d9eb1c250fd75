/** AWS Secrets Manager on one machine: secrets live in this process's memory, and are neither written nor logged. */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, notImplemented } from '../endpoint/aws-error.ts';
import type { JsonHandler } from '../endpoint/handlers.ts';

export interface SecretsOptions {
  /** Secret texts by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly account?: string;
  readonly region?: string;
}

export interface Secrets {
  readonly handler: JsonHandler;
  /** The ARN of a secret, for environments that name it. @throws AwsError ResourceNotFoundException */
  arnOf(name: string): string;
  /** The secret's text as it is now. @throws AwsError ResourceNotFoundException */
  textOf(name: string): string;
  /** The ARN of a secret that may be there or not: what it was asked for by, where it is not. */
  readonly knownArn: (id: string) => string;
}

const request = z.object({ SecretId: z.string(), VersionStage: z.literal('AWSCURRENT').optional() });
const putRequest = z.object({ SecretId: z.string(), SecretString: z.string(), ClientRequestToken: z.string().optional() });

interface Secret {
  readonly name: string;
  readonly arn: string;
  text: string;
  /** Another one with each value. */
  version: string;
}

/** A secret is found by its name, its ARN, or its ARN without the six random characters, as on AWS. */
export function createSecrets(options: SecretsOptions): Secrets {
  const base = `arn:aws:secretsmanager:${options.region ?? 'us-east-1'}:${options.account ?? '000000000000'}:secret:`;
  const found = new Map<string, Secret>();
  for (const [name, text] of Object.entries(options.secrets)) {
    const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
    const secret: Secret = { name, arn: `${base}${name}-${suffix}`, text, version: randomUUID() };
    for (const id of [name, secret.arn, `${base}${name}`]) found.set(id, secret);
  }
  const find = (id: string): Secret => {
    const secret = found.get(id);
    if (secret === undefined) throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the secret ${id}.`);
    return secret;
  };
  return {
    arnOf: (name) => find(name).arn,
    textOf: (name) => find(name).text,
    knownArn: (id) => found.get(id)?.arn ?? id,
    handler: (operation, body) =>
      Promise.resolve().then(() => {
        if (operation === 'PutSecretValue') return put(find, body);
        if (operation !== 'GetSecretValue' && operation !== 'DescribeSecret') throw notImplemented('Secrets Manager', operation);
        const parsed = request.safeParse(body);
        if (!parsed.success) throw new AwsError('InvalidParameterException', z.prettifyError(parsed.error));
        const { name, arn, text, version } = find(parsed.data.SecretId);
        if (operation === 'DescribeSecret') return { ARN: arn, Name: name };
        return { ARN: arn, Name: name, SecretString: text, VersionId: version, VersionStages: ['AWSCURRENT'] };
      }),
  };
}

/** A rotated password is given to a runtime at work as it is on AWS. It is gone with the runtime: the next start takes its own options. */
function put(find: (id: string) => Secret, body: unknown): unknown {
  const parsed = putRequest.safeParse(body);
  if (!parsed.success) throw new AwsError('InvalidParameterException', z.prettifyError(parsed.error));
  const secret = find(parsed.data.SecretId);
  secret.text = parsed.data.SecretString;
  secret.version = parsed.data.ClientRequestToken ?? randomUUID();
  return { ARN: secret.arn, Name: secret.name, VersionId: secret.version, VersionStages: ['AWSCURRENT'] };
}
