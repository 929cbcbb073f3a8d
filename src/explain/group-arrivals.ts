/** What may get as far as the group check of an interface, from anyone who could send it. */

import type { Ranks } from '../compile/address-space.ts';
import { rankOf, ranksOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import type { InterfaceClasses } from '../compile/interface-classes.ts';
import { buildLookup, find, type Lookup, NOTHING } from '../compile/lookup.ts';
import { ownPrefixes } from '../compile/names.ts';
import { type RuleTable, SOURCE } from '../compile/rule-table.ts';
import { DELIVER, GROUPS, type Stage, type StageId, stage } from '../compile/stage.ts';
import { hostPrefix } from '../net/prefix.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import type { SetsInFlight } from '../reach/sets-in-flight.ts';
import { BoundedWalks, type Budget, isLost, type Point, pointAt } from './bounded-walks.ts';
import { SteadyRanks } from './steady-ranks.ts';
import { peersOf } from './unseen-senders.ts';

/** Packets of one sender to one address of the interface. */
export interface Arrival {
  readonly start: StageId;
  /** Interface that sends, or NOBODY. */
  readonly sender: number;
  readonly from: Point;
  readonly to: Point;
  /** One record a way; null where there are more ways than anyone tries. */
  readonly ended: readonly SetsInFlight[] | null;
}

/** Who arrives at the group check: as the rules see it. */
export interface Arrived {
  readonly packets: L4Id;
  readonly rank: number;
  readonly holder: number;
  /** How they go on is not known: they may get there, as anyone. */
  readonly isLost: boolean;
}

/** Where all ways end at the group check of the interface in question. */
const AT_THE_CHECK: Stage = stage(DELIVER, 'deliver', 0, { text: 'arrives at the group check' });

/** What of an arrival gets to the group check. */
export function arrivedAt({ ended }: Arrival): readonly Arrived[] {
  if (ended === null) return [];
  return ended.flatMap((packets) => {
    const lost = isLost(packets);
    const isThere = packets.end === AT_THE_CHECK && packets.may !== EMPTY;
    if (!isThere && !lost) return [];
    return [{ packets: packets.may, rank: packets.sourceRank, holder: packets.sender, isLost: lost }];
  });
}

export class GroupArrivals {
  readonly #compiled: Compiled;
  readonly #classes: InterfaceClasses;
  readonly #steady: SteadyRanks;
  readonly #walks: BoundedWalks;
  /** The graph with the group check of the interface in question as the end of all ways. */
  readonly #stages: Stage[];
  readonly #checks: ReadonlyMap<number, readonly StageId[]>;
  readonly #own: Lookup;

  constructor(compiled: Compiled, sets: L4Sets, classes: InterfaceClasses, budget: Budget) {
    this.#stages = [...compiled.stages];
    this.#compiled = compiled;
    this.#classes = classes;
    this.#steady = new SteadyRanks(compiled);
    this.#walks = new BoundedWalks({ ...compiled, stages: this.#stages }, sets, budget);
    this.#checks = groupChecks(compiled);
    this.#own = ownAddresses(compiled);
  }

  /** Every sender's packets, the nearest senders first. Ends early when the budget is spent: `isSpent` tells. */
  *at(target: number): Generator<Arrival> {
    const checks = this.#checks.get(target) ?? [];
    if (checks.length === 0) return;
    const { rules } = this.#stages[checks[0]!]!;
    for (const id of checks) this.#stages[id] = AT_THE_CHECK;
    try {
      yield* this.#arrivals(target, rules);
    } finally {
      for (const id of checks) this.#stages[id] = this.#compiled.stages[id]!;
    }
  }

  get isSpent(): boolean {
    return this.#walks.isSpent;
  }

  *#arrivals(target: number, rules: RuleTable): Generator<Arrival> {
    const { network, names, entrances } = this.#compiled;
    const vpc = names.vpcOfEni[target]!;
    const eni = network.networkInterfaces[target]!;
    const inside = this.#points(ownPrefixes(eni).flatMap((prefix) => [ranksOf(this.#compiled.space, prefix)]));
    const outside = [
      ...eni.privateAddresses.flatMap(({ publicAddress }) =>
        publicAddress === null ? [] : [{ address: publicAddress, rank: rankOf(this.#compiled.space, publicAddress) }],
      ),
      ...inside.filter(({ address }) => address.family === 6),
    ];
    for (const to of outside) yield* this.#sweep(entrances.internet, to, rules, true);
    const near = new Set([vpc, ...peersOf(this.#compiled, vpc)]);
    for (const isNear of [true, false]) {
      const to = isNear ? [...inside, ...outside.filter(({ address }) => address.family === 4)] : outside;
      if (to.length === 0) continue;
      for (const sender of this.#senders(target)) {
        if (near.has(names.vpcOfEni[sender]!) !== isNear) continue;
        for (const point of to) yield* this.#from(sender, point, rules);
      }
    }
  }

  /** One interface of each class, and another of the target's own; those of the target's subnet first. */
  #senders(target: number): readonly number[] {
    const { classOf, members } = this.#classes;
    const { subnetOfEni } = this.#compiled.names;
    const all = members.flatMap((of, index) => of.slice(0, index === classOf[target] ? 2 : 1));
    const isNear = (eni: number): boolean => subnetOfEni[eni] === subnetOfEni[target];
    return [...all.filter(isNear), ...all.filter((eni) => !isNear(eni))];
  }

  *#from(sender: number, to: Point, rules: RuleTable): Generator<Arrival> {
    const { network, space, entrances } = this.#compiled;
    const eni = network.networkInterfaces[sender]!;
    const start = entrances.leaveAsItself[sender]!;
    for (const from of this.#points(ownPrefixes(eni).map((prefix) => ranksOf(space, prefix)))) {
      if (from.address.family !== to.address.family) continue;
      if (this.#walks.isSpent) return;
      yield { start, sender, from, to, ended: this.#walks.walk(start, from, to, sender) };
    }
    // With the check off it may send what is not its own, as nobody that group references know.
    if (!eni.sourceDestCheck) yield* this.#sweep(entrances.leaveInterface[sender]!, to, rules, false);
  }

  /** From every address of the family: one walk for each range that nothing on the way, nor the rules in the end, tells apart. */
  *#sweep(start: StageId, to: Point, rules: RuleTable, isInternet: boolean): Generator<Arrival> {
    const { firstV6, size } = this.#compiled.space;
    const last = to.address.family === 4 ? firstV6 - 1 : size - 1;
    for (let rank = to.address.family === 4 ? 0 : firstV6; rank <= last; ) {
      // Public addresses of the snapshot are no strangers': who has them sends from inside.
      if (isInternet && find(this.#own, rank) !== NOTHING) {
        rank++;
        continue;
      }
      if (this.#walks.isSpent) return;
      const from = pointAt(this.#compiled.space, rank);
      const ended = this.#walks.walk(start, from, to, NOBODY);
      yield { start, sender: NOBODY, from, to, ended };
      rank = this.#steadyUntil(rank, ended, rules) + 1;
    }
  }

  #steadyUntil(rank: number, ended: readonly SetsInFlight[] | null, rules: RuleTable): number {
    const ends = (ended ?? []).map(({ path }) => this.#steady.around(rank, path, SOURCE).last);
    return ended === null ? rank : Math.min(this.#steady.inTable(rank, rules).last, ...ends);
  }

  #points(ranges: readonly Ranks[]): readonly Point[] {
    return ranges.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, offset) => pointAt(this.#compiled.space, first + offset)),
    );
  }
}

/** Where packets meet the groups of each interface on the way in. */
function groupChecks({ stages }: Compiled): ReadonlyMap<number, readonly StageId[]> {
  const checks = new Map<number, StageId[]>();
  stages.forEach(({ kind, role, host }, id) => {
    if (kind !== GROUPS || role !== 'security-group-in') return;
    const known = checks.get(host);
    if (known === undefined) checks.set(host, [id]);
    else known.push(id);
  });
  return checks;
}

/** Public v4 addresses and v6 blocks of the snapshot. */
function ownAddresses({ network, space }: Compiled): Lookup {
  const addresses = [
    ...network.networkInterfaces.flatMap(({ privateAddresses }) => privateAddresses.map((pair) => pair.publicAddress)),
    ...network.natGateways.flatMap(({ addresses }) => addresses.map((pair) => pair.publicAddress)),
    ...network.elasticAddresses.map((elastic) => elastic.publicAddress),
  ].filter((address) => address !== null);
  const blocks = network.vpcs.flatMap(({ cidrs }) => cidrs.filter(({ address }) => address.family === 6));
  const prefixes = [...addresses.map(hostPrefix), ...blocks];
  return buildLookup(prefixes.map((prefix) => ({ ranks: ranksOf(space, prefix), length: prefix.length, value: 0 })));
}
