/** One packet of a set in the words of rules: `tcp 22 from 10.0.0.1`. */

import { trafficWords } from '../compile/rule-words.ts';
import { hasPorts, ICMP, isIcmp, LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';

/** Such a packet, tcp before udp before icmp, the lowest port or message. Throws on the empty set. */
export function samplePacket(sets: L4Sets, packets: L4Id, peer: string): string {
  if (packets === EMPTY) throw new RangeError('the empty set has no packet to show');
  const familiar = [TCP, UDP, ICMP].find((protocol) => sets.ports(packets, protocol).length > 0);
  const protocol = familiar ?? sets.runs(packets)[0]!.first;
  const { first } = sets.ports(packets, protocol)[0]!;
  const isOne = hasPorts(protocol) || isIcmp(protocol);
  const words = trafficWords({
    protocol,
    firstPortOrIcmp: isOne ? first : 0,
    lastPortOrIcmp: isOne ? first : LAST_PORT,
  });
  return `${words} ${peer}`;
}
