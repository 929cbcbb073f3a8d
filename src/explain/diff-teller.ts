/** From changes of sets to what people are told: a packet that shows each, walked in both networks, and the step where the walks part. */

import type { Compiled } from '../compile/compile.ts';
import {
  ARRIVES_AND_RETURNS,
  ARRIVES_ONLY,
  DOES_NOT_ARRIVE,
  type RoundTrip,
  RoundTrips,
} from '../evaluate/round-trip.ts';
import { formatAddress } from '../net/address-text.ts';
import { formatIntervals } from '../net/interval-set.ts';
import type { Packet } from '../net/packet.ts';
import { formatPacket } from '../net/packet-text.ts';
import { ICMP, ICMPV6, LAST_PORT } from '../net/protocol.ts';
import type { L4Id, L4Sets } from '../reach/l4-sets.ts';
import type { DiffCause, DiffGroup, DiffPlace, DiffWitness, FlowChangeKind, RecordDifference } from './diff-answer.ts';
import { causeKey, partingOf, type WalkedLegs, wordsOfCause } from './diff-cause.ts';
import type { DiffEnd, EndIn } from './diff-ends.ts';
import { type ClassDifference, type DifferenceGroup, groupDifferences, internetAmong } from './diff-groups.ts';
import type { FlowChange } from './diff-pair.ts';
import { explainLeg } from './explain-leg.ts';
import { interfaceAsPlace } from './packet-question.ts';
import { destinationFor, familiarAddress, isFamiliar, type Sender, type Target } from './reach-ends.ts';
import { INTERNET } from './reach-groups.ts';
import type { Asked } from './reach-pair.ts';
import { witnessOf } from './reach-witness.ts';
import { wordsOf } from './reach-words.ts';
import type { Place, Verdict } from './trace.ts';

/** A change between two ends, with the packet that shows it. */
export interface FoundChange extends FlowChange {
  readonly kind: FlowChangeKind;
  readonly isInBoth: boolean;
  readonly isFamiliar: boolean;
  readonly family: 4 | 6;
  readonly witness: DiffWitness;
  readonly cause: DiffCause | null;
}

const ORDER: readonly FlowChangeKind[] = ['opened', 'closed', 'became-unknown', 'became-known'];

/** A packet as it fares in one network. */
interface Walked {
  readonly packet: Packet;
  readonly verdict: Verdict;
  readonly legs: WalkedLegs;
}

export class DiffTeller {
  readonly #before: Compiled;
  readonly #after: Compiled;
  readonly #tripsBefore: RoundTrips;
  readonly #tripsAfter: RoundTrips;
  readonly #renamed: ReadonlyMap<string, string>;
  /** Ids of records that differ, by every id that they go by. */
  readonly #changed: ReadonlyMap<string, string>;

  constructor(
    before: Compiled,
    after: Compiled,
    renamed: ReadonlyMap<string, string>,
    resources: readonly RecordDifference[],
  ) {
    this.#before = before;
    this.#after = after;
    this.#tripsBefore = new RoundTrips(before);
    this.#tripsAfter = new RoundTrips(after);
    this.#renamed = renamed;
    this.#changed = new Map(
      resources.flatMap(({ id, idBefore }) => [[idBefore ?? id, id] as const, [id, id] as const]),
    );
  }

  /** Replays a packet of the change in both networks. Throws where the walker does not see what the sets say. */
  find(sets: L4Sets, change: FlowChange, sender: DiffEnd, target: DiffEnd, asked: Asked): FoundChange {
    const ports = change.clientPorts ?? asked.clientPorts;
    const packetIn = (from: EndIn | null, to: EndIn | null): Packet | null => {
      if (from === null || to === null) return null;
      const [source, destination] = [familiarSender(from.sender), familiarTarget(to.target)];
      return witnessOf(sets, change.packets, source.address, destinationFor(source, destination)!, () => ports);
    };
    const was = this.#walk(this.#before, this.#tripsBefore, packetIn(sender.before, target.before), sender.before);
    const is = this.#walk(this.#after, this.#tripsAfter, packetIn(sender.after, target.after), sender.after);
    check(was, change.before);
    check(is, change.after);
    const packet = formatPacket((is ?? was)!.packet);
    const packetBefore = was === null ? packet : formatPacket(was.packet);
    const witness: DiffWitness = {
      packet,
      packetBefore: packetBefore === packet ? null : packetBefore,
      before: was?.verdict ?? null,
      after: is?.verdict ?? null,
    };
    const cause = was === null || is === null ? null : this.#cause(was, is, sender, target);
    const shown = [sender, target].map(({ before, after }) => (after ?? before)!.sender);
    return {
      ...change,
      kind: kindOf(change),
      isInBoth: was !== null && is !== null,
      isFamiliar: shown.some(({ piece }) => isFamiliar(piece)),
      family: shown[0]!.address.family,
      witness,
      cause,
    };
  }

  #walk(compiled: Compiled, trips: RoundTrips, packet: Packet | null, end: EndIn | null): Walked | null {
    if (packet === null || end === null) return null;
    const { start, sender } = end.sender;
    const trip = trips.walk(packet, { stage: start, sender });
    const from = placeOf(compiled, end);
    const forward = explainLeg(compiled, trip.forward, { sent: packet, received: trip.received!, from });
    const reply = trip.hasReply
      ? explainLeg(compiled, trip.reply, { sent: trip.answer!, received: trip.answered!, from: forward.to })
      : null;
    return { packet, verdict: verdictOf(trip), legs: { forward, reply } };
  }

  /** The parting, and which of the records that differ have to do with it: those that it names, or else those at the ends. */
  #cause(was: Walked, is: Walked, sender: DiffEnd, target: DiffEnd): DiffCause | null {
    const parting = partingOf(was.legs, is.legs, this.#renamed);
    if (parting === null) return null;
    const words = new Set(wordsOfCause(parting));
    for (const { before, after } of [sender, target]) {
      if (before !== null) words.add(placeOf(this.#before, before).id);
      if (after !== null) words.add(placeOf(this.#after, after).id);
    }
    const found = [...words].flatMap((word) => this.#changed.get(word) ?? []);
    return { ...parting, resources: [...new Set(found)].sort() };
  }

  groups(sets: L4Sets, found: readonly ClassDifference<FoundChange>[]): readonly DiffGroup[] {
    return groupDifferences(found, keyOf)
      .map((group) => this.#describe(sets, group))
      .sort((a, b) => rankOf(a) - rankOf(b));
  }

  #describe(sets: L4Sets, { from, to, pairs, difference }: DifferenceGroup<FoundChange>): DiffGroup {
    const { kind, before, after, packets, clientPorts, isInBoth, family } = difference;
    const example = pairs.find((pair) => pair.difference.isFamiliar)?.difference ?? difference;
    const resources = new Set(pairs.flatMap((pair) => pair.difference.cause?.resources ?? []));
    return {
      kind,
      before: isInBoth || difference.witness.before !== null ? before : null,
      after: isInBoth || difference.witness.after !== null ? after : null,
      family,
      from: this.#places(from),
      fromAddresses: internetAmong(from),
      to: this.#places(to),
      toAddresses: internetAmong(to),
      packets: packetWords(sets, packets, family),
      clientPorts: clientPorts === null ? null : formatIntervals(clientPorts),
      witness: example.witness,
      cause: example.cause === null ? null : { ...example.cause, resources: [...resources].sort() },
    };
  }

  /** As the network after calls them; each once, with those of its addresses that are meant. */
  #places(ends: readonly DiffEnd[]): readonly DiffPlace[] {
    const places = new Map<string, { place: Place; addresses: string[] }>();
    for (const { before, after } of ends) {
      const place = after === null ? placeOf(this.#before, before!) : placeOf(this.#after, after);
      const known = places.get(place.id) ?? { place, addresses: [] };
      places.set(place.id, known);
      if (place.kind !== 'internet') known.addresses.push(formatAddress((after ?? before)!.sender.address));
    }
    return [...places.values()].map(({ place, addresses }) => ({ ...place, addresses }));
  }
}

function placeOf(compiled: Compiled, { sender }: EndIn): Place {
  if (sender.held === null) return INTERNET;
  return interfaceAsPlace(compiled, compiled.network.networkInterfaces[sender.held.eni]!);
}

function familiarSender(sender: Sender): Sender {
  return sender.piece === null ? sender : { ...sender, address: familiarAddress(sender.piece) };
}

function familiarTarget(target: Target): Target {
  return target.piece === null ? target : { ...target, fromInside: familiarAddress(target.piece) };
}

function verdictOf({ verdict }: RoundTrip): Verdict {
  if (verdict === ARRIVES_AND_RETURNS) return 'delivered';
  if (verdict === ARRIVES_ONLY) return 'one-way';
  return verdict === DOES_NOT_ARRIVE ? 'dropped' : 'unknown';
}

/** The two readers of the stage graph must agree about every packet that is shown. */
function check(walked: Walked | null, expected: Verdict): void {
  if (walked === null || walked.verdict === expected) return;
  throw new Error(
    `the sets say that ${formatPacket(walked.packet)} is ${expected} and the walker says ${walked.verdict}`,
  );
}

const REACH: Readonly<Record<Verdict, number>> = { dropped: 0, 'one-way': 1, delivered: 2, unknown: 3 };

function kindOf({ before, after }: FlowChange): FlowChangeKind {
  if (after === 'unknown') return 'became-unknown';
  if (before === 'unknown') return 'became-known';
  return REACH[after] > REACH[before] ? 'opened' : 'closed';
}

function keyOf({ before, after, packets, clientPorts, cause, witness }: FoundChange): string {
  const ports = clientPorts === null ? 'all' : formatIntervals(clientPorts);
  return [before, after, packets, ports, witness.before === null, witness.after === null, causeKey(cause)].join(' ');
}

function rankOf({ kind, before, after }: DiffGroup): number {
  return ORDER.indexOf(kind) * 2 + Number(before === null || after === null);
}

/** Between addresses of one family the other's ICMP is no part of anything, and all the rest is everything. */
function packetWords(sets: L4Sets, packets: L4Id, family: 4 | 6): readonly string[] {
  const other = family === 4 ? ICMPV6 : ICMP;
  const withOther = wordsOf(sets, sets.union(packets, sets.box(other, 0, LAST_PORT)));
  return withOther[0]!.startsWith('all traffic') ? withOther : wordsOf(sets, packets);
}
