/** Traffic as the EC2 API writes it. */

import { ALL_PROTOCOLS, hasPorts, ICMP, ICMPV6, isIcmp, LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import type { Traffic } from '../net/traffic.ts';

/** Protocols that the API of security groups calls by name (PKT-02). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [ICMP, 'icmp'],
  [ICMPV6, 'icmpv6'],
]);

/** `tcp`, or the number; `-1` is every protocol. */
export function groupProtocol({ protocol }: Traffic): string {
  return NAMES.get(protocol) ?? String(protocol);
}

/**
 * The two numbers of a rule: ports, or ICMP type and code, where -1 stands for all (PKT-05). Null for protocols that have neither.
 */
export function rulePorts({ protocol, firstPortOrIcmp, lastPortOrIcmp }: Traffic): readonly [number, number] | null {
  if (protocol === ALL_PROTOCOLS) return null;
  if (hasPorts(protocol)) return [firstPortOrIcmp, lastPortOrIcmp];
  if (!isIcmp(protocol)) return null;
  if (firstPortOrIcmp === 0 && lastPortOrIcmp === LAST_PORT) return [-1, -1];
  const type = firstPortOrIcmp >> 8;
  return [type, firstPortOrIcmp === lastPortOrIcmp ? firstPortOrIcmp & 255 : -1];
}
