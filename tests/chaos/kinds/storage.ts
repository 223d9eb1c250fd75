/** Faults of what is stored: objects that someone or something loses, cuts or alters, and a disk that is full. */
import { readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ErrorName } from '../../../core/errors.ts';
import { whyNoSmallDisk } from '../world/small-disk.ts';
import type { Trial } from '../trial/trial.ts';
import { kind, lasting, type Kind } from './kind.ts';

type Change = (bytes: Buffer) => Buffer | undefined;

const lost: Change = () => undefined;
const cut: Change = (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2));
const altered: Change = (bytes) => {
  const changed = Buffer.from(bytes);
  const middle = Math.floor(changed.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 0x20;
  return changed;
};

const spoilt: readonly ErrorName[] = ['DumpMissing', 'DumpCorrupt'];

export const storageKinds: readonly Kind[] = [
  ...[{ name: 'lost', change: lost }, { name: 'cut', change: cut }, { name: 'altered', change: altered }].flatMap(({ name, change }) => [
    changingObject(`dump-${name}`, `A part of a dump is ${name} in the bucket`, (key) => key.includes('/dumps/') && !key.endsWith('manifest.json'), change),
    changingObject(`manifest-${name}`, `A dump's manifest is ${name} in the bucket`, (key) => key.endsWith('/manifest.json'), change),
    kind({
      name: `file-${name}`,
      about: `A file of the bucket, below the state folder, is ${name}`,
      allowed: [...spoilt, 'StorageFailed'],
      draw: (random) => {
        const pick = random.int(0, 1_000);
        return (trial) => untilDone(trial, () => Promise.resolve(changeFile(trial, pick, change)));
      },
    }),
  ]),
  kind({
    name: 'disk-full',
    about: 'The disk of the state folder is full for a while',
    allowed: ['BranchAborted'],
    seconds: 30,
    smallDisk: true,
    unavailable: whyNoSmallDisk,
    draw: (random) => lasting(random, [1_000, 5_000], ({ disk }) => disk?.fill(), ({ disk }) => disk?.empty()),
  }),
];

function changingObject(name: string, about: string, which: (key: string) => boolean, change: Change): Kind {
  return kind({
    name,
    about,
    allowed: spoilt,
    draw: (random) => {
      const pick = random.int(0, 1_000);
      return (trial) => untilDone(trial, () => changeObject(trial, which, pick, change));
    },
  });
}

/** Until there was something to be changed. */
async function untilDone({ over }: Trial, tryIt: () => Promise<boolean>): Promise<void> {
  while (!(await tryIt()) && !over.aborted) await sleep(20);
}

/** Of the newest four, which are the least likely to have been read. */
async function changeObject({ operation }: Trial, which: (key: string) => boolean, pick: number, change: Change): Promise<boolean> {
  const { s3, bucket } = await operation.storage();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const found = Contents.filter(({ Key = '' }) => which(Key)).sort((a, b) => Number(a.LastModified) - Number(b.LastModified)).slice(-4);
  const Key = found[pick % Math.max(1, found.length)]?.Key;
  if (Key === undefined) return false;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const changed = change(Buffer.from((await Body?.transformToByteArray()) ?? []));
  if (changed === undefined) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  else await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: changed }));
  return true;
}

/** Objects of more than 64 KB are files. @returns whether there was one */
function changeFile({ stateFolder }: Trial, pick: number, change: Change): boolean {
  const folder = join(stateFolder, 's3');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /[0-9a-f]{8}-[0-9a-f-]{27}$/.test(path) && statSync(path).isFile());
  const path = files[pick % Math.max(1, files.length)];
  if (path === undefined) return false;
  const changed = change(readFileSync(path));
  if (changed === undefined) rmSync(path);
  else if (changed.length < statSync(path).size) truncateSync(path, changed.length);
  else writeFileSync(path, changed);
  return true;
}

