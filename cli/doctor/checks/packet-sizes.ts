/** A row must fit into one statement of the target. */
import { comparison } from '../check.ts';
import { ok, problem, warning } from '../finding.ts';
import { mebibytes, numberOf } from '../settings.ts';

const largest = 1024 ** 3;

export const packetSizes = comparison('packet-sizes', (source, target) => {
  const [from, to] = [numberOf(source, 'max_allowed_packet') ?? 0, numberOf(target, 'max_allowed_packet') ?? 0];
  const what = `max_allowed_packet is ${mebibytes(from)} on the source and ${mebibytes(to)} on the target`;
  const why = 'A binary column takes twice its size in a dump: a row that came in on the source may not fit the target, and its database fails as ImportRejected.';
  const remedy = 'Set max_allowed_packet = 1073741824 in the cluster parameter group (no restart).';
  if (to >= largest || to >= 2 * from) return [ok(what)];
  return [to < from ? problem(what, why, remedy) : warning(what, why, remedy)];
});
