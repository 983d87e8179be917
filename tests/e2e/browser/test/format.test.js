import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, clock, counted, duration, exactTime, milliseconds, number, percent, roughly, span,
  uptime } from '../../../../apps/dashboard/ui/format.js';

/** Thin spaces between number and unit read as plain ones here. */
function plain(text) {
  return text.replaceAll('\u202f', ' ');
}

function table(format, rows) {
  for (const [value, expected] of rows) {
    assert.equal(plain(format(value)), expected, `of ${value}`);
  }
}

test('an uptime is rounded down, so that only a perfect one reads 100', () => {
  table(uptime, [[100, '100 %'], [99.9999, '99.99 %'], [99.99, '99.99 %'], [99.9, '99.90 %'],
    [0, '0 %'], [0.004, '0 %'], [null, '–'], [NaN, '–'], ['99', '–']]);
});

test('a percentage keeps the figures that matter', () => {
  table(percent, [[45.26, '45.3 %'], [0.02, '0.02 %'], [0.001, '<0.01 %'], [0, '0 %'],
    [100, '100 %'], [undefined, '–']]);
});

test('numbers grow units instead of digits', () => {
  table(number, [[0, '0'], [0.5, '0.5'], [9.96, '10'], [38.64, '38.6'], [812.4, '812'],
    [9_999, '9,999'], [12_345, '12.3 k'], [4_500_000, '4.5 M'], [Infinity, '–']]);
});

test('a response time is in the unit a person would use', () => {
  table(milliseconds, [[0, '0 ms'], [0.4, '<1 ms'], [45.4, '45 ms'], [999, '999 ms'],
    [1000, '1 s'], [1540, '1.5 s'], [null, '–']]);
});

test('a span has one unit and is rounded down', () => {
  table(span, [[0, '0 s'], [-5, '0 s'], [59_999, '59 s'], [60_000, '1 min'],
    [3_599_999, '59 min'], [3_600_000, '1 h'], [86_400_000 * 3.9, '3 d']]);
  table(roughly, [[590_000, '10 min'], [45_000, '45 s'], [5_300_000, '1 h']]);
});

test('how long ago is told by the clock of the hub', () => {
  const now = Date.parse('2026-11-22T06:00:00.000Z');
  assert.equal(plain(ago('2026-11-22T05:59:55.000Z', now)), '5 s ago');
  assert.equal(ago('2026-11-22T05:59:59.500Z', now), 'just now');
  assert.equal(ago('2026-11-22T06:00:09.000Z', now), 'just now');
  assert.equal(ago(null, now), 'never');
});

test('a moment is told to the second, and exactly in its title', () => {
  assert.match(clock(new Date()), /^\d\d:\d\d:\d\d$/);
  assert.match(exactTime('2026-11-22T05:55:00.123Z'), /2026-11-22T05:55:00\.123Z/);
  assert.equal(exactTime('rubbish'), '');
  assert.equal(exactTime(null), '');
});

test('a duration of the hub is read, anything else is none', () => {
  for (const [text, ms] of [['250ms', 250], ['10s', 10_000], ['2m', 120_000], ['1h', 3_600_000],
    ['7d', 604_800_000], ['soon', null], ['10', null], ['-1s', null], ['', null], [10, null],
    [undefined, null]]) {
    assert.equal(duration(text), ms, `of ${text}`);
  }
});

test('one is not many', () => {
  assert.equal(counted(1, 'project'), '1 project');
  assert.equal(counted(0, 'project'), '0 projects');
  assert.equal(counted(5000, 'project'), '5,000 projects');
});
