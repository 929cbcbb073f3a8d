/** What a host sends back when a packet has reached it. */

import { answerOf } from './icmp.ts';
import type { Packet } from './packet.ts';
import { icmpCodepoint, isIcmp, TCP } from './protocol.ts';
import { ACK, RST, SYN } from './tcp-flags.ts';

/**
 * The answer of a host that takes the packet (the port is open, the connection is known), or null when its kind has none.
 *
 * | packet                             | answer                                              |
 * | ---------------------------------- | --------------------------------------------------- |
 * | TCP SYN                            | SYN+ACK, ends and ports swapped                     |
 * | TCP with ACK (SYN+ACK, ACK, FIN …) | ACK                                                 |
 * | TCP with RST, or neither SYN nor ACK | none (RFC 9293 §3.10.7)                           |
 * | ICMP request                       | its answer, code 0, the same identifier             |
 * | any other ICMP                     | none (RFC 1122 §3.2.2: errors are never answered)   |
 * | every other protocol               | the same protocol; ports, where it has them, swapped |
 */
export function answerTo(packet: Packet): Packet | null {
  const { protocol, source, destination, sourcePortOrIcmpId, destinationPortOrIcmp } = packet;
  if (isIcmp(protocol)) {
    const type = answerOf(protocol, destinationPortOrIcmp >> 8);
    if (type === null) return null;
    return {
      protocol,
      source: destination,
      destination: source,
      sourcePortOrIcmpId,
      destinationPortOrIcmp: icmpCodepoint(type, 0),
      tcpFlags: 0,
      quoted: null,
    };
  }
  const tcpFlags = protocol === TCP ? answeringFlags(packet.tcpFlags) : 0;
  if (tcpFlags === null) return null;
  return {
    protocol,
    source: destination,
    destination: source,
    sourcePortOrIcmpId: destinationPortOrIcmp,
    destinationPortOrIcmp: sourcePortOrIcmpId,
    tcpFlags,
    quoted: null,
  };
}

function answeringFlags(flags: number): number | null {
  if ((flags & RST) !== 0) return null;
  if ((flags & ACK) !== 0) return ACK;
  return (flags & SYN) !== 0 ? SYN | ACK : null;
}
