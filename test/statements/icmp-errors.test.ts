/** ICMP errors quote the header that their sender saw: gateways translate the quoted header back, as they translate the packet. */

import { expect, test } from 'vitest';
import { example } from './example.ts';
import { sent, sessionOf } from './walks.ts';

test('CT-16, OPEN-09: "fragmentation needed" from the internet about a tracked connection of A is received', () => {
  const session = sessionOf(
    example({ groups: { a: { in: [], out: ['tcp/443 to 203.0.113.0/24'] } }, enis: { A: { groups: ['a'] } } }),
  );
  session.send('tcp 10.0.1.10:40000 > 203.0.113.7:443', { at: 0 });
  const error = 'icmp 3.4 192.0.2.1 > 198.51.100.10 about (tcp 198.51.100.10:40000 > 203.0.113.7:443)';
  expect(sent(session.send(error, { at: 1 }))).toBe('delivered');
});

test('CT-16: "fragmentation needed" about a connection through a NAT gateway is received', () => {
  const session = sessionOf(example());
  session.send('tcp 10.0.2.20:40000 > 203.0.113.7:443', { at: 0 });
  const error = 'icmp 3.4 192.0.2.1 > 198.51.100.99 about (tcp 198.51.100.99:40000 > 203.0.113.7:443)';
  const result = session.send(error, { at: 1 });
  expect(sent(result)).toBe('delivered');
  expect(result.leg.to.id).toBe('eni-b');
});
