import { oldGeometryFunctions, withPresentGeometryFunctions } from '../../../core/geometry-functions.ts';
import type { Rule } from './rule.ts';

/** Renames calls of spatial functions; what stands in strings, comments and quoted names is none. */
export const oldGeometryFunction: Rule = {
  name: 'old-geometry-function',
  kinds: ['view', 'routine', 'trigger', 'event'],
  concerns: new RegExp(`\\b(?:${[...oldGeometryFunctions.keys()].join('|')})\\s*\\(`, 'i'),
  apply: ({ sql, reading }) => withPresentGeometryFunctions(sql, reading),
};
