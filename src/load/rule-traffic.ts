/** What a security group rule says about protocol and ports (SG-08, SG-09). */

import { type Origin, originOf } from '../model/origin.ts';
import { ALL_PROTOCOLS, hasPorts, ICMP, ICMPV6, protocolNumber } from '../net/protocol.ts';
import { ALL_TRAFFIC, type Traffic, wholeProtocol } from '../net/traffic.ts';
import { describeValue } from './json-value.ts';
import { readIcmp, readPorts } from './port-range.ts';
import type { Reading } from './reading.ts';

/** Null, after a problem, where protocol or ports are missing or wrong. For ICMP the ports hold type and code. */
export function readRuleTraffic(
  reading: Reading,
  ipProtocol: unknown,
  fromPort: unknown,
  toPort: unknown,
  origin: Origin,
): Traffic | null {
  const isText = typeof ipProtocol === 'string' || typeof ipProtocol === 'number';
  const protocol = isText ? protocolNumber(ipProtocol) : null;
  if (protocol === null) {
    const missing = ipProtocol === null || ipProtocol === undefined;
    const what = missing ? 'IpProtocol is missing' : `protocol ${describeValue(ipProtocol)} is not known`;
    reading.error(
      what,
      originOf(origin, 'IpProtocol'),
      'write tcp, udp, icmp, icmpv6, a number from 0 to 255, or "-1" for all',
    );
    return null;
  }
  if (protocol === ALL_PROTOCOLS) return ALL_TRAFFIC;
  if (hasPorts(protocol)) return readPorts(reading, protocol, fromPort, toPort, origin, []);
  if (protocol === ICMP) return readIcmp(reading, protocol, fromPort, toPort, origin, []);
  if (protocol === ICMPV6) {
    const omitted = isAbsent(fromPort) && isAbsent(toPort);
    return omitted ? wholeProtocol(protocol) : readIcmp(reading, protocol, fromPort, toPort, origin, []);
  }
  return wholeProtocol(protocol);
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}
