import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatBytes, formatClock, formatDuration, formatPercent, formatPlural, parseDuration } from '../../../cli/terminal/format.ts';

describe('numbers as people read them', () => {
  it('gives sizes in powers of 1000', () => {
    assert.equal(formatBytes(0), '0 B');
    assert.equal(formatBytes(999), '999 B');
    assert.equal(formatBytes(215_000), '215 kB');
    assert.equal(formatBytes(4_200_000), '4.2 MB');
    assert.equal(formatBytes(999_600_000), '1.0 GB');
  });

  it('shows a clock that grows with the time', () => {
    assert.equal(formatClock(0), '00:00');
    assert.equal(formatClock(247.9), '04:07');
    assert.equal(formatClock(3847), '1:04:07');
    assert.equal(formatClock(2 * 86_400 + 3847), '2d 01:04:07');
  });

  it('says lengths of time with two units at most', () => {
    assert.equal(formatDuration(0.84), '840 ms');
    assert.equal(formatDuration(0.9999), '1.0 s');
    assert.equal(formatDuration(9.96), '10 s');
    assert.equal(formatDuration(59.6), '1 min');
    assert.equal(formatDuration(190), '3 min 10 s');
    assert.equal(formatDuration(7500), '2 h 5 min');
    assert.equal(formatDuration(86_399), '1 d');
    assert.equal(formatDuration(273_600), '3 d 4 h');
  });

  it('never says 100% before everything is done, nor 0% once something is', () => {
    assert.equal(formatPercent(49_999, 50_000), '99%');
    assert.equal(formatPercent(50_000, 50_000), '100%');
    assert.equal(formatPercent(1, 50_000), '1%');
    assert.equal(formatPercent(0, 50_000), '0%');
    assert.equal(formatPercent(0, 0), '–');
  });

  it('counts in singular and plural', () => {
    assert.equal(formatPlural(1, 'database'), '1 database');
    assert.equal(formatPlural(50_000, 'database'), '50,000 databases');
  });

  it('reads windows, and refuses what is not one', () => {
    assert.equal(parseDuration('60m'), 3600);
    assert.equal(parseDuration('1h30m'), 5400);
    assert.equal(parseDuration('90s'), 90);
    for (const wrong of ['', '60', 'm', '1.5h', '0m', '30m1h', ' 60m']) assert.equal(parseDuration(wrong), undefined, wrong);
  });
});
