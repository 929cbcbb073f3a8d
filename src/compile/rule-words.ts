/** Rules in the words of the console: `tcp 443 from 203.0.113.0/24`. */

import { ALL_PROTOCOLS, hasPorts, isIcmp, LAST_PORT, protocolName } from '../net/protocol.ts';
import type { Traffic } from '../net/traffic.ts';

/** `all traffic`, `tcp 80-90`, `udp`, `icmp 8`, `icmp 3.4`, `protocol 50`. */
export function trafficWords(traffic: Traffic): string {
  const { protocol, firstPortOrIcmp: first, lastPortOrIcmp: last } = traffic;
  if (protocol === ALL_PROTOCOLS) return 'all traffic';
  const whole = first === 0 && last === LAST_PORT;
  if (hasPorts(protocol)) {
    if (whole) return protocolName(protocol);
    return `${protocolName(protocol)} ${first === last ? first : `${first}-${last}`}`;
  }
  if (isIcmp(protocol)) {
    if (whole) return protocolName(protocol);
    return first === last
      ? `${protocolName(protocol)} type ${first >> 8} code ${first & 255}`
      : `${protocolName(protocol)} type ${first >> 8}`;
  }
  return `protocol ${protocol}`;
}

/** `tcp 443 from 203.0.113.0/24`: `from` a source, `to` a destination. */
export function ruleWords(traffic: string, direction: 'in' | 'out', peer: string): string {
  // Joined, for text that is put together otherwise keeps its pieces in memory, and there are rules by the hundred thousand.
  return [traffic, direction === 'in' ? 'from' : 'to', peer].join(' ');
}
