/** AWS Secrets Manager on one machine: secrets live in this process's memory, and are neither written nor logged. */
import { createHash } from 'node:crypto';
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
  /** The ARN of a secret that may be there or not: what it was asked for by, where it is not. */
  readonly knownArn: (id: string) => string;
}

const request = z.object({ SecretId: z.string(), VersionStage: z.literal('AWSCURRENT').optional() });

/** A secret is found by its name, its ARN, or its ARN without the six random characters, as on AWS. */
export function createSecrets(options: SecretsOptions): Secrets {
  const base = `arn:aws:secretsmanager:${options.region ?? 'us-east-1'}:${options.account ?? '000000000000'}:secret:`;
  const found = new Map<string, { readonly name: string; readonly arn: string }>();
  for (const name of Object.keys(options.secrets)) {
    const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
    const secret = { name, arn: `${base}${name}-${suffix}` };
    for (const id of [name, secret.arn, `${base}${name}`]) found.set(id, secret);
  }
  const find = (id: string): { readonly name: string; readonly arn: string } => {
    const secret = found.get(id);
    if (secret === undefined) throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the secret ${id}.`);
    return secret;
  };
  return {
    arnOf: (name) => find(name).arn,
    knownArn: (id) => found.get(id)?.arn ?? id,
    handler: (operation, body) =>
      Promise.resolve().then(() => {
        if (operation !== 'GetSecretValue' && operation !== 'DescribeSecret') throw notImplemented('Secrets Manager', operation);
        const parsed = request.safeParse(body);
        if (!parsed.success) throw new AwsError('InvalidParameterException', z.prettifyError(parsed.error));
        const { name, arn } = find(parsed.data.SecretId);
        if (operation === 'DescribeSecret') return { ARN: arn, Name: name };
        return { ARN: arn, Name: name, SecretString: options.secrets[name], VersionStages: ['AWSCURRENT'] };
      }),
  };
}
