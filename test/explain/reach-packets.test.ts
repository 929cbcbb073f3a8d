/** Answers as exact sets: what is in them, and how they combine. */

import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { networkOf } from '../support/network.ts';
import { BASE } from './small-net.ts';

const net = createNet(networkOf(BASE));

test('hold exactly what arrives, under the addresses that senders use', () => {
  const { forward, roundTrip } = net.packets('internet -> eni-a');
  expect(forward.contains('tcp 203.0.113.7:40000 > 198.51.100.10:443')).toBe(true);
  expect(forward.contains('tcp 203.0.114.7:40000 > 198.51.100.10:443')).toBe(false);
  expect(forward.contains('tcp 203.0.113.7:40000 > 10.0.1.10:443')).toBe(false);
  // 256 addresses, one destination, one port, every source port.
  expect(forward.count()).toBe(256n * 65536n);
  expect(roundTrip.subtract(forward).isEmpty()).toBe(true);
  expect(forward.subtract(roundTrip).isEmpty()).toBe(true);
});

test('have witnesses that walk', () => {
  const { roundTrip } = net.packets('internet -> eni-a');
  expect(net.walk(roundTrip.witness()!).verdict).toBe('delivered');
});

test('hold packets from the pinned ports only, where a question pins them', () => {
  const { forward } = net.packets('203.0.113.7 -> eni-a : tcp/40000-40001>443');
  expect(forward.count()).toBe(2n);
});

test('compare networks: what a rule more lets in', () => {
  const wider = createNet(
    networkOf({ ...BASE, groups: { ...BASE.groups, web: { in: ['tcp/443 from 203.0.112.0/23'] } } }),
  );
  const before = net.packets('internet -> eni-a').forward;
  const after = wider.packets('internet -> eni-a').forward;
  expect(before.subtract(after).isEmpty()).toBe(true);
  const [box, ...others] = after.subtract(before).boxes(10);
  expect(others).toEqual([]);
  expect(box).toMatchObject({ sources: ['203.0.112.0/24'], destinations: ['198.51.100.10/32'] });
});

test('that would be about too many pairs are refused with the limit', () => {
  expect(() => net.packets('internet -> eni-a', { maxPairs: 1 })).toThrow('over the limit of 1');
});
