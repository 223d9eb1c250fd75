/** What a fault may use of the trial that it is injected into. */
import type { RecordsReader } from '../reader/records.ts';
import type { SubjectName } from '../kinds/kind.ts';
import type { FaultFile } from '../world/fault-file.ts';
import type { SmallDisk } from '../world/small-disk.ts';
import type { World } from '../world/world.ts';
import type { Operation } from './operation.ts';
import type { Plan } from './plan.ts';
import type { Subject } from './subject.ts';

export interface Trial {
  readonly plan: Plan;
  readonly world: World;
  /** Every process of the trial works in it. */
  readonly directory: string;
  readonly stateFolder: string;
  readonly databases: readonly string[];
  readonly subjects: ReadonlyMap<SubjectName, Subject>;
  readonly operation: Operation;
  readonly reader: RecordsReader;
  readonly faults: FaultFile;
  readonly disk: SmallDisk | undefined;
  readonly violations: string[];
  /** Aborted at the end of the first run: a fault whose moment has not come is left out. */
  readonly over: AbortSignal;
}
