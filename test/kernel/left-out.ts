/**
 * What is not compared with the kernel, because AWS and Linux are documented to differ there or AWS says nothing. The oracle's README
 * lists it; of that list the documents played here draw only what this file looks for: no fragments, no SCTP, GRE or UDP-Lite, no FIN
 * or RST, no destinations that AWS reserves, and nothing besides one VPC and its internet gateway.
 */

import type { Step } from '../../src/explain/trace.ts';
import type { KernelPacket, Lists } from './document.ts';
import type { KernelResult } from './kernel-oracle.ts';

export type Reason =
  | 'lost in the kernel, which is a bad test'
  | 'ICMP errors without a rule'
  | 'TCP from mid-stream, or invalid'
  | 'half-open TCP time-outs'
  | 'UDP stream classification'
  | 'untracked flows across a rule change'
  | 'unanswered flows across a rule change';

/** Linux forgets a half-open TCP connection after this long at the earliest. */
const HALF_OPEN_SECONDS = 60;
/** Linux calls an answered UDP flow a stream this long after its first packet. */
const LINUX_STREAM_SECONDS = 2;
const ICMP_ERRORS = [3, 4, 5, 11, 12];

/** An interface, as far as flows are concerned. */
interface Holder {
  readonly id: string;
  readonly udpSeconds: number;
}

/** One flow as one interface saw it pass, since the kernel made its entry. */
interface Passage {
  readonly bornAt: number;
  readonly isOutward: boolean;
  seenAt: number;
  isRequested: boolean;
  responses: number;
  /** SYN, SYN+ACK, ACK: how many of them came. */
  handshake: number;
}

/** Follows the packets of one document, in order, and says of each whether it counts. */
export class LeftOut {
  readonly #holders: ReadonlyMap<string, Holder>;
  readonly #privateOf: ReadonlyMap<string, string>;
  /** By flow and interface. */
  readonly #passages = new Map<string, Passage>();
  /** Flows that do not count any more, and why. */
  readonly #spoilt = new Map<string, Reason>();
  readonly #untracked = new Set<string>();

  constructor(lists: Lists) {
    const addresses = addressesOf(lists);
    this.#holders = new Map(addresses.map(({ own, holder }) => [own, holder]));
    this.#privateOf = new Map(addresses.flatMap(({ own, seen }) => (seen === undefined ? [] : [[seen, own] as const])));
  }

  /** From here on rules are others. Linux judges a flow by the rules until it was answered; AWS documents no such thing (CT-08). */
  rulesChange(): void {
    for (const [key, passage] of this.#passages) {
      if (passage.responses === 0) this.#spoilt.set(key.split(' at ')[0]!, 'unanswered flows across a rule change');
    }
    for (const flow of this.#untracked) this.#spoilt.set(flow, 'untracked flows across a rule change');
  }

  /** Why this packet does not count, or null when it does. `steps` are what igwalk did with it. */
  reason(packet: KernelPacket, result: KernelResult, steps: readonly Step[]): Reason | null {
    if (result.verdict === 'lost') return 'lost in the kernel, which is a bad test';
    if (packet.protocol === 'icmp' && ICMP_ERRORS.includes(packet.icmpType ?? -1)) {
      return result.stage?.startsWith('sg-') ? 'ICMP errors without a rule' : null;
    }
    const flow = this.#flowOf(packet);
    const spoils = this.#passes(flow, packet, packet.srcIp, 'sg-out', result) ?? null;
    const spoilsAlso = this.#passes(flow, packet, packet.dstIp, 'sg-in', result) ?? null;
    const reason = this.#spoilt.get(flow) ?? spoils ?? spoilsAlso;
    if (reason !== null) this.#spoilt.set(flow, reason);
    if (steps.some(({ tracking }) => tracking === 'untracked')) this.#untracked.add(flow);
    return reason;
  }

  /** Whether igwalk ever let the packet's flow pass without tracking it. */
  isUntracked(packet: KernelPacket): boolean {
    return this.#untracked.has(this.#flowOf(packet));
  }

  #flowOf({ protocol, srcIp, dstIp, srcPort = 0, dstPort = 0, icmpId = 0 }: KernelPacket): string {
    const ends = [`${this.#own(srcIp)} ${srcPort}`, `${this.#own(dstIp)} ${dstPort}`].sort();
    return [protocol, icmpId, ...ends].join(' ');
  }

  #own(address: string): string {
    return this.#privateOf.get(address) ?? address;
  }

  /** Notes how the packet passed the interface at one of its ends, and says what spoils the flow there. */
  #passes(
    flow: string,
    packet: KernelPacket,
    address: string,
    stage: 'sg-in' | 'sg-out',
    { trace = [] }: KernelResult,
  ): Reason | null {
    const holder = this.#holders.get(this.#own(address));
    const label = trace.find((candidate) => candidate.startsWith(`${stage}|`))?.split('|');
    if (holder === undefined) return null;
    const key = `${flow} at ${holder.id}`;
    const before = this.#passages.get(key);
    const doubt = before === undefined ? null : doubtAfterPause(before, packet, holder);
    if (label === undefined) return doubt;
    const isKnown = label[2] === 'established';
    const isOpening = packet.protocol !== 'tcp' || packet.tcpFlags === 'S';
    if (label[2] === 'invalid' || (!isKnown && !isOpening)) return 'TCP from mid-stream, or invalid';
    const isOutward = stage === 'sg-out';
    // Linux asks the rules until a flow was answered, but the entry is there since the first packet.
    const isUnanswered =
      before?.responses === 0 && before.isOutward === isOutward && packet.t - before.seenAt < holder.udpSeconds;
    const entry = isKnown || isUnanswered ? before : undefined;
    if (label[3] === 'allow') this.#passages.set(key, passed(entry, packet, isOutward));
    return doubt;
  }
}

/** Whether AWS and Linux may disagree about the entry being alive after this pause. */
function doubtAfterPause(passage: Passage, { protocol, t }: KernelPacket, { udpSeconds }: Holder): Reason | null {
  const pause = t - passage.seenAt;
  if (protocol === 'tcp') return passage.handshake < 3 && pause >= HALF_OPEN_SECONDS ? 'half-open TCP time-outs' : null;
  if (protocol !== 'udp' || pause < udpSeconds) return null;
  const isLinuxStream = passage.responses > 0 && passage.seenAt - passage.bornAt >= LINUX_STREAM_SECONDS;
  return isLinuxStream === passage.responses > 1 ? null : 'UDP stream classification';
}

function passed(before: Passage | undefined, { tcpFlags, t }: KernelPacket, isOutward: boolean): Passage {
  const passage = before ?? { bornAt: t, isOutward, seenAt: t, isRequested: false, responses: 0, handshake: 0 };
  const isForward = passage.isOutward === isOutward;
  const expected = [tcpFlags === 'S' && isForward, tcpFlags === 'SA' && !isForward, tcpFlags === 'A' && isForward];
  return {
    ...passage,
    seenAt: t,
    isRequested: isForward,
    responses: passage.responses + (passage.isRequested && !isForward ? 1 : 0),
    handshake: passage.handshake + (expected[passage.handshake] ? 1 : 0),
  };
}

interface Paired {
  readonly PrivateIpAddress: string;
  readonly Association?: { readonly PublicIp?: string };
}

interface Described extends Paired {
  readonly NetworkInterfaceId: string;
  readonly PrivateIpAddresses?: readonly Paired[];
  readonly Ipv6Addresses?: readonly { readonly Ipv6Address: string }[];
  readonly ConnectionTrackingConfiguration?: { readonly UdpTimeout?: number };
}

function addressesOf(lists: Lists): { own: string; seen: string | undefined; holder: Holder }[] {
  return ((lists.NetworkInterfaces ?? []) as readonly Described[]).flatMap((eni) => {
    const holder = { id: eni.NetworkInterfaceId, udpSeconds: eni.ConnectionTrackingConfiguration?.UdpTimeout ?? 30 };
    const paired = (eni.PrivateIpAddresses ?? [eni]).map((address) => ({
      own: address.PrivateIpAddress,
      seen: address.Association?.PublicIp,
      holder,
    }));
    const v6 = (eni.Ipv6Addresses ?? []).map((address) => ({ own: address.Ipv6Address, seen: undefined, holder }));
    return [...paired, ...v6];
  });
}
