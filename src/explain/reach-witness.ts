/** A packet out of a set that people find familiar: a well-known port, an ordinary client port, tcp before udp before icmp. */

import type { Address } from '../net/address.ts';
import { type IntervalSet, intervalsContain } from '../net/interval-set.ts';
import type { Packet } from '../net/packet.ts';
import { hasPorts, ICMP, ICMPV6, isIcmp, TCP, UDP } from '../net/protocol.ts';
import { SYN } from '../net/tcp-flags.ts';
import type { L4Id, L4Sets } from '../reach/l4-sets.ts';

/** What a walker's verdict is called, by its number. */
export const VERDICT_WORDS: readonly string[] = ['delivered', 'one-way', 'dropped', 'unknown'];

const FAMILIAR_PORTS = [443, 80, 22, 3389, 5432, 3306, 53, 1433, 6379, 8080, 25, 123, 8443, 9200, 27017, 389, 445];
const FAMILIAR_CLIENT_PORTS = [49152, 50000, 40000, 32768, 1024];
const ECHO: Readonly<Record<number, number>> = { [ICMP]: 8 << 8, [ICMPV6]: 128 << 8 };

/** A packet of the set between these addresses, from one of the client ports of its protocol; null when the set is empty. */
export function witnessOf(
  sets: L4Sets,
  set: L4Id,
  source: Address,
  destination: Address,
  clientPorts: (protocol: number) => IntervalSet,
): Packet | null {
  const icmp = source.family === 4 ? ICMP : ICMPV6;
  const held = sets.runs(set);
  const first = [TCP, UDP, icmp].find((protocol) => sets.ports(set, protocol).length > 0) ?? held[0]?.first;
  if (first === undefined) return null;
  const ports = sets.ports(set, first);
  return {
    protocol: first,
    source,
    destination,
    sourcePortOrIcmpId: hasPorts(first) ? pick(clientPorts(first), FAMILIAR_CLIENT_PORTS) : isIcmp(first) ? 1 : 0,
    destinationPortOrIcmp: hasPorts(first)
      ? pick(ports, FAMILIAR_PORTS)
      : isIcmp(first)
        ? pick(ports, [ECHO[first]!])
        : 0,
    tcpFlags: first === TCP ? SYN : 0,
    quoted: null,
  };
}

function pick(ports: IntervalSet, familiar: readonly number[]): number {
  return familiar.find((port) => intervalsContain(ports, port)) ?? ports[0]?.first ?? 0;
}
