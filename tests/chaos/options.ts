import { FerryError } from '../../core/errors.ts';
import { nearest } from '../../cli/command-line.ts';
import { kinds } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';

/** @param names with commas between them; all kinds unless given. @throws FerryError InvalidInput */
export function chooseKinds(names: string | undefined): readonly Kind[] {
  if (names === undefined) return kinds;
  return names.split(',').map((name) => {
    const found = kinds.find((each) => each.name === name.trim());
    if (found !== undefined) return found;
    const near = nearest(name.trim(), kinds.map((each) => each.name));
    throw new FerryError('InvalidInput', `There is no kind of fault ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`} \`--list\` prints them.`);
  });
}
