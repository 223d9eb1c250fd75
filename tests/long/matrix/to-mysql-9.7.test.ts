/** To MySQL 9.7, from the sources that are not those of every day. */
import { matrixSources } from '../../scenarios/support/pairs.ts';
import { playScenarios } from '../../scenarios/support/play.ts';
import { availableOf } from './available.ts';

playScenarios(await availableOf(matrixSources['mysql-9.7']), 'mysql-9.7');
