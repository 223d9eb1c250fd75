/** Initialised data directories, kept to be copied: initialising takes seconds, copying a tenth of one. */
import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { takeLock } from '../package/process-lock.ts';

export interface DataTemplate {
  readonly template: string;
  /** The directory to be made. */
  readonly data: string;
  readonly log: (message: string) => void;
  /** Initialises a data directory at a path where nothing is. */
  readonly make: (folder: string) => Promise<void>;
}

/** Makes `data` as a copy of the template, which the first caller makes. */
export async function copyTemplate({ template, data, log, make }: DataTemplate): Promise<void> {
  if (!(await exists(template))) {
    const lock = await takeLock(`${template}.lock`, () => {
      log('Waiting for another process, which is initialising a data directory ...');
    });
    try {
      if (!(await exists(template))) await makeTemplate(template, make);
    } finally {
      lock.release();
    }
  }
  await cp(template, data, { recursive: true });
}

async function makeTemplate(template: string, make: DataTemplate['make']): Promise<void> {
  const work = await mkdtemp(join(dirname(template), 'initialising-'));
  try {
    const data = join(work, 'data');
    await make(data);
    await rename(data, template);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
