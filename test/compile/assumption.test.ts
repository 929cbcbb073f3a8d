import { expect, test } from 'vitest';
import { assumptionIds, NO_ASSUMPTION, open } from '../../src/compile/assumption.ts';

test('readings are listed by number with two digits, whatever the order in which they were met', () => {
  expect(assumptionIds(open(16) | open(5) | open(30))).toEqual(['OPEN-05', 'OPEN-16', 'OPEN-30']);
  expect(assumptionIds(NO_ASSUMPTION)).toEqual([]);
});

test('each of the 32 readings has a bit of its own, the first and the last included', () => {
  const all = Array.from({ length: 32 }, (_, i) => i + 1);
  for (const number of all) expect(assumptionIds(open(number))).toEqual([`OPEN-${String(number).padStart(2, '0')}`]);
  expect(assumptionIds(all.reduce((bits, number) => bits | open(number), 0))).toHaveLength(32);
});
