/** Starts the images' task programs with the environment that ECS gives them, against the servers of a bench. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Stage } from '../../core/names.ts';
import { Container } from '../../scripts/images/container.ts';
import type { Ended, MountedImage, StartOptions } from '../../scripts/images/container.ts';
import type { Bench } from '../integration/containers/bench.ts';
import { credentials } from '../support/keys.ts';

/** Of the bench's own processes: a task gets its PATH from its image, its credentials from ECS, and one secret. */
const notFromEcs = ['PATH', 'TMPDIR', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'SOURCE_SECRET', 'TARGET_SECRET'];

export class Tasks {
  readonly bench: Bench;
  readonly #images: Readonly<Record<'dump' | 'import', MountedImage>>;
  readonly #folder: string;
  readonly #credentials: Server;
  /** How often a task asked for its role's credentials. */
  credentialsRead = 0;

  private constructor(bench: Bench, images: Readonly<Record<'dump' | 'import', MountedImage>>, folder: string) {
    this.bench = bench;
    this.#images = images;
    this.#folder = folder;
    this.#credentials = createServer((_, response) => {
      this.credentialsRead += 1;
      const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = credentials;
      response.end(JSON.stringify({ AccessKeyId, SecretAccessKey, Token: 'test', Expiration: inAnHour }));
    });
  }

  static async open(bench: Bench, images: Readonly<Record<'dump' | 'import', MountedImage>>, folder: string): Promise<Tasks> {
    const tasks = new Tasks(bench, images, folder);
    tasks.#credentials.listen(0, '127.0.0.1');
    await once(tasks.#credentials, 'listening');
    return tasks;
  }

  close(): void {
    this.#credentials.close();
    this.#credentials.closeAllConnections();
  }

  /** @param overrides `undefined` takes a variable away */
  start(stage: Stage, database: string, attempt = 1, overrides: Readonly<Record<string, string | undefined>> = {}, options: StartOptions = {}): Promise<Container> {
    const all = this.bench.environmentOf(stage, database, attempt);
    const secret = stage === 'dump' ? 'SOURCE_SECRET' : 'TARGET_SECRET';
    const given: Record<string, string | undefined> = {
      ...Object.fromEntries(Object.entries(all).filter(([name]) => !notFromEcs.includes(name))),
      [secret]: all[secret],
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(this.#credentials.address() as AddressInfo).port}/`,
      ...overrides,
    };
    const environment = Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
    return Container.start(this.#images[stage === 'dump' ? 'dump' : 'import'], this.#folder, { ...options, environment });
  }

  async run(stage: Stage, database: string, attempt = 1, overrides: Readonly<Record<string, string | undefined>> = {}, options: StartOptions = {}): Promise<Ended> {
    await this.bench.claim(database, attempt);
    return (await this.start(stage, database, attempt, overrides, options)).ended;
  }

  /** Another program than the task's, in the same image and under the same constraints. */
  async command(image: 'dump' | 'import', ...command: string[]): Promise<Ended> {
    return (await Container.start(this.#images[image], this.#folder, { command })).ended;
  }
}
