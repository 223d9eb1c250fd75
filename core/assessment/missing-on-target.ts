/** Functions that the target, when it is named and asked, does not have. */
import { oldGeometryFunctions } from '../geometry-functions.ts';
import { bareName } from '../stored-objects/ask-target.ts';
import type { DatabaseFacts } from './facts.ts';

/** Names in upper case; empty where no target was asked. Those for geometries get their present names on the way. */
export function missingOnTarget({ onTarget }: DatabaseFacts): ReadonlySet<string> {
  const names = [...(onTarget?.missingFunctions ?? [])].map((name) => bareName(name).toUpperCase());
  return new Set(names.filter((name) => !oldGeometryFunctions.has(name)));
}
