/** A packet header as text for people and JSON. */

import { formatAddress } from '../net/address-text.ts';
import type { Packet } from '../net/packet.ts';
import { hasPorts, isIcmp, protocolName, TCP } from '../net/protocol.ts';
import { formatTcpFlags } from '../net/tcp-flags.ts';
import type { Header } from './trace.ts';

/** What a NAT gateway chooses from (NAT-02). */
const CHOSEN_PORT = '1024-65535';

/** Ports that a NAT gateway chose are a range: nobody outside AWS knows which. */
export function headerOf(packet: Packet, chosen: { source?: boolean; destination?: boolean } = {}): Header {
  const ports = hasPorts(packet.protocol);
  const icmp = isIcmp(packet.protocol);
  return {
    protocol: protocolName(packet.protocol),
    source: formatAddress(packet.source),
    destination: formatAddress(packet.destination),
    sourcePort: ports ? (chosen.source ? CHOSEN_PORT : String(packet.sourcePortOrIcmpId)) : null,
    destinationPort: ports ? (chosen.destination ? CHOSEN_PORT : String(packet.destinationPortOrIcmp)) : null,
    icmpType: icmp ? packet.destinationPortOrIcmp >> 8 : null,
    icmpCode: icmp ? packet.destinationPortOrIcmp & 255 : null,
    tcpFlags: packet.protocol === TCP ? formatTcpFlags(packet.tcpFlags) : null,
  };
}
