/** Time as the engine sees it, so that tests can pass hours in no time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `milliseconds`, however many; the answer cancels. */
  schedule(milliseconds: number, callback: () => void): () => void;
}

/** setTimeout fires at once for delays beyond this (a signed 32-bit integer of milliseconds, 24.8 days). */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(milliseconds, callback) {
    const deadline = Date.now() + milliseconds;
    let timer = setTimeout(next, Math.min(Math.max(milliseconds, 0), longestTimer));
    return () => {
      clearTimeout(timer);
    };

    function next(): void {
      const remaining = deadline - Date.now();
      if (remaining <= 0 || milliseconds <= longestTimer) callback();
      else timer = setTimeout(next, Math.min(remaining, longestTimer));
    }
  },
};

/** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(milliseconds, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    signal.addEventListener('abort', aborted, { once: true });

    function aborted(): void {
      cancel();
      reject(signal.reason as Error);
    }
  });
}
