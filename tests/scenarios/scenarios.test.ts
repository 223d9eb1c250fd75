/** The pairs of versions of every day; the others are in tests/matrix. */
import { playScenarios } from './support/play.ts';

playScenarios(['mysql-5.6', 'mariadb-10.11'], 'mysql-9.7');
