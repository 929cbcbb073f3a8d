import { describe, expect, test } from 'vitest';
import { ICMP, ICMPV6, icmpCodepoint, TCP, UDP } from '../../src/net/protocol.ts';
import { ALL_TRAFFIC, icmpTraffic, trafficCovers, wholeProtocol } from '../../src/net/traffic.ts';

describe('what a rule says about protocol and ports', () => {
  test('ICMP type 8 code -1 covers an echo of any code and no echo reply (PKT-05)', () => {
    const echo = icmpTraffic(ICMP, 8, -1);
    expect([0, 3, 255].map((code) => trafficCovers(echo, ICMP, icmpCodepoint(8, code)))).toEqual([true, true, true]);
    expect(trafficCovers(echo, ICMP, icmpCodepoint(0, 0))).toBe(false);
    expect(trafficCovers(echo, ICMP, icmpCodepoint(7, 255))).toBe(false);
    expect(trafficCovers(echo, ICMP, icmpCodepoint(9, 0))).toBe(false);
    expect(trafficCovers(echo, ICMPV6, icmpCodepoint(8, 0))).toBe(false);
  });

  test('ICMP type 3 code 4 covers that message alone (PKT-05)', () => {
    const tooBig = icmpTraffic(ICMP, 3, 4);
    expect([3, 4, 5].map((code) => trafficCovers(tooBig, ICMP, icmpCodepoint(3, code)))).toEqual([false, true, false]);
  });

  test('a wildcard type implies a wildcard code (PKT-05)', () => {
    expect(icmpTraffic(ICMP, -1, 7)).toEqual(wholeProtocol(ICMP));
    expect(trafficCovers(icmpTraffic(ICMP, -1, -1), ICMP, icmpCodepoint(255, 255))).toBe(true);
  });

  test('a range of ports holds both its ends, for its protocol', () => {
    const web = { protocol: TCP, firstPortOrIcmp: 80, lastPortOrIcmp: 443 };
    expect([79, 80, 443, 444].map((port) => trafficCovers(web, TCP, port))).toEqual([false, true, true, false]);
    expect(trafficCovers(web, UDP, 80)).toBe(false);
  });

  test('all traffic covers every protocol and port', () => {
    for (const [protocol, port] of [
      [TCP, 0],
      [UDP, 65535],
      [ICMP, icmpCodepoint(255, 255)],
      [50, 0],
    ] as const) {
      expect(trafficCovers(ALL_TRAFFIC, protocol, port)).toBe(true);
    }
  });
});
