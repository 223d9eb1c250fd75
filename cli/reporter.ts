/** Shows a run's progress while it is watched, on standard error: a live block on a terminal, single lines elsewhere. */
import type { Context } from './context.ts';
import { print } from './context.ts';
import type { Progress } from './progress.ts';
import { renderNewDeadLetters, deadLetterIds, renderPlainLine } from './render/plain-line.ts';
import { renderProgress } from './render/progress.ts';
import { LiveScreen } from './terminal/live-screen.ts';
import { canRedraw, styleFor } from './terminal/style.ts';

export interface Reporter {
  show(progress: Progress): void;
  /** Something to know that is not progress: that AWS cannot be reached just now. */
  note(text: string): void;
  close(): void;
}

export function makeReporter(context: Context): Reporter {
  return canRedraw(context.stderr, context.environment) ? new LiveReporter(context) : new PlainReporter(context);
}

class LiveReporter implements Reporter {
  readonly #screen: LiveScreen;
  readonly #context: Context;
  #note = '';

  constructor(context: Context) {
    this.#context = context;
    this.#screen = new LiveScreen(context.stderr);
    process.once('exit', this.#restore);
  }

  show(progress: Progress): void {
    const style = styleFor(this.#context.stderr, this.#context.environment);
    const lines = renderProgress(progress, { width: this.#screen.columns, style, inProgress: 5, failuresShown: 0 });
    const note = this.#note === '' ? [] : ['', style.yellow(this.#note)];
    this.#screen.draw([...lines, ...note]);
    this.#note = '';
  }

  note(text: string): void {
    this.#note = text;
  }

  close(): void {
    process.off('exit', this.#restore);
    this.#restore();
  }

  readonly #restore = (): void => {
    this.#screen.close();
  };
}

const plainIntervalMilliseconds = 10_000;

class PlainReporter implements Reporter {
  readonly #context: Context;
  #shownAt = Number.NEGATIVE_INFINITY;
  #shown = '';
  #deadLetters: ReadonlySet<string> = new Set();

  constructor(context: Context) {
    this.#context = context;
  }

  /** A dead letter at once, the counts every ten seconds if they changed. */
  show(progress: Progress): void {
    for (const line of renderNewDeadLetters(progress, this.#deadLetters)) print(this.#context.stderr, line);
    this.#deadLetters = deadLetterIds(progress);
    const now = this.#context.now().getTime();
    const held = progress.held.map(({ need, databases }) => [need, databases.length]);
    const what = JSON.stringify([progress.run?.status, progress.counts, held]);
    if (what === this.#shown || now - this.#shownAt < plainIntervalMilliseconds) return;
    this.#shownAt = now;
    this.#shown = what;
    print(this.#context.stderr, renderPlainLine(progress));
  }

  note(text: string): void {
    print(this.#context.stderr, text);
  }

  close(): void {
    // Lines that were written stay.
  }
}
