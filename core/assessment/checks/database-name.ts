import { FerryError } from '../../errors.ts';
import { checkDatabaseName } from '../../names.ts';
import type { DatabaseCheck } from '../check.ts';

export const databaseName: DatabaseCheck = {
  id: 'database-name',
  scope: 'database',
  severity: 'blocks',
  catalogue: ['I15'],
  cause: 'The name of the database is one that cannot be named in a list, one name on each line.',
  consequence: 'Ferry refuses it.',
  remedy: 'Make a database of another name on the source and move the tables there with RENAME TABLE.',
  *find({ name }) {
    try {
      checkDatabaseName(name);
    } catch (error) {
      yield { object: '', detail: FerryError.from(error).message };
    }
  },
};
