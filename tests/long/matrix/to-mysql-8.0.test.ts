/** To MySQL 8.0, which is what Aurora MySQL version 3 is made of. */
import { matrixSources } from '../../scenarios/support/pairs.ts';
import { playScenarios } from '../../scenarios/support/play.ts';
import { availableOf } from './available.ts';

const [target] = await availableOf(['mysql-8.0']);
if (target !== undefined) playScenarios(await availableOf(matrixSources[target]), target);
