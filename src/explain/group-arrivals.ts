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
import type { RuleBoxes } from './group-coverage.ts';
import { PossibleSenders, sendsAsOthers } from './possible-senders.ts';
import { SteadyRanks } from './steady-ranks.ts';

/** Packets of one sender to one address of the interface. */
export interface Arrival {
  readonly start: StageId;
  /** Interface that sends from an address of its own, or NOBODY. */
  readonly sender: number;
  /** Interface that sends, be it from an address that is not its own; NOBODY for the internet. */
  readonly through: number;
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
  readonly #senders: PossibleSenders;
  readonly #steady: SteadyRanks;
  readonly #walks: BoundedWalks;
  /** The graph with the group check of the interface in question as the end of all ways. */
  readonly #stages: Stage[];
  readonly #checks: ReadonlyMap<number, readonly StageId[]>;
  readonly #own: Lookup;

  constructor(compiled: Compiled, sets: L4Sets, classes: InterfaceClasses, budget: Budget) {
    this.#stages = [...compiled.stages];
    this.#compiled = compiled;
    this.#senders = new PossibleSenders(compiled, classes);
    this.#steady = new SteadyRanks(compiled);
    this.#walks = new BoundedWalks({ ...compiled, stages: this.#stages }, sets, budget);
    this.#checks = groupChecks(compiled);
    this.#own = ownAddresses(compiled);
  }

  /**
   * Packets of everyone that some of these rules may mean, the internet and the nearest senders first. Rules that leave the set
   * meanwhile are not looked for any more. Ends early when the budget is spent: `isSpent` tells.
   */
  *at(target: number, rows: ReadonlySet<RuleBoxes>): Generator<Arrival> {
    const checks = this.#checks.get(target) ?? [];
    if (checks.length === 0) return;
    const { rules } = this.#stages[checks[0]!]!;
    for (const id of checks) this.#stages[id] = AT_THE_CHECK;
    try {
      yield* this.#arrivals(target, rules, rows);
    } finally {
      for (const id of checks) this.#stages[id] = this.#compiled.stages[id]!;
    }
  }

  get isSpent(): boolean {
    return this.#walks.isSpent;
  }

  *#arrivals(target: number, rules: RuleTable, rows: ReadonlySet<RuleBoxes>): Generator<Arrival> {
    const { network, entrances, space } = this.#compiled;
    const eni = network.networkInterfaces[target]!;
    const inside = this.#points(ownPrefixes(eni).map((prefix) => ranksOf(space, prefix)));
    const v4Outside = eni.privateAddresses.flatMap(({ publicAddress }) =>
      publicAddress === null ? [] : [{ address: publicAddress, rank: rankOf(space, publicAddress) }],
    );
    const outside = [...v4Outside, ...inside.filter(({ address }) => address.family === 6)];
    for (const to of outside) yield* this.#sweepNamed(entrances.internet, to, rules, rows, NOBODY);
    for (const sender of this.#senders.near(target)) {
      if (this.#mayArrive(sender, rows)) yield* this.#from(sender, [...inside, ...v4Outside], rules, rows);
    }
    if (outside.length === 0 || rows.size === 0) return;
    for (const sender of this.#senders.far(target, rows)) {
      if (this.#mayArrive(sender, rows)) yield* this.#from(sender, outside, rules, rows);
    }
  }

  /** Who switched the check off may appear as anyone. */
  #mayArrive(sender: number, rows: ReadonlySet<RuleBoxes>): boolean {
    const eni = this.#compiled.network.networkInterfaces[sender]!;
    return rows.size > 0 && (sendsAsOthers(eni) || this.#senders.mayMatch(sender, rows));
  }

  *#from(
    sender: number,
    targets: readonly Point[],
    rules: RuleTable,
    rows: ReadonlySet<RuleBoxes>,
  ): Generator<Arrival> {
    const { network, space, entrances } = this.#compiled;
    const eni = network.networkInterfaces[sender]!;
    const start = entrances.leaveAsItself[sender]!;
    const sources = this.#points(ownPrefixes(eni).map((prefix) => ranksOf(space, prefix)));
    for (const to of targets) {
      for (const from of sources) {
        if (from.address.family !== to.address.family) continue;
        if (this.#walks.isSpent) return;
        yield { start, sender, through: sender, from, to, ended: this.#walks.walk(start, from, to, sender) };
      }
      if (!sendsAsOthers(eni)) continue;
      // What is not its own it sends as nobody that references know; a NAT gateway makes anything its own.
      const any = entrances.leaveInterface[sender]!;
      if (this.#senders.natRanksOf(sender).length === 0) yield* this.#sweepNamed(any, to, rules, rows, sender);
      else yield* this.#sweep(any, to, rules, { first: 0, last: space.size - 1 }, sender);
    }
  }

  *#sweepNamed(
    start: StageId,
    to: Point,
    rules: RuleTable,
    rows: ReadonlySet<RuleBoxes>,
    through: number,
  ): Generator<Arrival> {
    for (const row of [...rows]) {
      for (const { firstRank, lastRank } of row.reference === null ? row.boxes : []) {
        if (!rows.has(row)) break;
        yield* this.#sweep(start, to, rules, { first: firstRank, last: lastRank }, through);
      }
    }
  }

  /** From every address of the range and family: one walk for each part that nothing on the way, nor the rules in the end, tells apart. */
  *#sweep(start: StageId, to: Point, rules: RuleTable, range: Ranks, through: number): Generator<Arrival> {
    const { firstV6 } = this.#compiled.space;
    const isV4 = to.address.family === 4;
    const last = isV4 ? Math.min(range.last, firstV6 - 1) : range.last;
    for (let rank = isV4 ? range.first : Math.max(range.first, firstV6); rank <= last; ) {
      // Public addresses of the snapshot are no strangers': who has them sends from inside.
      if (through === NOBODY && find(this.#own, rank) !== NOTHING) {
        rank++;
        continue;
      }
      if (this.#walks.isSpent) return;
      const from = pointAt(this.#compiled.space, rank);
      const ended = this.#walks.walk(start, from, to, NOBODY);
      yield { start, sender: NOBODY, through, from, to, ended };
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
