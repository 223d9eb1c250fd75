import { bareName } from '../../stored-objects/ask-target.ts';
import { objectName } from '../../stored-objects/stored-object.ts';
import type { DatabaseCheck } from '../check.ts';

export const nativeFunctionCall: DatabaseCheck = {
  id: 'native-function-call',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I12'],
  cause:
    "The body calls a function of its database by a name that is one of MySQL's own functions on the target, and not on the source.",
  consequence: "It arrives as it is, and MySQL's function answers there: the body comes to other results.",
  remedy:
    "Write the database's name before the call (shop.uuid_to_bin(…)), or rename the function, on the source: it means the same there.",
  *find({ onTarget }) {
    for (const object of onTarget?.objects ?? []) {
      if (object.kind === 'view') continue;
      const called = new Set(
        object.uses.functions.map(bareName).filter((name) => onTarget?.nativeFunctions.has(name) === true),
      );
      if (called.size > 0) yield { object: objectName(object), detail: [...called].sort().join(', ') };
    }
  },
};
