/** The arithmetic of the one item that holds the target's slots. */
import type { Measured } from '../count/counts.ts';
import { readUnits, writeUnits } from '../count/item-size.ts';

export const partitionWriteUnits = 1_000;
export const partitionReadUnits = 3_000;
/** Source: DynamoDB Developer Guide, "Quotas in Amazon DynamoDB". */
export const largestItemBytes = 400 * 1_024;
/** Writes to the target's slots for a database: granted, held by its task, freed. */
export const targetWritesPerDatabase = 3;
/** How long a database holds a slot, about: while a container starts and imports. */
export const heldSeconds = 50;

export interface SlotsItem {
  readonly bytes: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly writesPerSecond: number;
  readonly databasesPerSecond: number;
}

export function slotsItem({ emptySlotsBytes, holderBytes }: Measured, holders: number): SlotsItem {
  const bytes = emptySlotsBytes + holders * holderBytes;
  const writesPerSecond = partitionWriteUnits / writeUnits(0, bytes);
  return { bytes, writeUnits: writeUnits(0, bytes), readUnits: readUnits(bytes, true), writesPerSecond, databasesPerSecond: writesPerSecond / targetWritesPerDatabase };
}

export function mostHolders({ emptySlotsBytes, holderBytes }: Measured): number {
  return Math.floor((largestItemBytes - emptySlotsBytes) / holderBytes);
}

/**
 * Databases a second at which slots that are held for so long make the item so large that their own writes fill the
 * partition: rate * 3 writes * (rate * seconds holders) KiB = 1,000.
 */
export function highestRate({ holderBytes }: Measured): number {
  return Math.sqrt(partitionWriteUnits / ((targetWritesPerDatabase * holderBytes * heldSeconds) / 1_024));
}
