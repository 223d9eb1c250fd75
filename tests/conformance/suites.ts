import type { Suite } from './cases.ts';
import { choice } from './choice.ts';
import { executions } from './executions.ts';
import { intrinsic } from './intrinsic.ts';

export const suites = { choice, intrinsic, executions } satisfies Readonly<Record<string, Suite>>;
