/**
 * The way of a pair's packets, stage by stage, with the ends as they are there: past everything that stops them, for whoever wants to
 * know all that does.
 */

import { rankOf } from '../compile/address-space.ts';
import { NOBODY } from '../compile/identity.ts';
import { find } from '../compile/lookup.ts';
import { SOURCE } from '../compile/rule-table.ts';
import { FORGETS_SENDER, GATEWAY_IN, GATEWAY_OUT, GROUPS, type Stage, type StageId } from '../compile/stage.ts';
import type { Leg } from '../evaluate/leg.ts';
import { ESTABLISHED, RELATED, REPLY } from '../evaluate/leg.ts';
import type { Address } from '../net/address.ts';
import type { IntervalSet } from '../net/interval-set.ts';
import type { Packet } from '../net/packet.ts';
import type { L4Id, L4Sets } from '../reach/l4-sets.ts';
import type { AskedPair, Asking } from './asked-pairs.ts';
import { witnessOf } from './reach-witness.ts';

export interface PathStep {
  readonly id: StageId;
  readonly stage: Stage;
  /** Ends of the packet before the stage. */
  readonly source: Address;
  readonly destination: Address;
  /** The end that the stage's rules or lookup speak of. */
  readonly peer: Address;
  /** GROUPS: whose groups a rule may name: an interface, NOBODY, or a missing fact. */
  readonly holder: number;
  /** Groups let the packet pass because its connection is tracked. */
  readonly isTracked: boolean;
  /** Index of the row or entry that decided for the packet walked. */
  readonly decision: number;
  /** ALLOW, DENY or EITHER, for the packet walked. */
  readonly verdict: number;
  /** The packet goes to a port that a NAT gateway chose (NACL-18). */
  readonly goesToChosenPort: boolean;
}

export interface PairPath {
  readonly forward: readonly PathStep[];
  /** Empty where the packet walked does not arrive, or has no answer. */
  readonly reply: readonly PathStep[];
  /** The answer arrives, but not as an answer to this packet. */
  readonly isMismatched: boolean;
}

/** The way of the most familiar packet of the set; null for an empty set. All packets of a pair share it. */
export function pathOf(
  sets: L4Sets,
  asking: Asking,
  { sender, destination }: AskedPair,
  packets: L4Id,
  clientPorts: IntervalSet,
): PairPath | null {
  const packet = witnessOf(sets, packets, sender.address, destination, () => clientPorts);
  if (packet === null) return null;
  const trip = asking.trips.walk(packet, { stage: sender.start, sender: sender.sender });
  return {
    forward: stepsOf(asking, trip.forward, packet, sender.sender, false),
    reply: trip.hasReply
      ? stepsOf(asking, trip.reply, trip.answer!, trip.forward.deliveredTo, passesNat(asking, trip.forward))
      : [],
    isMismatched: trip.hasReply && trip.isMismatched,
  };
}

function passesNat({ compiled }: Asking, leg: Leg): boolean {
  for (let i = 0; i < leg.length; i++) {
    const { kind, host } = compiled.stages[leg.stage[i]!]!;
    if (kind === GATEWAY_OUT && compiled.gateways[host]!.kind === 'nat') return true;
  }
  return false;
}

function stepsOf(
  { compiled }: Asking,
  leg: Leg,
  sent: Packet,
  sentBy: number,
  toChosenPort: boolean,
): readonly PathStep[] {
  const steps: PathStep[] = [];
  let { source, destination } = sent;
  let sender = sentBy < 0 ? NOBODY : sentBy;
  let goesToChosenPort = toChosenPort;
  let rewrites = 0;
  for (let i = 0; i < leg.length; i++) {
    const id = leg.stage[i]!;
    const stage = compiled.stages[id]!;
    const isIn = stage.role === 'security-group-in';
    const end = stage.kind === GROUPS || stage.rules.rows.length > 0 ? stage.rules.peer : stage.end;
    const peer = end === SOURCE ? source : destination;
    const tracking = leg.tracking[i]!;
    steps.push({
      id,
      stage,
      source,
      destination,
      peer,
      holder:
        stage.kind !== GROUPS ? NOBODY : isIn ? sender : find(stage.identities, rankOf(compiled.space, destination)),
      isTracked: tracking === ESTABLISHED || tracking === REPLY || tracking === RELATED,
      decision: leg.decision[i]!,
      verdict: leg.verdict[i]!,
      goesToChosenPort,
    });
    const wentOn = leg.stage[i + 1] !== stage.otherwise;
    if ((stage.effects & FORGETS_SENDER) !== 0 && wentOn) sender = NOBODY;
    if (stage.kind === GATEWAY_IN && wentOn) goesToChosenPort = false;
    const rewrite = leg.rewrites[rewrites];
    if (rewrite !== undefined && rewrite.step === i) {
      ({ source, destination } = rewrite.packet);
      rewrites++;
    }
  }
  return steps;
}
