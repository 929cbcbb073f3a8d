/** Packets in time order for a drawn network: conversations with answers, pauses around the time-outs, and rules that change. */

import fc from 'fast-check';
import { type Random, randomFrom } from '../../bench/support/random.ts';
import { formatAddress, parseAddress } from '../../src/net/address-text.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { HOSTS_V4, HOSTS_V6, PORT_BOUNDS } from '../support/arbitrary-rules.ts';
import type { RuleChange } from '../support/arbitrary-sessions.ts';
import { withRules } from '../support/arbitrary-sessions.ts';
import { describeNetwork } from '../support/describe.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import type { KernelDocument, KernelEvent, KernelPacket } from './document.ts';

/** Mostly none, else one second around each time-out (CT-09 to CT-11) and those that drawn interfaces set. */
const PAUSES = [1, 2, 29, 30, 31, 59, 60, 61, 119, 120, 121, 179, 180, 181, 349, 350, 351, 599, 600, 601];
const CHANGES: readonly RuleChange[] = ['no in', 'swap', 'no out', 'drawn', 'drawn'];

/** Networks with several groups, secondary addresses, IPv6 and time-outs of their own. The same seed gives the same ones. */
export function drawnHere(seed: number, count: number, packets: number): KernelDocument[] {
  const sampled = fc.sample(drawings({ hasGaps: false, isPlain: true }), { seed, numRuns: count });
  return sampled.map((drawing, index) => {
    const random = randomFrom(seed * 1000 + index);
    const name = `seed ${seed} network ${index}`;
    return { name, ...describeNetwork(networkOf(drawing)), packets: eventsOf(drawing, packets, random) };
  });
}

interface Speaker {
  readonly from: string;
  /** Its address as it sends, and as the other side aims at it. */
  readonly own: string;
  readonly seen: string;
}

interface Conversation {
  readonly ends: readonly [Speaker, Speaker];
  readonly protocol: 'tcp' | 'udp' | 'icmp' | '50';
  readonly ports: readonly [number, number];
  readonly id: number;
  said: number;
}

function eventsOf(drawing: Drawing, count: number, random: Random): KernelEvent[] {
  const speakers = speakersOf(drawing);
  if (speakers.length === 0) return [];
  const conversations: Conversation[] = [];
  const events: KernelEvent[] = [];
  let t = 0;
  while (events.length < count) {
    const id = events.length;
    if (random.oneIn(3)) t += random.pick(PAUSES);
    if (random.oneIn(60)) {
      const { SecurityGroups = [] } = describeNetwork(networkOf(withRules(drawing, random.pick(CHANGES))));
      events.push({ id, t, update: { SecurityGroups } });
      continue;
    }
    if (conversations.length === 0 || random.oneIn(4)) conversations.push(newConversation(speakers, random));
    const conversation = random.pick(conversations.slice(-6));
    events.push({ id, t, ...nextPacket(conversation, random) });
  }
  return events;
}

/** Every address of every interface. */
function speakersOf(drawing: Drawing): Speaker[] {
  return Object.values(drawing.vpcs ?? {}).flatMap((vpc) =>
    Object.entries(vpc.enis ?? {}).flatMap(([name, { address = [], public: publics = {}, v6 = [] }]) => {
      const publicOf = (own: string): string => (typeof publics === 'string' ? publics : (publics[own] ?? own));
      const from = `eni-${name}`;
      return [
        ...[address].flat().map((own) => ({ from, own, seen: publicOf(own) })),
        ...[v6]
          .flat()
          .map((address) => formatAddress(parseAddress(address)))
          .map((own) => ({ from, own, seen: own })),
      ];
    }),
  );
}

function newConversation(speakers: readonly Speaker[], random: Random): Conversation {
  const one = random.pick(speakers);
  const isV6 = one.own.includes(':');
  const others = speakers.filter((other) => other.own.includes(':') === isV6 && other.from !== one.from);
  const isOutside = others.length === 0 || random.oneIn(2);
  const host = random.pick(isV6 ? HOSTS_V6 : HOSTS_V4);
  const other = isOutside ? { from: 'internet', own: host, seen: host } : random.pick(others);
  // Inside the VPC people use private addresses, and now and then public ones (OPEN-17).
  const isPrivate = !isOutside && !random.oneIn(8);
  const seenAs = (speaker: Speaker): Speaker => (isPrivate ? { ...speaker, seen: speaker.own } : speaker);
  const ends: [Speaker, Speaker] = [seenAs(one), seenAs(other)];
  if (random.oneIn(2)) ends.reverse();
  return {
    ends,
    protocol: random.pick(['tcp', 'tcp', 'udp', 'udp', 'icmp', '50'] as const),
    ports: [random.pick([40000, 33000, 49152, 1024]), random.pick(PORT_BOUNDS)],
    id: random.integer(1, 60000),
    said: 0,
  };
}

/** In turns to begin with, then anyone. TCP shakes hands first. */
function nextPacket(conversation: Conversation, random: Random): Omit<KernelPacket, 'id' | 't'> {
  const { ends, protocol, ports, id } = conversation;
  const turn = conversation.said++;
  const isForward = turn < 3 ? turn % 2 === 0 : random.oneIn(2);
  const [sender, receiver] = isForward ? ends : [ends[1], ends[0]];
  const [srcPort, dstPort] = isForward ? ports : [ports[1], ports[0]];
  const packet = { from: sender.from, protocol, srcIp: sender.own, dstIp: receiver.seen };
  switch (protocol) {
    case 'tcp':
      return { ...packet, srcPort, dstPort, tcpFlags: ['S', 'SA'][turn] ?? 'A' };
    case 'udp':
      return { ...packet, srcPort, dstPort };
    case 'icmp': {
      const isV6 = sender.own.includes(':');
      const [request, reply] = isV6 ? [128, 129] : [8, 0];
      const icmpType = isForward ? request : reply;
      return { ...packet, protocol: isV6 ? 'icmpv6' : 'icmp', icmpType, icmpCode: 0, icmpId: id };
    }
    case '50':
      return packet;
  }
}
