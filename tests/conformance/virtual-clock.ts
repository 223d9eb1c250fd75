import type { Clock } from '../../local/stepfunctions/clock.ts';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

export interface VirtualClock extends Clock {
  /** Time stands still until the answer is called: something is under way that takes none. */
  hold(): () => void;
  stop(): void;
}

/** A clock that jumps to the next timer whenever the process has been idle for a moment: hours pass in milliseconds. */
export function virtualClock(start: number): VirtualClock {
  let now = start;
  let held = 0;
  const timers = new Set<Timer>();
  const pump = setInterval(fireNext, 3);
  return {
    now: () => now,
    schedule(milliseconds, callback) {
      const timer = { due: now + milliseconds, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    hold() {
      held += 1;
      return () => {
        held -= 1;
      };
    },
    stop: () => {
      clearInterval(pump);
    },
  };

  function fireNext(): void {
    const next = [...timers].reduce<Timer | undefined>((first, timer) => (first === undefined || timer.due < first.due ? timer : first), undefined);
    if (next === undefined || held > 0) return;
    now = Math.max(now, next.due);
    for (const timer of [...timers].filter((candidate) => candidate.due <= now)) {
      timers.delete(timer);
      timer.callback();
    }
  }
}
