/** Reads the records of a trial through AWS's own client, past all that Ferry makes of them. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { localConfiguration, readRunningRuntime, type RuntimeFile } from '../../../cli/deployment.ts';

const transitionSchema = z.object({
  state: z.string(),
  attempt: z.number(),
  error: z.string().optional(),
  message: z.string().optional(),
  heldFor: z.string().optional(),
});
const recordSchema = z.object({
  database: z.string(),
  state: z.string(),
  owner: z.string().optional(),
  heldFor: z.string().optional(),
  error: z.string().optional(),
  errorMessage: z.string().optional(),
  transitions: z.array(transitionSchema),
});
export type ReadRecord = z.infer<typeof recordSchema>;

export interface Snapshot {
  readonly records: readonly ReadRecord[];
  /** Who holds a slot of either server. */
  readonly holders: readonly string[];
}

export interface RunState {
  readonly arn: string;
  readonly status: string;
}

const timeouts = { maxAttempts: 1, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true } };

export class RecordsReader {
  readonly #folder: string;
  readonly #migration: string;
  #clients: { readonly pid: number; readonly documents: DynamoDBDocumentClient; readonly stepFunctions: SFNClient; readonly outputs: RuntimeFile['outputs'] } | undefined;

  constructor(stateFolder: string, migration: string) {
    this.#folder = stateFolder;
    this.#migration = migration;
  }

  /** @throws when no runtime answers */
  async snapshot(): Promise<Snapshot> {
    const { documents, outputs } = await this.#connect();
    const items: Record<string, unknown>[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(
        new QueryCommand({
          TableName: outputs['TableName'],
          KeyConditionExpression: 'migration = :migration',
          ExpressionAttributeValues: { ':migration': this.#migration },
          ConsistentRead: true,
          ExclusiveStartKey: from,
        }),
      );
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    const named = (prefix: string): Record<string, unknown>[] => items.filter(({ item }) => String(item).startsWith(prefix));
    return { records: named('database#').map((item) => recordSchema.parse(item)), holders: named('slots#').flatMap(holdersOf) };
  }

  /** Of the state machine, without its branches. @throws when no runtime answers */
  async runs(): Promise<RunState[]> {
    const { stepFunctions, outputs } = await this.#connect();
    const { executions = [] } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn: outputs['StateMachineArn'] }));
    return executions.map(({ executionArn = '', status = '' }) => ({ arn: executionArn, status }));
  }

  async #connect() {
    const runtime = await readRunningRuntime(this.#folder);
    if (runtime === undefined) throw new Error(`No runtime runs on ${this.#folder}.`);
    if (this.#clients?.pid !== runtime.pid) {
      const configuration = { ...localConfiguration(runtime), ...timeouts };
      const documents = DynamoDBDocumentClient.from(new DynamoDBClient(configuration));
      this.#clients = { pid: runtime.pid, documents, stepFunctions: new SFNClient(configuration), outputs: runtime.outputs };
    }
    return this.#clients;
  }
}

/** All in one item, or one in each. */
function holdersOf(item: Record<string, unknown>): string[] {
  const { holders, holder } = item;
  if (typeof holder === 'string' && holder !== '') return [holder];
  return typeof holders === 'object' && holders !== null ? Object.keys(holders) : [];
}
