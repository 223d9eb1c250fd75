/** What Node.js has of ECMAScript's "JSON.parse source text access", and TypeScript's libraries do not describe yet. */
interface JSON {
  /** Stands for this text in what `stringify` writes. */
  rawJSON(text: string): object;
  /** @param reviver told of the source text of each value that is no object and no list */
  parse(text: string, reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
}
