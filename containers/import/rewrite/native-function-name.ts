import { withQualifiedCalls } from '../../../core/stored-objects/native-names.ts';
import type { Rule } from './rule.ts';

/**
 * Writes the database before a view's calls of its own functions, where MySQL has a function of that name on the
 * target.
 */
export const nativeFunctionName: Rule = {
  name: 'native-function-name',
  kinds: ['view'],
  concerns: /`\s*\(/,
  apply: ({ sql }, { nativeFunctions }) =>
    nativeFunctions === undefined
      ? undefined
      : withQualifiedCalls(sql, nativeFunctions.database, nativeFunctions.isNative),
};
