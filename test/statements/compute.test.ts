/** CMP: who can send and receive at all. */

import { expect, test } from 'vitest';
import { example } from './example.ts';
import { outcome, walk } from './walks.ts';

const TO_B = 'tcp 10.0.1.10:40000 > 10.0.2.20:443';

test('CMP-01: an interface that is not in use sends nothing', () => {
  expect(outcome(walk(example({ enis: { A: { status: 'available' } } }), TO_B))).toMatch(/^dropped: .*BAD_STATE$/);
});

test('CMP-01: an interface that is not in use receives nothing', () => {
  expect(outcome(walk(example({ enis: { B: { status: 'available' } } }), TO_B))).toMatch(/^dropped: .*BAD_STATE$/);
});

for (const instanceState of ['stopped', 'stopping', 'terminated']) {
  test(`CMP-01: an instance that is ${instanceState} neither sends nor receives`, () => {
    expect(outcome(walk(example({ enis: { A: { instanceState } } }), TO_B))).toMatch(/^dropped: .*BAD_STATE$/);
    expect(outcome(walk(example({ enis: { B: { instanceState } } }), TO_B))).toMatch(/^dropped: .*BAD_STATE$/);
  });
}

test('CMP-13: the resolver answers only where the VPC supports DNS', () => {
  const query = 'udp 10.0.1.10:40000 > 10.0.0.2:53';
  expect(outcome(walk(example({ dnsSupport: true }), query))).toBe('delivered');
  expect(walk(example({ dnsSupport: false }), query).verdict).toBe('dropped');
});

test('CMP-13: the resolver is at the base of the primary block plus two, whatever the subnet', () => {
  expect(outcome(walk(example(), 'udp 10.0.2.20:40000 > 10.0.0.2:53'))).toBe('delivered');
  expect(walk(example(), 'udp 10.0.2.20:40000 > 10.0.2.2:53').verdict).toBe('dropped');
});
