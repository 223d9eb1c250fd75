/** Views and stored programs as MySQL runs them: by whom, under which sql_mode, and what their text is. */
import type { Structure } from '../objects/structure.ts';

export const storedObjectKinds = ['view', 'trigger', 'procedure', 'function', 'event'] as const;

export interface StoredObject {
  readonly kind: (typeof storedObjectKinds)[number];
  readonly name: string;
  /** `user@host`; '' where it is not known. */
  readonly definer: string;
  /** SQL SECURITY INVOKER: whoever uses it needs the rights, and its definer need not exist. */
  readonly runsAsInvoker: boolean;
  readonly sqlMode: string;
  readonly text: string;
}

export function objectName({ kind, name }: Pick<StoredObject, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** Those of a database whose objects `readStructure` has read. */
export function storedObjectsOf(structure: Structure): StoredObject[] {
  return Object.entries(structure).flatMap(([title, attributes]) => {
    const kind = storedObjectKinds.find((each) => title.startsWith(`${each} `));
    if (kind === undefined) return [];
    return {
      kind,
      name: title.slice(kind.length + 1),
      definer: attributes['definer'] ?? '',
      runsAsInvoker: attributes['security'] === 'INVOKER',
      sqlMode: attributes['sql mode'] ?? '',
      text: attributes['definition'] ?? attributes['body'] ?? '',
    };
  });
}
