/** Outages of what every branch needs, in the middle of a pass: how long each is, and what begins and ends it. */
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readAdministrator } from '../world/administrator.ts';
import type { FaultFile } from '../world/fault-file.ts';
import type { ChaosServer } from '../world/server.ts';
import type { World } from '../world/world.ts';

export interface OutagePlace {
  readonly world: World;
  readonly faults: FaultFile;
  readonly stateFolder: string;
}

export interface Outage {
  readonly name: string;
  /** Share of the longest outage that this one lasts. */
  readonly share: number;
  /** It begins when a third of the databases has been in this state: the others are in every stage before it. */
  readonly from: 'DUMPED' | 'VERIFIED';
  readonly begin: (place: OutagePlace) => Promise<void>;
  readonly end: (place: OutagePlace) => Promise<void>;
}

/** Ten minutes of the target and of the source's password, five of the rest, where the longest is ten. */
export const outages: readonly Outage[] = [
  { name: 'target away', share: 1, from: 'VERIFIED', begin: ({ world }) => away(world.target), end: ({ world }) => back(world.target) },
  { name: 'source away', share: 0.5, from: 'DUMPED', begin: ({ world }) => away(world.source), end: ({ world }) => back(world.source) },
  {
    name: 'DynamoDB and S3 throttled to a tenth',
    share: 0.5,
    from: 'VERIFIED',
    begin: ({ faults }) => {
      faults.begin({ id: 'dynamodb', service: 'dynamodb', answer: 'throttled', passing: 10 });
      faults.begin({ id: 's3', service: 's3', answer: 'throttled', passing: 10 });
      return Promise.resolve();
    },
    end: ({ faults }) => {
      faults.heal();
      return Promise.resolve();
    },
  },
  {
    name: 'password of the source rotated, and given later',
    share: 1,
    from: 'DUMPED',
    begin: async ({ world: { source } }) => {
      await source.admin(source.passwordStatement(rotated));
    },
    end: async (place) => {
      await giveSecret(place, 'source', { ...place.world.source.access, password: rotated });
    },
  },
];

const rotated = 'another password than before';

async function away({ proxy }: ChaosServer): Promise<void> {
  proxy.refuses = true;
  proxy.cut();
  return Promise.resolve();
}

async function back({ proxy }: ChaosServer): Promise<void> {
  proxy.refuses = false;
  return Promise.resolve();
}

/** As an operator does on AWS: `aws secretsmanager put-secret-value`. */
async function giveSecret({ stateFolder }: OutagePlace, role: 'source' | 'target', access: object): Promise<void> {
  const { configuration } = await readAdministrator(stateFolder);
  const client = new SecretsManagerClient(configuration);
  await client.send(new PutSecretValueCommand({ SecretId: `aurora-ferry/${role}`, SecretString: JSON.stringify(access) }));
  client.destroy();
}
