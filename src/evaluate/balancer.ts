/**
 * A balancer's node takes a packet for a listener and sends it on as a flow of its own: another destination, and where the client's
 * address is not kept another source (ELB-05, ELB-08). Both flows are entries of the connection table, held by the node as by any
 * stateful gateway, so that an answer finds its way back by one search.
 */

import { rankOf } from '../compile/address-space.ts';
import { type BalancedTarget, type Listener, NO_WAY, SAME_PORT, type Stage } from '../compile/stage.ts';
import { sameAddress } from '../net/address.ts';
import type { Translation } from './connection-state.ts';
import { IN, OUT } from './connection-table.ts';
import { choosePort, insideHolder, outsideHolder, trackedPart } from './gateway.ts';
import { type InFlight, NO_GATEWAY } from './in-flight.ts';
import type { Walker } from './walker.ts';

/** The listener that takes a packet, or null. */
export function listenerFor({ listeners }: Stage, { protocol, portOrIcmp }: InFlight): Listener | null {
  return listeners.find((listener) => listener.protocol === protocol && listener.port === portOrIcmp) ?? null;
}

/** The target that a flow goes to: the one it went to before, else the one that this way takes; null where there is none. */
export function pickTarget(
  { compiled, connections, choices }: Walker,
  stage: Stage,
  listener: Listener,
  packet: InFlight,
  now: number,
): BalancedTarget | null {
  const { targets, fact } = listener;
  if (targets.length < 2) return targets[0] ?? null;
  const known = connections.find(insideHolder(compiled, stage.host), IN, packet, now) && !connections.isReply;
  const went = known ? connections.translation?.front : null;
  const again = targets.find(({ address }) => went != null && address !== null && sameAddress(address, went.address));
  return again ?? targets[choices.take(listener, targets.length, fact)]!;
}

/** Sends the packet on to the target; `remembers` says whether the flow is noted. */
export function sendOn(
  { compiled, connections }: Walker,
  stage: Stage,
  target: BalancedTarget,
  packet: InFlight,
  now: number,
  remembers: boolean,
): void {
  const { address } = target;
  if (address === null) return;
  const gateway = compiled.gateways[stage.host]!;
  const inside = insideHolder(compiled, stage.host);
  const outside = outsideHolder(compiled, stage.host);
  const before = trackedPart(packet);
  const original: Translation = {
    address: packet.source,
    portOrIcmpId: packet.sourcePortOrIcmpId,
    front: { address: packet.destination, portOrIcmpId: packet.portOrIcmp },
    chosenBy: packet.hasChosenSourcePort ? packet.translatedBy : NO_GATEWAY,
  };
  const known = connections.find(inside, IN, packet, now) && !connections.isReply ? connections.translation : null;
  packet.destination = address;
  packet.destinationRank = target.rank;
  if (target.port !== SAME_PORT) {
    packet.portOrIcmp = target.port;
    packet.firstPortOrIcmp = target.port;
    packet.lastPortOrIcmp = target.port;
  }
  // A client of the other family is never seen by the target (ELB-09).
  if (!target.keepsClient || packet.source.family !== address.family) {
    const own = gateway.addresses[0]!;
    packet.source = own.address;
    packet.sourceRank = own.rank;
    packet.sourcePortOrIcmpId =
      known?.portOrIcmpId ?? choosePort(connections, outside, packet, original.portOrIcmpId, now);
    packet.hasChosenSourcePort = true;
    packet.translatedBy = stage.host;
    packet.returnWay = NO_WAY;
  } else packet.returnWay = target.returnWay;
  if (!remembers) return;
  if (known === null) {
    connections.admit(inside, IN, before, now);
    connections.translation = {
      address: packet.source,
      portOrIcmpId: packet.sourcePortOrIcmpId,
      front: { address, portOrIcmpId: packet.portOrIcmp },
      chosenBy: NO_GATEWAY,
    };
    connections.admit(outside, OUT, packet, now);
    connections.translation = original;
    return;
  }
  if (connections.find(inside, IN, before, now)) connections.follow(before, now);
  if (connections.find(outside, OUT, packet, now)) connections.follow(packet, now);
}

/** An answer gets back the ends that the client knows. */
export function restoreFront(walker: Walker, front: Translation['front'], packet: InFlight): void {
  if (front == null) return;
  packet.source = front.address;
  packet.sourceRank = rankOf(walker.compiled.space, front.address);
  packet.sourcePortOrIcmpId = front.portOrIcmpId;
}
