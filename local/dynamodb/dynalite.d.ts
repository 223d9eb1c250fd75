/** The parts of dynalite that the local runtime uses: its validation and expressions, over a store of our own. */
type DynaliteCallback<Result> = (error: Error | null, result?: Result) => void;

interface DynaliteItemStore {
  get(key: string, callback: DynaliteCallback<unknown>): void;
  put(key: string, value: unknown, callback: DynaliteCallback<void>): void;
  del(key: string, callback: DynaliteCallback<void>): void;
  batch(
    operations: readonly { readonly type: 'put' | 'del'; readonly key: string; readonly value?: unknown }[],
    callback: DynaliteCallback<void>,
  ): void;
  createKeyStream(range?: unknown): import('node:stream').Readable;
  createValueStream(range?: unknown): import('node:stream').Readable;
  lock(key: string, work: (release: <Callback>(callback: Callback) => Callback) => void): void;
}

interface DynaliteStore {
  readonly options: Readonly<Record<string, number>>;
  readonly tableDb: DynaliteItemStore & { readonly awsAccountId: string; readonly awsRegion: string };
  getItemDb(table: string): DynaliteItemStore;
  deleteItemDb(table: string, callback: DynaliteCallback<void>): void;
  getIndexDb(type: string, table: string, index: string): DynaliteItemStore;
  deleteIndexDb(type: string, table: string, index: string, callback: DynaliteCallback<void>): void;
  getTagDb(name: string): DynaliteItemStore;
  deleteTagDb(name: string, callback: DynaliteCallback<void>): void;
  getTable(name: string, checkStatus: boolean | DynaliteCallback<unknown>, callback?: DynaliteCallback<unknown>): void;
}

/** `dynalite/actions/<operation>`. */
type DynaliteAction = (store: DynaliteStore, data: unknown, callback: DynaliteCallback<unknown>) => void;

/** `dynalite/validations/<operation>`. */
interface DynaliteValidation {
  readonly types: Readonly<Record<string, unknown>>;
  readonly custom?: unknown;
}

/** `dynalite/validations`. */
interface DynaliteValidations {
  checkTypes(data: unknown, types: unknown): unknown;
  checkValidations(data: unknown, types: unknown, custom: unknown, store: DynaliteStore): void;
}
