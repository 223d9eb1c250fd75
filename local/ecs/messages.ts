/** What a task host and the runtime say to each other over the channel of child_process.fork. */

export interface RunMessage {
  readonly kind: 'run';
  /** The container's program, a module that exports `run(environment, signal)`. */
  readonly modulePath: string;
  /** The container's environment, complete; here and not in the process's own, where `ps` would show the secrets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface EndedMessage {
  readonly kind: 'ended';
  readonly exitCode: number;
  /** Of the host after the task. */
  readonly rssBytes: number;
}

export type HostMessage = { readonly kind: 'ready' } | EndedMessage;
