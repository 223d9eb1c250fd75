/** How far a run has come, by its records: what the times of faults are counted by, so that a fast and a slow machine see the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordsReader, Snapshot } from '../reader/records.ts';

/** `state`: so many databases have been in a state. `transitions`: so many changes of state were recorded. */
export type Trigger =
  | { readonly when: 'start' }
  | { readonly when: 'state'; readonly state: string; readonly databases: number }
  | { readonly when: 'transitions'; readonly count: number };

const lookMilliseconds = 40;

export class Progress {
  readonly #reader: RecordsReader;
  readonly #waiting = new Set<() => void>();
  readonly #over = new AbortController();
  /** The last that could be read. */
  latest: Snapshot = { records: [], holders: [] };

  constructor(reader: RecordsReader) {
    this.#reader = reader;
  }

  /** Looks until it is stopped; a runtime that does not answer has made no progress. */
  async watch(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const snapshot = await this.#reader.snapshot().catch(() => undefined);
      if (snapshot !== undefined) {
        this.latest = snapshot;
        for (const look of [...this.#waiting]) look();
      }
      await sleep(lookMilliseconds);
    }
  }

  stop(): void {
    this.#over.abort();
  }

  /** @returns whether it came to that before the signal */
  until(trigger: Trigger, signal: AbortSignal): Promise<boolean> {
    if (this.#hasCome(trigger)) return Promise.resolve(true);
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (come: boolean): void => {
        this.#waiting.delete(look);
        signal.removeEventListener('abort', giveUp);
        resolve(come);
      };
      const look = (): void => {
        if (this.#hasCome(trigger)) settle(true);
      };
      const giveUp = (): void => {
        settle(false);
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #hasCome(trigger: Trigger): boolean {
    const { records } = this.latest;
    switch (trigger.when) {
      case 'start':
        return true;
      case 'state':
        return records.filter(({ transitions }) => transitions.some(({ state }) => state === trigger.state)).length >= trigger.databases;
      case 'transitions':
        return records.reduce((sum, { transitions }) => sum + transitions.length, 0) >= trigger.count;
    }
  }
}

export function describeTrigger(trigger: Trigger): string {
  switch (trigger.when) {
    case 'start':
      return 'at the start';
    case 'state':
      return `when ${trigger.databases} databases have been ${trigger.state}`;
    case 'transitions':
      return `after ${trigger.count} transitions`;
  }
}
