/** Connection tracking as a plain list of flows: what the connection table must agree with, whatever happens to it. */

import type { Translation } from '../../src/evaluate/connection-state.ts';
import { GATEWAY_IDLE_SECONDS } from '../../src/evaluate/connection-table.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import type { Packet } from '../../src/net/packet.ts';

/** Idle seconds of each interface; holders beyond them are gateways. */
export interface IdleTimes {
  readonly tcp: number;
  readonly udpStream: number;
  readonly udp: number;
}

export interface Flow {
  readonly holder: number;
  readonly direction: number;
  /** Protocol and both ends as the originator sent them. */
  readonly text: string;
  readonly protocol: number;
  seen: number;
  /** Who sent each packet so far: `>` the originator, `<` the responder. */
  packets: string;
  finFromOriginator: boolean;
  finFromResponder: boolean;
  readonly translation: Translation | null;
  readonly returnWay: number;
}

const ANSWERS_V4 = new Map([
  [0, 8],
  [14, 13],
  [16, 15],
  [18, 17],
]);

/** The request that an ICMP answer belongs to, or null for what is no answer. */
function requestType(packet: Packet): number | null {
  const type = packet.destinationPortOrIcmp >> 8;
  return packet.protocol === 1 ? (ANSWERS_V4.get(type) ?? null) : type === 129 ? 128 : null;
}

function isQuestion(packet: Packet): boolean {
  const type = packet.destinationPortOrIcmp >> 8;
  return packet.protocol === 1 ? [8, 13, 15, 17].includes(type) : type === 128;
}

const isIcmp = ({ protocol }: Packet): boolean => protocol === 1 || protocol === 58;

/** CT-02: addresses and ports; addresses, identifier and kind of question; or addresses and protocol. */
export function flowText(packet: Packet): string {
  const [from, to] = [formatAddress(packet.source), formatAddress(packet.destination)];
  const { protocol, sourcePortOrIcmpId, destinationPortOrIcmp } = packet;
  if (isIcmp(packet)) {
    const kind = isQuestion(packet) ? `asks ${destinationPortOrIcmp >> 8}` : `says ${destinationPortOrIcmp}`;
    return `${protocol} ${from} > ${to} id ${sourcePortOrIcmpId} ${kind}`;
  }
  if (protocol !== 6 && protocol !== 17) return `${protocol} ${from} > ${to}`;
  return `${protocol} ${from}:${sourcePortOrIcmpId} > ${to}:${destinationPortOrIcmp}`;
}

/** The flow that this packet would answer, or null for an ICMP message that answers nothing. */
function answeredFlowText(packet: Packet): string | null {
  const turned = { ...packet, source: packet.destination, destination: packet.source };
  if (!isIcmp(packet)) {
    const { sourcePortOrIcmpId: one, destinationPortOrIcmp: other } = packet;
    return flowText({ ...turned, sourcePortOrIcmpId: other, destinationPortOrIcmp: one });
  }
  const request = requestType(packet);
  return request === null ? null : flowText({ ...turned, destinationPortOrIcmp: request << 8 });
}

export class FlowModel {
  flows: Flow[] = [];
  readonly times: readonly IdleTimes[];

  constructor(times: readonly IdleTimes[]) {
    this.times = times;
  }

  timeout({ holder, protocol, packets }: Flow): number {
    const times = this.times[holder];
    if (times === undefined) return GATEWAY_IDLE_SECONDS;
    if (protocol === 6) return times.tcp;
    // CT-10: more than one request and answer make a stream.
    if (protocol === 17) return packets.replaceAll(/<+/g, '<').split('><').length > 2 ? times.udpStream : times.udp;
    return protocol === 1 || protocol === 58 ? 30 : 600;
  }

  live(now: number): readonly Flow[] {
    return this.flows.filter((flow) => now - flow.seen < this.timeout(flow));
  }

  /** The live flow that admits a packet, and whether the packet answers it. */
  find(holder: number, direction: number, packet: Packet, now: number): { flow: Flow; isReply: boolean } | null {
    const mine = this.live(now).filter((flow) => flow.holder === holder);
    const answers = answeredFlowText(packet);
    // An ICMP answer opens no flow of its own, so it is only ever looked for as an answer.
    const isAnswerOnly = isIcmp(packet) && answers !== null;
    const same = mine.find((flow) => flow.direction === direction && flow.text === flowText(packet) && !isAnswerOnly);
    if (same !== undefined) return { flow: same, isReply: false };
    const answered = mine.find((flow) => flow.direction !== direction && flow.text === answers);
    return answered === undefined ? null : { flow: answered, isReply: true };
  }

  /** A packet of a flow passes. */
  follow(flow: Flow, isReply: boolean, packet: Packet, now: number): void {
    const wasClosed = flow.finFromOriginator && flow.finFromResponder;
    flow.seen = now;
    flow.packets += isReply ? '<' : '>';
    if (packet.protocol !== 6) return;
    const isFin = (packet.tcpFlags & 1) !== 0;
    if (isFin && isReply) flow.finFromResponder = true;
    if (isFin && !isReply) flow.finFromOriginator = true;
    // The last acknowledgement ends a closed connection, a reset ends any.
    if ((packet.tcpFlags & 4) !== 0 || (wasClosed && !isFin)) this.flows = this.flows.filter((one) => one !== flow);
  }

  admit(flow: Omit<Flow, 'packets' | 'finFromOriginator' | 'finFromResponder'>, packet: Packet): void {
    if (packet.protocol === 6 && (packet.tcpFlags & 4) !== 0) return;
    const isSame = (one: Flow): boolean =>
      one.holder === flow.holder && one.direction === flow.direction && one.text === flow.text;
    const isFin = packet.protocol === 6 && (packet.tcpFlags & 1) !== 0;
    this.flows = this.flows.filter((one) => !isSame(one));
    this.flows.push({ ...flow, packets: '>', finFromOriginator: isFin, finFromResponder: false });
  }

  renumber(holders: ReadonlyMap<number, number>, ways: ReadonlyMap<number, number>): void {
    this.flows = this.flows.flatMap((flow) => {
      const holder = holders.get(flow.holder);
      return holder === undefined ? [] : [{ ...flow, holder, returnWay: ways.get(flow.returnWay) ?? -1 }];
    });
  }
}
