/** The assessment as one JSON document, written as it is read from the store: every finding of every database is in it. */
import { checks } from '../../core/assessment/registry.ts';
import type { AssessmentStore } from './store.ts';
import type { Summary } from './summary.ts';

export function* jsonReport(store: AssessmentStore, summary: Summary): Generator<string> {
  const texts = checks.map(({ id, scope, severity, catalogue, cause, consequence, remedy }) => ({ id, scope, severity, catalogue, cause, consequence, remedy }));
  const head = JSON.stringify({ ...summary, catalogue: texts }, null, 1);
  yield `${head.slice(0, -2)},\n "databases": [`;
  let separator = '\n  ';
  for (const { findings, ...database } of store.databases()) {
    const found = findings.map(({ check, severity, occurrences }) => ({ check, severity, occurrences }));
    yield `${separator}${JSON.stringify({ ...database, findings: found })}`;
    separator = ',\n  ';
  }
  yield '\n ]\n}\n';
}
