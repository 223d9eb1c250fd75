/** Milliseconds spent in each named step of a task, for its report. A step that runs twice is summed. */
export class Stopwatch {
  readonly #milliseconds = new Map<string, number>();

  async time<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#milliseconds.set(step, (this.#milliseconds.get(step) ?? 0) + performance.now() - started);
    }
  }

  /** Rounded to a tenth of a millisecond: a small database takes few of them. */
  read(): Record<string, number> {
    return Object.fromEntries([...this.#milliseconds].map(([step, value]) => [step, Math.round(value * 10) / 10]));
  }
}
