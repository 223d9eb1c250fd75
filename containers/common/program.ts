/** Runs a task as a program of its own, as on Fargate: SIGTERM (and Ctrl-C) tell it to stop, its number is the exit code. */
export type Run = (environment: Readonly<Record<string, string | undefined>>, signal: AbortSignal) => Promise<number>;

export async function runAsProgram(run: Run): Promise<void> {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const exitCode = await run(process.env, controller.signal);
  // Whatever socket a library still keeps open is not worth the container's time.
  process.exit(exitCode);
}
