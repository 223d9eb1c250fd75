/** buildah without a daemon, with a storage of its own: nothing of the machine's own images is seen or touched. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runTool } from './run-tool.ts';

const imageSchema = z.object({
  OCIv1: z.object({
    architecture: z.string(),
    config: z.object({
      User: z.string().default(''),
      Env: z.array(z.string()).default([]),
      Entrypoint: z.array(z.string()).default([]),
      Cmd: z.array(z.string()).default([]),
      WorkingDir: z.string().default('/'),
      Volumes: z.record(z.string(), z.unknown()).default({}),
      StopSignal: z.string().optional(),
      Labels: z.record(z.string(), z.string()).default({}),
    }),
  }),
});
export type Image = z.infer<typeof imageSchema>['OCIv1'];

const sizesSchema = z.array(z.object({ names: z.array(z.string()).nullable(), size: z.string() }));

export class Buildah {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Working containers that an earlier, interrupted run left are removed. */
  static async open(folder: string): Promise<Buildah> {
    await mkdir(join(folder, 'tmp'), { recursive: true });
    const buildah = new Buildah(folder);
    await buildah.removeContainers();
    return buildah;
  }

  /** Standard output. @throws ToolError */
  async run(...words: string[]): Promise<string> {
    const storage = ['--root', join(this.#folder, 'storage'), '--runroot', join(this.#folder, 'run'), '--storage-driver', 'vfs'];
    const output = await runTool('buildah', [...storage, ...words], { env: { ...process.env, TMPDIR: join(this.#folder, 'tmp'), BUILDAH_ISOLATION: 'chroot' } });
    return output.trim();
  }

  /** Undefined when there is no such image here. */
  async inspect(image: string): Promise<Image | undefined> {
    const output = await this.run('inspect', '--type', 'image', image).catch(() => undefined);
    return output === undefined ? undefined : imageSchema.parse(JSON.parse(output)).OCIv1;
  }

  /** The folder of a new working container's root file system. */
  async mount(image: string, architecture: string): Promise<string> {
    const container = await this.run('from', '--pull=never', '--arch', architecture, image);
    return this.run('mount', container);
  }

  async sizeOf(image: string): Promise<string> {
    const images = sizesSchema.parse(JSON.parse(await this.run('images', '--json', image)));
    return images[0]?.size ?? 'unknown';
  }

  async removeContainers(): Promise<void> {
    await this.run('rm', '--all');
  }

  /** This image, if it is there, and what earlier builds of the same names left. */
  async removeImages(image: string): Promise<void> {
    if ((await this.inspect(image)) !== undefined) await this.run('rmi', image);
    await this.run('rmi', '--prune');
  }
}
