/** Tells what the demo does: a line for each step, with what came of it and how long it took. */
import type { Context } from '../context.ts';
import { print } from '../context.ts';
import { formatClock, formatDuration } from '../terminal/format.ts';
import { LiveScreen } from '../terminal/live-screen.ts';
import type { Style } from '../terminal/style.ts';
import { canRedraw, styleFor } from '../terminal/style.ts';
import { padEnd, wrap } from '../terminal/text.ts';

/** The operator pressed Ctrl-C: not a failure, but nothing more is to be done. */
export class Interrupted extends Error {}

export interface StepTime {
  readonly title: string;
  readonly seconds: number;
}

export type Note = (text: string) => void;

const titleWidth = 12;

export class Narrator {
  readonly style: Style;
  readonly times: StepTime[] = [];
  readonly #context: Context;
  readonly #signal: AbortSignal;
  readonly #live: boolean;
  readonly #started: number;

  constructor(context: Context, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
    this.style = styleFor(context.stderr, context.environment);
    this.#live = canRedraw(context.stderr, context.environment);
    this.#started = this.#now();
  }

  /**
   * Does one step. `work` may report how far it is; what it resolves to is described by `describe` in the step's line.
   * @throws Interrupted as soon as the operator interrupts, whatever `work` is doing
   */
  async step<Result>(title: string, work: (progress: Note) => Promise<Result>, describe: (result: Result) => string): Promise<Result> {
    const started = this.#now();
    const screen = new LiveScreen(this.#context.stderr);
    let progress = '';
    const draw = (): void => {
      screen.draw([`${this.style.bold(padEnd(title, titleWidth))}${progress}  ${this.style.dim(formatClock((this.#now() - started) / 1000))}`]);
    };
    const timer = this.#live ? setInterval(draw, 250) : undefined;
    try {
      const result = await this.untilInterrupted(
        work((text) => {
          progress = text;
        }),
      );
      const seconds = (this.#now() - started) / 1000;
      screen.close();
      this.#printStep(title, describe(result), formatDuration(seconds));
      this.times.push({ title, seconds });
      return result;
    } finally {
      clearInterval(timer);
      screen.close();
    }
  }

  /** Times something that shows its own progress. */
  async timed<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
    const started = this.#now();
    const result = await this.untilInterrupted(work());
    this.times.push({ title, seconds: (this.#now() - started) / 1000 });
    return result;
  }

  say(title: string, text: string): void {
    this.#printStep(title, text, '');
  }

  lines(lines: readonly string[]): void {
    print(this.#context.stderr, lines.join('\n'));
  }

  get elapsedSeconds(): number {
    return (this.#now() - this.#started) / 1000;
  }

  get width(): number {
    return Math.min(this.#context.stderr.columns ?? 100, 110);
  }

  async untilInterrupted<Result>(work: Promise<Result>): Promise<Result> {
    const signal = this.#signal;
    // What is given up on interruption may still fail while it is cleaned up.
    work.catch(() => undefined);
    let stop: (() => void) | undefined;
    const interrupted = new Promise<never>((_, reject) => {
      stop = () => {
        reject(new Interrupted());
      };
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
    });
    try {
      return await Promise.race([work, interrupted]);
    } finally {
      if (stop !== undefined) signal.removeEventListener('abort', stop);
    }
  }

  #printStep(title: string, text: string, duration: string): void {
    const suffix = duration === '' ? '' : `  ${this.style.dim(duration)}`;
    const [first = '', ...others] = text.split('\n').flatMap((line) => wrap(line, this.width - titleWidth - 12));
    this.lines([`${this.style.bold(padEnd(title, titleWidth))}${first}${others.length === 0 ? suffix : ''}`]);
    others.forEach((line, index) => {
      this.lines([`${' '.repeat(titleWidth)}${line}${index === others.length - 1 ? suffix : ''}`]);
    });
  }

  #now(): number {
    return this.#context.now().getTime();
  }
}
