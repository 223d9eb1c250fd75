/** The pairs of versions of every day; the others are in tests/long/matrix. */
import { everyDaySources } from './support/pairs.ts';
import { playScenarios } from './support/play.ts';

playScenarios(everyDaySources, 'mysql-9.7');
