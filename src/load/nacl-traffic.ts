/** What a network ACL entry says about protocol, ports and ICMP (NACL-09, NACL-10, NACL-11). */

import { type Origin, originOf } from '../model/origin.ts';
import type { Prefix } from '../net/prefix.ts';
import { ALL_PROTOCOLS, hasPorts, ICMP, ICMPV6, protocolNumber } from '../net/protocol.ts';
import { ALL_TRAFFIC, type Traffic, wholeProtocol } from '../net/traffic.ts';
import { describeValue, memberOf } from './json-value.ts';
import { readIcmp, readPorts } from './port-range.ts';
import type { Reading } from './reading.ts';

/** The members of an entry that this file reads. */
export interface NaclTrafficMembers {
  readonly Protocol: string | number;
  /** `{ From, To }`, looked at only where the protocol has ports. */
  readonly PortRange?: unknown;
  /** `{ Type, Code }`, looked at only where the protocol is ICMP. */
  readonly IcmpTypeCode?: unknown;
}

/** Null, after a problem, where protocol, ports or ICMP fields are missing or wrong. */
export function readNaclTraffic(
  reading: Reading,
  entry: NaclTrafficMembers,
  peer: Prefix,
  origin: Origin,
): Traffic | null {
  const protocol = protocolNumber(entry.Protocol);
  if (protocol === null) {
    const what = `protocol ${describeValue(entry.Protocol)} is not known`;
    reading.error(what, originOf(origin, 'Protocol'), 'write its number, 0 to 255, or "-1" for all');
    return null;
  }
  if (protocol === ALL_PROTOCOLS) return ALL_TRAFFIC;
  if (hasPorts(protocol)) {
    const range = entry.PortRange;
    return readPorts(reading, protocol, memberOf(range, ['From']), memberOf(range, ['To']), origin, ['PortRange']);
  }
  const isV6 = peer.address.family === 6;
  if (protocol === ICMP || (protocol === ICMPV6 && isV6)) {
    const icmp = entry.IcmpTypeCode;
    return readIcmp(reading, protocol, memberOf(icmp, ['Type']), memberOf(icmp, ['Code']), origin, ['IcmpTypeCode']);
  }
  return wholeProtocol(protocol);
}
