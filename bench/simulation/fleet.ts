/** A made-up fleet: many small databases, some large, a few huge. */
import type { Measured } from '../count/counts.ts';
import type { Dice } from './dice.ts';
import type { Settings } from './settings.ts';

export const megabyte = 1_000_000;
const [smallSpread, largeMegabytes, largeSpread, hugeMegabytes, hugeSpread] = [1, 100, 0.7, 2_000, 0.9];

/** Bytes of SQL of each database, in the order of the list. */
export function makeFleet(settings: Settings, measured: Measured, dice: Dice): number[] {
  const huge = Math.round((settings.databases * settings.hugePerMille) / 1_000);
  const large = Math.round((settings.databases * settings.largePercent) / 100);
  const most = settings.largestGigabytes * 1_000 * megabyte;
  const sizes = Array.from({ length: settings.databases }, (_, index) => {
    if (index < huge) return dice.logNormal(hugeMegabytes * megabyte, hugeSpread);
    if (index < huge + large) return dice.logNormal(largeMegabytes * megabyte, largeSpread);
    return dice.logNormal(measured.sqlBytes, smallSpread);
  }).map((bytes) => Math.min(most, bytes));
  return settings.order === 'largest-first' ? sizes.sort((a, b) => b - a) : dice.shuffle(sizes);
}
