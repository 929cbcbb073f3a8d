/**
 * Compares what passes in two networks: between every two places, for every packet, on the way there and back.
 *
 * Places are aligned first, then put into classes that neither network tells apart; classes that no difference can touch are left
 * out. What differs is replayed by the walker in both networks before it is told.
 */

import { rankOf } from '../compile/address-space.ts';
import { assumptionIds } from '../compile/assumption.ts';
import type { Compiled, CompileOptions } from '../compile/compile.ts';
import type { Fact } from '../model/problem.ts';
import type { Family } from '../net/address.ts';
import { ICMP, ICMPV6, LAST_PORT } from '../net/protocol.ts';
import { type Connection, Connections } from '../reach/connection.ts';
import { EMPTY, L4Sets } from '../reach/l4-sets.ts';
import { ANY_CLIENT, parseClientPorts } from './client-ports.ts';
import { type Alignment, align } from './diff-align.ts';
import type { DiffAnswer, DiffGroup, PairCounts } from './diff-answer.ts';
import { type EndClass, EndClasses } from './diff-classes.ts';
import { pairsIn } from './diff-counts.ts';
import { type DiffEnd, diffEnds, type EndIn } from './diff-ends.ts';
import { type ClassDifference, internetAmong } from './diff-groups.ts';
import { flowChanges, isOpen } from './diff-pair.ts';
import { recordDifferences } from './diff-records.ts';
import { DiffTeller, type FoundChange } from './diff-teller.ts';
import { touchedPlaces } from './diff-touched.ts';
import { differencesByGroups } from './diff-ways.ts';
import { interfaceAsPlace } from './packet-question.ts';
import { QuestionError } from './question-error.ts';
import { destinationFor, receiverOf } from './reach-ends.ts';
import { type Asked, askedOf } from './reach-pair.ts';
import { MAX_PAIRS } from './reach-pairs.ts';
import { sameData } from './same-data.ts';
import { ANY_SERVICE, parseService, type Service } from './service-text.ts';
import type { Place } from './trace.ts';

/** What to compare; everything unless told. The texts are those of a question about sets. */
export interface DiffOptions {
  /** Who sends, in either network. */
  readonly from?: string;
  readonly to?: string;
  readonly service?: string;
  /** `linux`, `windows`, `nat`, `load-balancer`, `lambda`, or a range; default: 1024-65535. */
  readonly clientPorts?: string;
  /** Most pairs of places (those that behave alike count as one) to look at; default 500,000. */
  readonly maxPairs?: number;
  /** Compare pairs, too, that no difference of the records can touch; for checks of igwalk itself. */
  readonly exhaustive?: boolean;
}

/** A network to compare, with what was assumed of its appliances. */
export interface DiffSide {
  readonly compiled: Compiled;
  /** As it was given, before VPCs were added that other records imply. */
  readonly network: Compiled['network'];
  readonly appliances: CompileOptions['appliances'];
}

interface PairOfClasses {
  readonly from: EndClass;
  readonly to: EndClass;
  /** Members of the two that are not of the same interface. */
  readonly sender: DiffEnd;
  readonly target: DiffEnd;
}

interface Questions {
  readonly pairs: readonly PairOfClasses[];
  /** By family: pairs of touched places that the difference of the networks cannot touch. */
  readonly same: Readonly<Record<Family, number>>;
  readonly internet: DiffAnswer['internet'];
  readonly isNarrowed: boolean;
}

/** Throws a QuestionError when the networks share no interface, the question does not parse, or it is about too many pairs. */
export function differenceOf(before: DiffSide, after: DiffSide, options: DiffOptions = {}): DiffAnswer {
  const alignment = align(before.network, after.network);
  const service = options.service === undefined ? ANY_SERVICE : parseService(options.service);
  const resources = recordDifferences(before.network, after.network, alignment);
  const teller = new DiffTeller(before.compiled, after.compiled, alignment.renamed, resources);
  const sets = new L4Sets();
  const comparison = new Comparison(before, after, sets, askedByFamily(sets, service, options.clientPorts));
  const { pairs, same, internet, isNarrowed } = pairsOf(before, after, alignment, options);
  comparison.countSame(same);
  const found = pairs.flatMap((pair) => comparison.of(pair, teller));
  const groups = teller.groups(sets, found);
  return {
    verdict: verdictOf(groups),
    question: { from: options.from ?? 'anywhere', to: options.to ?? 'anywhere', service: service.text },
    internet,
    groups,
    resources,
    interfaces: { ...alignment.interfaces, ...loneInterfaces(before.compiled, after.compiled, alignment) },
    pairs: { ...comparison.counts, isNarrowed },
    assumptions: assumptionIds(comparison.assumptions),
    unknowns: [...comparison.facts.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    notes: [],
  };
}

function verdictOf(groups: readonly DiffGroup[]): DiffAnswer['verdict'] {
  if (groups.some(({ kind }) => kind === 'opened' || kind === 'closed')) return 'differs';
  return groups.length === 0 ? 'same' : 'unknown';
}

/** Packets by family: what is asked about between two v4 addresses, and between two v6 ones. */
type AskedByFamily = Readonly<Record<4 | 6, Asked>>;

function askedByFamily(sets: L4Sets, service: Service, clientPorts: string | undefined): AskedByFamily {
  const ports = clientPorts === undefined ? ANY_CLIENT : parseClientPorts(clientPorts);
  const asked = askedOf(sets, service, ports);
  const without = (protocol: number): Asked => ({
    ...asked,
    packets: sets.subtract(asked.packets, sets.box(protocol, 0, LAST_PORT)),
  });
  return { 4: without(ICMPV6), 6: without(ICMP) };
}

function pairsOf(
  before: DiffSide,
  after: DiffSide,
  alignment: Alignment,
  { from, to, maxPairs = MAX_PAIRS, exhaustive = false }: DiffOptions,
): Questions {
  const [one, other] = [before.compiled, after.compiled];
  const isLocal = !exhaustive && sameAppliances(before, after);
  const touches = isLocal ? touchedPlaces(before.network, after.network) : null;
  const classes = new EndClasses(one, other, touches);
  const [sources, destinations] = [diffEnds(one, other, alignment, from), diffEnds(one, other, alignment, to)];
  const [senders, targets] = [classes.of(sources), classes.of(destinations)];
  const touched = (ends: readonly EndClass[]): number => ends.filter(({ isTouched }) => isTouched).length;
  const untouched = (senders.length - touched(senders)) * (targets.length - touched(targets));
  const candidates = senders.length * targets.length - untouched;
  if (candidates > maxPairs) {
    throw new QuestionError(
      `the difference is about ${candidates} pairs of places, over the limit of ${maxPairs}: narrow it with --from, --to, or raise --max-pairs`,
    );
  }
  const pairs: PairOfClasses[] = [];
  const same = { 4: 0, 6: 0 };
  const mayDiffer = touches === null ? null : differencesByGroups(one, other);
  for (const sender of senders) {
    for (const target of targets) {
      if (!sender.isTouched && !target.isTouched) continue;
      const [from, to] = [sender.members[0]!, target.members[0]!];
      const family = familyOf(from);
      if (family !== familyOf(to)) continue;
      // Networks that differ in rules alone have the same places.
      if (mayDiffer !== null && !mayDiffer(from.before!, to.before!)) {
        same[family] += pairsIn(sender, target);
        continue;
      }
      const ends = distinctMembers(sender, target);
      if (ends !== null) pairs.push({ from: sender, to: target, ...ends });
    }
  }
  const internet = { from: internetAmong(sources), to: internetAmong(destinations) };
  return { pairs, same, internet, isNarrowed: touches !== null };
}

function sameAppliances(before: DiffSide, after: DiffSide): boolean {
  return sameData([...(before.appliances ?? [])].sort(), [...(after.appliances ?? [])].sort());
}

/** Two members that have packets for each other in some network; null where no two do. */
function distinctMembers(from: EndClass, to: EndClass): Pick<PairOfClasses, 'sender' | 'target'> | null {
  const [first, one] = [from.members[0]!, to.members[0]!];
  const target = to.members.find((member) => isPair(first, member));
  if (target !== undefined) return { sender: first, target };
  // All targets are of the first sender's own interface: then any of them will do for another sender.
  const sender = from.members.find((member) => isPair(member, one));
  return sender === undefined ? null : { sender, target: one };
}

function isPair(sender: DiffEnd, target: DiffEnd): boolean {
  return aimOf(sender.before, target.before) !== null || aimOf(sender.after, target.after) !== null;
}

function aimOf(sender: EndIn | null, target: EndIn | null): ReturnType<typeof destinationFor> {
  return sender === null || target === null ? null : destinationFor(sender.sender, target.target);
}

/** Interfaces of one network alone. */
function loneInterfaces(
  before: Compiled,
  after: Compiled,
  { kinds }: Alignment,
): { readonly appear: readonly Place[]; readonly vanish: readonly Place[] } {
  const { inAfter, appear } = kinds.networkInterfaces;
  const placeIn = (compiled: Compiled, index: number): Place =>
    interfaceAsPlace(compiled, compiled.network.networkInterfaces[index]!);
  return {
    appear: appear.map((index) => placeIn(after, index)),
    vanish: [...inAfter.keys()].filter((index) => inAfter[index]! < 0).map((index) => placeIn(before, index)),
  };
}

/** Compares pairs one by one and keeps count. */
class Comparison {
  readonly #before: Compiled;
  readonly #after: Compiled;
  readonly #sets: L4Sets;
  readonly #asked: AskedByFamily;
  readonly #inBefore: Connections;
  readonly #inAfter: Connections;
  readonly facts: Map<string, Fact> = new Map();
  assumptions = 0;
  #all = 0;
  #changed = 0;
  #unknownInBoth = 0;

  constructor(before: DiffSide, after: DiffSide, sets: L4Sets, asked: AskedByFamily) {
    this.#before = before.compiled;
    this.#after = after.compiled;
    this.#sets = sets;
    this.#asked = asked;
    this.#inBefore = new Connections(before.compiled, sets);
    this.#inAfter = new Connections(after.compiled, sets);
  }

  get counts(): Omit<PairCounts, 'isNarrowed'> {
    const [all, changed, unknownInBoth] = [this.#all, this.#changed, this.#unknownInBoth];
    return { all, changed, unchanged: all - changed, unknownInBoth };
  }

  /** Counts pairs that need not be compared. */
  countSame(same: Questions['same']): void {
    for (const family of [4, 6] as const) if (this.#asked[family].packets !== EMPTY) this.#all += same[family];
  }

  of(pair: PairOfClasses, teller: DiffTeller): readonly ClassDifference<FoundChange>[] {
    const { from, to, sender, target } = pair;
    const asked = this.#asked[(sender.after ?? sender.before)!.sender.address.family];
    if (asked.packets === EMPTY) return [];
    const weight = pairsIn(from, to);
    this.#all += weight;
    const was = connectionOf(this.#before, this.#inBefore, sender.before, target.before);
    const is = connectionOf(this.#after, this.#inAfter, sender.after, target.after);
    const changes = flowChanges(this.#sets, was, is, asked);
    if (changes.length === 0) {
      if (was !== null && isOpen(this.#sets, was, asked)) this.#unknownInBoth += weight;
      return [];
    }
    this.#changed += weight;
    this.#note(this.#before, was);
    this.#note(this.#after, is);
    return changes.map((change) => ({
      from,
      to,
      difference: teller.find(this.#sets, change, sender, target, asked),
    }));
  }

  #note(compiled: Compiled, connection: Connection | null): void {
    if (connection === null) return;
    this.assumptions |= connection.assumptions;
    for (const index of connection.facts) {
      const fact = compiled.facts[index]!;
      this.facts.set(fact.key, fact);
    }
  }
}

function connectionOf(
  { space }: Compiled,
  connections: Connections,
  sender: EndIn | null,
  target: EndIn | null,
): Connection | null {
  const destination = aimOf(sender, target);
  if (destination === null) return null;
  return connections.between(sender!.sender, destination, rankOf(space, destination), null, receiverOf(target!.target));
}

/** Aligned ends are of one family. */
function familyOf({ before, after }: DiffEnd): Family {
  return (after ?? before)!.sender.address.family;
}
