/**
 * What a rule says about protocol and ports, apart from addresses: one protocol or all of them, and an inclusive range of
 * destination ports or ICMP type * 256 + code (see `Packet`). Protocols without ports have the full range.
 */

import { ALL_PROTOCOLS, LAST_PORT } from './protocol.ts';

export interface Traffic {
  /** IANA number, or ALL_PROTOCOLS. */
  readonly protocol: number;
  readonly firstPortOrIcmp: number;
  readonly lastPortOrIcmp: number;
}

export const ALL_TRAFFIC: Traffic = { protocol: ALL_PROTOCOLS, firstPortOrIcmp: 0, lastPortOrIcmp: LAST_PORT };

/** A whole protocol: every port, every ICMP type and code. */
export function wholeProtocol(protocol: number): Traffic {
  return { protocol, firstPortOrIcmp: 0, lastPortOrIcmp: LAST_PORT };
}

/** ICMP type and code as rules give them; -1 is a wildcard, and a wildcard type implies a wildcard code (PKT-05). */
export function icmpTraffic(protocol: number, type: number, code: number): Traffic {
  if (type === -1) return wholeProtocol(protocol);
  const first = type << 8;
  return code === -1
    ? { protocol, firstPortOrIcmp: first, lastPortOrIcmp: first | 255 }
    : { protocol, firstPortOrIcmp: first | code, lastPortOrIcmp: first | code };
}

export function trafficCovers(traffic: Traffic, protocol: number, portOrIcmp: number): boolean {
  return (
    (traffic.protocol === ALL_PROTOCOLS || traffic.protocol === protocol) &&
    traffic.firstPortOrIcmp <= portOrIcmp &&
    portOrIcmp <= traffic.lastPortOrIcmp
  );
}
