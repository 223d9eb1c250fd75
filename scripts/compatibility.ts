/** Writes docs/compatibility.md from the scenarios. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogue } from '../tests/scenarios/support/catalogue.ts';
import { compatibilityText } from '../tests/scenarios/support/compatibility.ts';
import { readScenarios } from '../tests/scenarios/support/scenario.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'compatibility.md'), compatibilityText(readCatalogue(), readScenarios()));
