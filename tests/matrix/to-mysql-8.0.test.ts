/** To MySQL 8.0, which is what Aurora MySQL version 3 is made of. */
import { playScenarios } from '../scenarios/support/play.ts';
import { availableOf } from './available.ts';

const [target] = await availableOf(['mysql-8.0']);
if (target !== undefined) playScenarios(await availableOf(['mysql-5.5', 'mysql-5.6', 'mariadb-10.11']), target);
