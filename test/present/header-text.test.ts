import { expect, test } from 'vitest';
import type { Header } from '../../src/explain/trace.ts';
import { parsePacket } from '../../src/net/packet-text.ts';
import { headerText } from '../../src/present/header-text.ts';
import { tcp } from './drawn-trace.ts';

const bare: Header = { ...tcp('10.0.1.10:1', '10.0.2.20:2'), sourcePort: null, destinationPort: null, tcpFlags: null };

const cases: readonly (readonly [Header, string])[] = [
  [tcp('203.0.113.7:40000', '10.0.1.10:443'), 'tcp 203.0.113.7:40000 > 10.0.1.10:443'],
  [{ ...tcp('203.0.113.7:40000', '10.0.1.10:443'), tcpFlags: 'SA' }, 'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags SA'],
  [
    { ...tcp('2001:db8::7:53', '2001:db8::a:54'), protocol: 'udp', tcpFlags: null },
    'udp [2001:db8::7]:53 > [2001:db8::a]:54',
  ],
  [{ ...bare, protocol: 'icmp', icmpType: 8, icmpCode: 0 }, 'icmp echo 10.0.1.10 > 10.0.2.20'],
  [{ ...bare, protocol: 'icmp', icmpType: 3, icmpCode: 4 }, 'icmp 3.4 10.0.1.10 > 10.0.2.20'],
  [{ ...bare, protocol: '99' }, 'proto 99 10.0.1.10 > 10.0.2.20'],
];

for (const [header, text] of cases) {
  test(`a header reads "${text}", and can be asked again as it is`, () => {
    expect(headerText(header)).toBe(text);
    expect(parsePacket(text).packet.protocol).toBeGreaterThan(0);
  });
}

test('ports that a NAT gateway chooses are a range', () => {
  const header = { ...tcp('198.51.100.20:1', '203.0.113.80:443'), sourcePort: '1024-65535' };
  expect(headerText(header)).toBe('tcp 198.51.100.20:1024-65535 > 203.0.113.80:443');
});
