import type { Clock } from '../../local/stepfunctions/clock.ts';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that jumps to the next timer whenever the process has been idle for a moment: hours pass in milliseconds. */
export function virtualClock(start: number): Clock & { stop(): void } {
  let now = start;
  const timers = new Set<Timer>();
  const pump = setInterval(fireNext, 3);
  return {
    now: () => now,
    schedule(milliseconds, callback) {
      const timer = { due: now + milliseconds, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    stop: () => {
      clearInterval(pump);
    },
  };

  function fireNext(): void {
    const next = [...timers].reduce<Timer | undefined>((first, timer) => (first === undefined || timer.due < first.due ? timer : first), undefined);
    if (next === undefined) return;
    now = Math.max(now, next.due);
    for (const timer of [...timers].filter((candidate) => candidate.due <= now)) {
      timers.delete(timer);
      timer.callback();
    }
  }
}
