/**
 * A packet on its way: the header as it is at this point, and what the network remembers about it.
 *
 * One record is reused for a whole walk; stages rewrite it in place.
 */

import { type AddressSpace, rankOf } from '../compile/address-space.ts';
import { NOBODY } from '../compile/identity.ts';
import { type Address, v4 } from '../net/address.ts';
import { isError } from '../net/icmp.ts';
import type { Packet } from '../net/packet.ts';
import { ICMP, LAST_PORT } from '../net/protocol.ts';

/** Ports that a NAT gateway chooses from (NAT-02, PKT-11). */
export const FIRST_CHOSEN_PORT = 1024;

const NO_ADDRESS: Address = v4(0);
/** `translatedBy` of a packet that no gateway translated. */
export const NO_GATEWAY = -1;

export class InFlight {
  protocol = 0;
  source: Address = NO_ADDRESS;
  destination: Address = NO_ADDRESS;
  sourceRank = 0;
  destinationRank = 0;
  sourcePortOrIcmpId = 0;
  /** The port that connection tracking sees. */
  portOrIcmp = 0;
  /** What filters judge: the same port, or every port that a NAT gateway may have chosen. */
  firstPortOrIcmp = 0;
  lastPortOrIcmp = 0;
  /** The source port is a NAT gateway's choice: some port from FIRST_CHOSEN_PORT up. */
  hasChosenSourcePort = false;
  /** The destination port is such a choice, made by this gateway; NO_GATEWAY otherwise. */
  destinationPortChosenBy: number = NO_GATEWAY;
  tcpFlags = 0;
  quoted: Packet | null = null;
  /** Who sent it, as group references see it: interface index, NOBODY, or a missing fact (`identity.ts`). */
  sender: number = NOBODY;
  /** Who sent it before a gateway or appliance made that invisible. */
  forgottenSender: number = NOBODY;
  /** The NAT gateway whose address is the source, or NO_GATEWAY. */
  translatedBy: number = NO_GATEWAY;
  /** The way back over a peering that the packet came by, if its answer needs no route (NAT-06); else -1. */
  returnWay = -1;
  /** The flow passed something that tracks it whatever the rules (CT-07). */
  tracksAlways = false;
  /** It answers a packet that connection tracking or the asker knows. */
  isAnswer = false;

  /** Becomes this packet, as `sender` sends it. */
  become(packet: Packet, space: AddressSpace, sender: number): void {
    this.#take(packet, sender);
    this.sourceRank = rankOf(space, packet.source);
    this.destinationRank = rankOf(space, packet.destination);
  }

  /** Becomes the answer to what it is: the ends, whose ranks are known, change places. */
  turnRound(answer: Packet, sender: number): void {
    const { sourceRank, destinationRank } = this;
    this.#take(answer, sender);
    this.sourceRank = destinationRank;
    this.destinationRank = sourceRank;
    this.isAnswer = true;
  }

  #take(packet: Packet, sender: number): void {
    this.protocol = packet.protocol;
    this.source = packet.source;
    this.destination = packet.destination;
    this.sourcePortOrIcmpId = packet.sourcePortOrIcmpId;
    this.portOrIcmp = packet.destinationPortOrIcmp;
    this.firstPortOrIcmp = packet.destinationPortOrIcmp;
    this.lastPortOrIcmp = packet.destinationPortOrIcmp;
    this.hasChosenSourcePort = false;
    this.destinationPortChosenBy = NO_GATEWAY;
    this.tcpFlags = packet.tcpFlags;
    this.quoted = packet.quoted;
    this.sender = sender;
    this.forgottenSender = NOBODY;
    this.translatedBy = NO_GATEWAY;
    this.returnWay = -1;
    this.tracksAlways = false;
    this.isAnswer = false;
  }

  /** The destination port is any that the gateway may have chosen. */
  widenDestinationPort(gateway: number): void {
    this.destinationPortChosenBy = gateway;
    this.firstPortOrIcmp = FIRST_CHOSEN_PORT;
    this.lastPortOrIcmp = LAST_PORT;
  }

  toPacket(): Packet {
    return {
      protocol: this.protocol,
      source: this.source,
      destination: this.destination,
      sourcePortOrIcmpId: this.sourcePortOrIcmpId,
      destinationPortOrIcmp: this.portOrIcmp,
      tcpFlags: this.tcpFlags,
      quoted: this.quoted,
    };
  }
}

/** ICMP redirects complain too, but OPEN-09 does not admit them. */
const ICMP_REDIRECT = 5;

/** The packet is an ICMP error that may belong to a tracked flow (OPEN-09). */
export function isRelated(packet: InFlight): boolean {
  if (packet.quoted === null) return false;
  const type = packet.portOrIcmp >> 8;
  return isError(packet.protocol, type) && !(packet.protocol === ICMP && type === ICMP_REDIRECT);
}
