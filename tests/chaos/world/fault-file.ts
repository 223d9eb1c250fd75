/** The file by which a trial has the local runtime fail (local/faults/fault-settings.ts). */
import { renameSync, writeFileSync } from 'node:fs';
import type { FaultInput, FaultSettingsInput } from '../../../local/faults/fault-settings.ts';

/** Waits before retries and at the gate, which on AWS are long. */
const shortened = 0.1;

export class FaultFile {
  readonly path: string;
  readonly #faults = new Map<string, FaultInput>();
  readonly #shortWaits: number;
  #offsetMilliseconds = 0;

  /** @param shortWaits by what waits of less than a minute are multiplied */
  constructor(path: string, shortWaits = shortened) {
    this.path = path;
    this.#shortWaits = shortWaits;
    this.#write();
  }

  begin(fault: FaultInput): void {
    this.#faults.set(fault.id, fault);
    this.#write();
  }

  end(id: string): void {
    this.#faults.delete(id);
    this.#write();
  }

  setClock(offsetMilliseconds: number): void {
    this.#offsetMilliseconds = offsetMilliseconds;
    this.#write();
  }

  heal(): void {
    this.#faults.clear();
    this.#offsetMilliseconds = 0;
    this.#write();
  }

  #write(): void {
    const settings: FaultSettingsInput = { faults: [...this.#faults.values()], clock: { offsetMilliseconds: this.#offsetMilliseconds, shortWaits: this.#shortWaits } };
    writeFileSync(`${this.path}.new`, JSON.stringify(settings));
    renameSync(`${this.path}.new`, this.path);
  }
}
