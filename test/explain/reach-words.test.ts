/** Sets of packets in words: short, and never saying more or less than the set. */

import { expect, test } from 'vitest';
import { wordsOf } from '../../src/explain/reach-words.ts';
import { intervalSet } from '../../src/net/interval-set.ts';
import { ICMP, TCP, UDP } from '../../src/net/protocol.ts';
import { EVERYTHING, L4Sets } from '../../src/reach/l4-sets.ts';

const sets = new L4Sets();
const icmp = (...ranges: readonly (readonly [number, number])[]): number =>
  sets.ofPorts(ICMP, intervalSet(ranges.map(([first, last]) => ({ first, last }))));

test.each([
  // set                                                     words
  [sets.box(TCP, 443, 443), ['tcp 443']],
  [sets.subtract(EVERYTHING, sets.box(UDP, 53, 53)), ['all traffic except udp 53']],
  [icmp([8 << 8, 8 << 8]), ['icmp echo']],
  [icmp([8 << 8, (8 << 8) | 255]), ['icmp echo']],
  [icmp([(3 << 8) | 4, (3 << 8) | 4]), ['icmp 3.4']],
  [icmp([(3 << 8) | 4, (3 << 8) | 7]), ['icmp 3.4-3.7']],
  [icmp([3 << 8, (3 << 8) | 2]), ['icmp 3.0-3.2']],
  [icmp([3 << 8, (4 << 8) | 255]), ['icmp unreachable,source-quench']],
  [sets.subtract(sets.box(ICMP, 0, 65535), icmp([8 << 8, (8 << 8) | 255])), ['icmp except echo']],
])('%#: %j', (set, words) => {
  expect(wordsOf(sets, set)).toEqual(words);
});
