/**
 * Sets of packets through a balancer's node: by listener, because each of them leads to a target of its own under a port of its own.
 * The sibling of `evaluate/balancer.ts`.
 */

import type { Compiled } from '../compile/compile.ts';
import { DESTINATION, SOURCE } from '../compile/rule-table.ts';
import { type BalancedTarget, type Listener, NO_WAY, SAME_PORT, type Stage, type StageId } from '../compile/stage.ts';
import { sameAddress } from '../net/address.ts';
import { EMPTY, type L4Id, type L4Sets } from './l4-sets.ts';
import type { SetsInFlight } from './sets-in-flight.ts';

/** What a listener takes of the packets, on its way to a target. */
export interface Taken {
  /** In the terms of the client: protocol and the listener's port. */
  readonly front: L4Id;
  readonly packets: SetsInFlight;
  /** Where they go on. */
  readonly next: StageId;
  /** The target takes them under an address, and perhaps a port, of its own. */
  readonly isSentOn: boolean;
}

/** The packets that a listener takes, sent on to `target` (null: it has none); null where it takes none of them. */
export function takeBy(
  compiled: Compiled,
  sets: L4Sets,
  stage: Stage,
  listener: Listener,
  target: BalancedTarget | null,
  packets: SetsInFlight,
): Taken | null {
  const box = sets.box(listener.protocol, listener.port, listener.port);
  const front = sets.intersect(packets.may, box);
  if (front === EMPTY) return null;
  const taken = packets.fork();
  taken.may = front;
  taken.must = sets.intersect(packets.must, box);
  // A flow that comes by one listener twice runs in a circle.
  if (target === null || packets.listeners.includes(listener)) {
    return { front, packets: taken, next: listener.without, isSentOn: false };
  }
  taken.listeners.push(listener);
  const { address, keepsClient, rank } = target;
  if (address === null) return { front, packets: taken, next: target.next, isSentOn: false };
  const whole = target.port === SAME_PORT ? box : sets.box(listener.protocol, target.port, target.port);
  taken.must = taken.must === EMPTY ? EMPTY : whole;
  taken.may = whole;
  taken.assumptions |= target.assumptions;
  const { source, sourceRank, destination, destinationRank, consulted, isAnswer } = packets;
  const keeps = keepsClient && source.family === address.family;
  const gateway = compiled.gateways[stage.host]!;
  consulted?.replaced(DESTINATION, isAnswer);
  if (keeps) consulted?.compared(SOURCE, rank, isAnswer);
  else consulted?.replaced(SOURCE, isAnswer);
  taken.destination = address;
  taken.destinationRank = rank;
  if (!keeps) {
    const own = gateway.addresses[0]!;
    taken.source = own.address;
    taken.sourceRank = own.rank;
    taken.translatedBy = stage.host;
  }
  taken.translations.push({
    gateway: stage.host,
    inside: source,
    insideRank: sourceRank,
    outside: taken.source,
    remote: address,
    remoteInside: destination,
    remoteInsideRank: destinationRank,
    portChosenBefore: packets.translatedBy,
    returnWayBefore: packets.returnWay,
  });
  taken.returnWay = keeps ? target.returnWay : NO_WAY;
  taken.sender = gateway.sender;
  if (taken.front === NO_FRONT) taken.front = gateway.index;
  const isHairpin = keeps && sameAddress(source, address);
  return { front, packets: taken, next: isHairpin ? target.hairpin : target.next, isSentOn: true };
}

/** `front` of packets that have passed no node. */
const NO_FRONT = -1;
