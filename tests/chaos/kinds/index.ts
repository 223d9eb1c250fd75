import { peopleKinds } from './people.ts';
import { processKinds } from './processes.ts';
import { serverKinds } from './servers.ts';
import { serviceKinds } from './services.ts';
import { storageKinds } from './storage.ts';
import type { Kind } from './kind.ts';

/** In this order a seed draws from them: a new kind goes to the end of its list and changes what old seeds mean. */
export const kinds: readonly Kind[] = [...processKinds, ...serverKinds, ...serviceKinds, ...storageKinds, ...peopleKinds];
