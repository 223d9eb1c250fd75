/** The documents that have sections of figures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFigures } from './sections.ts';

export const documents = ['docs/limits.md', 'docs/cost.md'] as const;
const root = join(import.meta.dirname, '../..');

export interface Document {
  readonly file: string;
  readonly text: string;
  /** With its figures made anew. */
  readonly renewed: string;
}

export function readDocuments(): Document[] {
  return documents.map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return { file, text, renewed: withFigures(text) };
  });
}

export function writeDocument({ file, renewed }: Document): void {
  writeFileSync(join(root, file), renewed);
}
