import { storedFunctionsCalled } from '../../stored-objects/native-names.ts';
import { objectName } from '../../stored-objects/stored-object.ts';
import type { DatabaseCheck } from '../check.ts';

export const nativeFunctionName: DatabaseCheck = {
  id: 'native-function-name',
  scope: 'object',
  severity: 'converted',
  catalogue: ['I12'],
  cause:
    "The view calls a function of its database by a name that is one of MySQL's own functions on the target: uuid_to_bin, regexp_replace and others.",
  consequence:
    "There MySQL's function would answer: Ferry writes the database's name before the call, so that the same function does.",
  remedy: 'None is needed.',
  *find({ onTarget }) {
    if (onTarget === undefined || onTarget.nativeFunctions.size === 0) return;
    const functions = onTarget.objects.filter(({ kind }) => kind === 'function');
    for (const view of onTarget.objects.filter(({ kind }) => kind === 'view')) {
      const called = storedFunctionsCalled([...functions, view]).filter((name) => onTarget.nativeFunctions.has(name));
      if (called.length > 0) yield { object: objectName(view), detail: called.sort().join(', ') };
    }
  },
};
