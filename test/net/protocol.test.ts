import { describe, expect, test } from 'vitest';
import {
  ALL_PROTOCOLS,
  hasPorts,
  ICMP,
  ICMPV6,
  isIcmp,
  protocolName,
  protocolNumber,
  TCP,
  UDP,
} from '../../src/net/protocol.ts';

describe('protocol names and numbers', () => {
  test('"6", 6, "tcp" and "TCP" are the same protocol (PKT-02)', () => {
    expect(['6', 6, 'tcp', 'TCP'].map(protocolNumber)).toEqual([TCP, TCP, TCP, TCP]);
  });

  test('the four names of the security group API (PKT-02)', () => {
    expect(['icmp', 'tcp', 'udp', 'icmpv6'].map(protocolNumber)).toEqual([1, 6, 17, 58]);
  });

  test('"-1" and "all" are every protocol (PKT-02)', () => {
    expect(['-1', -1, 'all'].map(protocolNumber)).toEqual([ALL_PROTOCOLS, ALL_PROTOCOLS, ALL_PROTOCOLS]);
  });

  for (const text of ['256', '-2', '', 'tpc', '6.0', '1e1', ' 6', 'constructor', '__proto__']) {
    test(`"${text}" is no protocol`, () => {
      expect(protocolNumber(text)).toBeNull();
    });
  }

  test('every number is read back from its name', () => {
    for (let number = 0; number < 256; number++) expect(protocolNumber(protocolName(number))).toBe(number);
    expect([47, 50, 99].map(protocolName)).toEqual(['gre', 'esp', '99']);
  });

  test('only TCP and UDP have ports, not SCTP (PKT-03)', () => {
    const every = Array.from({ length: 256 }, (_, number) => number);
    expect(every.filter(hasPorts)).toEqual([TCP, UDP]);
    expect(every.filter(isIcmp)).toEqual([ICMP, ICMPV6]);
  });
});
