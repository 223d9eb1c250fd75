import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from './language/json.ts';
import type { Clock } from './clock.ts';
import { redriveStatusOf } from './redrive.ts';
import type { EventStore } from './store/event-store.ts';
import type { ExecutionRow } from './store/rows.ts';

/** Input and output are left out of events above this. Source: Developer Guide, eventbridge-integration: 248 KiB. */
const largestData = 248 * 1024;

/** EventBridge's "Step Functions Execution Status Change". Source: Developer Guide, eventbridge-integration. */
export interface StatusChangeEvent extends JsonObject {
  version: '0';
  id: string;
  'detail-type': 'Step Functions Execution Status Change';
  source: 'aws.states';
  account: string;
  /** ISO 8601. */
  time: string;
  region: string;
  /** The execution's ARN. */
  resources: string[];
  /** Dates are milliseconds since the epoch. */
  detail: StatusChangeDetail;
}

export interface StatusChangeDetail extends JsonObject {
  executionArn: string;
  /** Of a child of a Map Run: with a slash and the Map's label. */
  stateMachineArn: string;
  name: string;
  status: string;
  startDate: number;
  stopDate: number | null;
  input: string | null;
  output: string | null;
  redriveCount: number;
}

export function statusChangeEvent(store: EventStore, clock: Clock, row: ExecutionRow): StatusChangeEvent {
  const [, , , region = '', account = ''] = row.arn.split(':');
  const redrive = redriveStatusOf(store, row, clock.now());
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account,
    time: new Date(row.stop_date ?? row.redrive_date ?? row.start_date).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources: [row.arn],
    detail: {
      executionArn: row.arn,
      stateMachineArn: row.state_machine_arn,
      name: row.name,
      status: row.status,
      startDate: Math.round(row.start_date),
      stopDate: row.stop_date === null ? null : Math.round(row.stop_date),
      input: shown(row.input),
      inputDetails: shownDetails(row.input),
      output: shown(row.output),
      outputDetails: shownDetails(row.output),
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: row.redrive_count,
      redriveDate: row.redrive_date === null ? null : Math.round(row.redrive_date),
      redriveStatus: redrive.status,
      redriveStatusReason: redrive.reason ?? null,
    },
  };
}

function shown(text: string | null): string | null {
  return text !== null && Buffer.byteLength(text) <= largestData ? text : null;
}

function shownDetails(text: string | null): Json {
  return text === null ? null : { included: shown(text) !== null };
}

export interface StatusEventsOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly receive: (event: StatusChangeEvent) => void | Promise<void>;
  /**
   * Whether children of Map Runs have events. No document that was found says whether they have on AWS, so a test may
   * switch them off to show that nothing depends on them alone.
   */
  readonly ofChildren: boolean;
}

/** Hands status changes over once they are in the file, and again after a crash until one handing over went well. */
export class StatusEvents {
  readonly #options: StatusEventsOptions;

  constructor(options: StatusEventsOptions) {
    this.#options = options;
  }

  announce(row: ExecutionRow): void {
    const { store, clock, ofChildren } = this.#options;
    if (row.map_run !== null && !ofChildren) {
      this.#note(row.id, row.status);
      return;
    }
    void this.#handOver(row.id, statusChangeEvent(store, clock, row));
  }

  /** Announces what a killed process could not. */
  announceMissed(): void {
    for (const row of this.#options.store.all<ExecutionRow>('SELECT * FROM execution WHERE announced = 0 ORDER BY id')) this.announce(row);
  }

  async #handOver(id: number, event: StatusChangeEvent): Promise<void> {
    const { store, receive } = this.#options;
    await store.committed();
    try {
      await receive(event);
    } catch {
      // The receiver reports its own failures; the event stays unannounced and comes again at the next start.
      return;
    }
    if (store.isOpen) this.#note(id, event.detail.status);
  }

  #note(id: number, status: string): void {
    this.#options.store.write('UPDATE execution SET announced = 1 WHERE id = ? AND status = ?', id, status);
  }
}
