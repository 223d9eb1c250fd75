/** To MySQL 9.7, from the sources that are not those of every day. */
import { playScenarios } from '../scenarios/support/play.ts';
import { availableOf } from './available.ts';

playScenarios(await availableOf(['mysql-5.5', 'mysql-8.0', 'mysql-9.7']), 'mysql-9.7');
