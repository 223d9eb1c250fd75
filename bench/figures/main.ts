/** `npm run figures`: makes the figures in docs/limits.md and docs/cost.md anew, from the counts, the simulation and the prices. */
import { readDocuments, writeDocument } from './documents.ts';

for (const document of readDocuments()) {
  if (document.text === document.renewed) console.log(`${document.file} is up to date.`);
  else {
    writeDocument(document);
    console.log(`${document.file} has new figures.`);
  }
}
