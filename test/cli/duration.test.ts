import { expect, test } from 'vitest';
import { parseDuration } from '../../src/cli/duration.ts';
import { duration } from '../../src/present/duration-text.ts';

const cases = [
  [350, 350],
  ['350', 350],
  ['350s', 350],
  ['5m', 300],
  ['1h', 3_600],
  ['1h 30m', 5_400],
  ['5d', 432_000],
  ['0.5s', 0.5],
  [0, 0],
  [-1, null],
  ['-1s', null],
  ['', null],
  ['soon', null],
  ['5 minutes', null],
  ['1e9', null],
  [Number.POSITIVE_INFINITY, null],
  [Number.NaN, null],
  [null, null],
  [true, null],
  [['5m'], null],
] as const;

for (const [text, seconds] of cases) {
  test(`${JSON.stringify(text)} ${seconds === null ? 'is no length of time' : `is ${seconds} seconds`}`, () => {
    expect(parseDuration(text)).toBe(seconds);
  });
}

for (const [seconds, text] of [
  [0, '0s'],
  [350, '350s'],
  [599, '599s'],
  [600, '10m'],
  [5_405, '1h 30m 5s'],
  [432_000, '5d'],
] as const) {
  test(`${seconds} seconds are shown as ${text}, which reads back as the same`, () => {
    expect(duration(seconds)).toBe(text);
    expect(parseDuration(text)).toBe(seconds);
  });
}
