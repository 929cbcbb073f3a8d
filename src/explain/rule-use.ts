/** Which rules of security groups some packet of the network can use: everyone is let send, until each rule has had its packet. */

import type { Ranks } from '../compile/address-space.ts';
import { ranksOf } from '../compile/address-space.ts';
import { NOBODY } from '../compile/identity.ts';
import { type InterfaceClasses, interfaceClasses } from '../compile/interface-classes.ts';
import { NONE, ownPrefixes } from '../compile/names.ts';
import { EMPTY } from '../reach/l4-sets.ts';
import { type Arrived, arrivedAt, GroupArrivals } from './group-arrivals.ts';
import type { GroupCoverage, RuleBoxes } from './group-coverage.ts';
import { type Departed, GroupDepartures } from './group-departures.ts';
import type { LintGround } from './lint-ground.ts';
import { unseenSenders } from './unseen-senders.ts';

/** Why nobody can say whether a rule is used. */
export const OVER_LIMIT = 'more pairs of places than the limit';
const BEHIND_APPLIANCES = 'appliances that hand on packets of others';
const LACKING = 'records that the snapshot lacks';

export class RuleUse {
  readonly #ground: LintGround;
  readonly #coverage: GroupCoverage;
  readonly #rows: readonly RuleBoxes[];
  readonly #used = new Set<RuleBoxes>();
  readonly #open = new Map<RuleBoxes, string>();
  readonly classes: InterfaceClasses;

  /** Looks for a use of each of these rules. */
  constructor(ground: LintGround, coverage: GroupCoverage, rows: readonly RuleBoxes[]) {
    this.#ground = ground;
    this.#coverage = coverage;
    this.#rows = rows;
    this.classes = interfaceClasses(ground.compiled);
    this.#settleBeforehand();
    this.#lookForArrivals();
    this.#lookForDepartures();
  }

  /** Rules of groups that some interface carries, and that no packet can use. */
  get unused(): readonly RuleBoxes[] {
    return this.#rows.filter((row) => !this.#used.has(row) && !this.#open.has(row));
  }

  /** How many rules were not judged, by the reason. */
  get openReasons(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const reason of this.#open.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return counts;
  }

  /** What is open whatever is walked: who carries a group is not known, packets come from nobody knows where. */
  #settleBeforehand(): void {
    const { network, names } = this.#ground.compiled;
    const unseen = unseenSenders(this.#ground.compiled);
    const listed = new Set(
      network.lists.filter(({ kind }) => kind === 'networkInterfaces').map((list) => list.account),
    );
    for (const row of this.#rows) {
      const { peer, direction } = row.rule;
      const isForeign = peer.kind === 'group' && peer.account !== null && peer.account !== row.group.account;
      const isUnlisted = isForeign && !listed.has(peer.account) && !listed.has(null);
      if (row.reference !== null && (isUnlisted || !this.#coverage.knowsMembers)) this.#open.set(row, LACKING);
      for (const eni of this.#coverage.carriersOf(row.group.id)) {
        const vpc = names.vpcOfEni[eni]!;
        const reason = vpc === NONE ? LACKING : direction === 'in' ? unseen(vpc) : null;
        if (reason !== null) this.#open.set(row, reason);
        else if (!network.networkInterfaces[eni]!.sourceDestCheck) this.#open.set(row, BEHIND_APPLIANCES);
      }
    }
  }

  #pendingAt(eni: number, direction: 'in' | 'out', byGroup: ReadonlyMap<string, readonly RuleBoxes[]>): Set<RuleBoxes> {
    const { groupIds } = this.#ground.compiled.network.networkInterfaces[eni]!;
    const rows = groupIds.flatMap((id) => byGroup.get(id) ?? []);
    return new Set(
      rows.filter((row) => row.rule.direction === direction && !this.#used.has(row) && !this.#open.has(row)),
    );
  }

  #lookForArrivals(): void {
    const { compiled, sets, maxPairs } = this.#ground;
    const arrivals = new GroupArrivals(compiled, sets, this.classes, { left: maxPairs });
    const byGroup = rowsByGroup(this.#rows);
    for (const [eni] of this.classes.members) {
      const pending = this.#pendingAt(eni!, 'in', byGroup);
      if (pending.size === 0) continue;
      for (const arrival of arrivals.isSpent ? [] : arrivals.at(eni!, pending)) {
        if (arrival.ended === null) for (const row of pending) this.#settle(pending, row, true);
        for (const arrived of arrivedAt(arrival)) {
          for (const row of pending) if (this.#lets(row, arrived)) this.#settle(pending, row, arrived.isLost);
        }
        if (pending.size === 0) break;
      }
      if (arrivals.isSpent) for (const row of pending) this.#open.set(row, OVER_LIMIT);
    }
  }

  #lookForDepartures(): void {
    const { compiled, sets, maxPairs } = this.#ground;
    const departures = new GroupDepartures(compiled, sets, { left: maxPairs });
    const byGroup = rowsByGroup(this.#rows);
    for (const [eni] of this.classes.members) {
      const pending = this.#pendingAt(eni!, 'out', byGroup);
      for (const wanted of [...pending]) {
        for (const range of departures.isSpent ? [] : this.rangesOf(wanted)) {
          if (!pending.has(wanted)) break;
          for (const departure of departures.to(eni!, range)) {
            if (departure.ended === null) this.#settle(pending, wanted, true);
            for (const departed of departures.departed(departure)) {
              for (const row of pending) {
                if (this.#takes(row, departed, departure.to.rank)) this.#settle(pending, row, departed.isLost);
              }
            }
            if (!pending.has(wanted)) break;
          }
        }
        if (departures.isSpent && pending.has(wanted)) this.#open.set(wanted, OVER_LIMIT);
      }
    }
  }

  /** Where the peers of a rule are: the addresses that it names, or those of the interfaces that carry its group. */
  rangesOf({ reference, boxes }: RuleBoxes): readonly Ranks[] {
    if (reference === null) return boxes.map(({ firstRank, lastRank }) => ({ first: firstRank, last: lastRank }));
    const { network, space } = this.#ground.compiled;
    return this.#coverage
      .carriersOf(reference)
      .flatMap((eni) => ownPrefixes(network.networkInterfaces[eni]!))
      .map((prefix) => ranksOf(space, prefix));
  }

  #settle(pending: Set<RuleBoxes>, row: RuleBoxes, isOpen: boolean): void {
    pending.delete(row);
    if (isOpen) this.#open.set(row, LACKING);
    else this.#used.add(row);
  }

  #lets(row: RuleBoxes, { packets, rank, holder, isLost }: Arrived): boolean {
    if (this.#ground.sets.intersect(packets, row.boxes[0]!.packets) === EMPTY) return false;
    return isLost || (this.namesHolder(row, holder) && covers(row, rank));
  }

  #takes(row: RuleBoxes, { packets, holder }: Departed, rank: number): boolean {
    if (!covers(row, rank) || !this.namesHolder(row, holder)) return false;
    return this.#ground.sets.intersect(packets, row.boxes[0]!.packets) !== EMPTY;
  }

  /** Reports whether the rule names whoever holds the peer's address, as far as anyone can say. */
  namesHolder({ reference }: RuleBoxes, holder: number): boolean {
    if (reference === null || holder < NOBODY) return true;
    if (holder === NOBODY) return false;
    const { groupsOfInterface, names } = this.#ground.compiled;
    return groupsOfInterface[holder]!.includes(names.group.get(reference)!);
  }
}

/** Reports whether the address is among those that the rule names. All boxes of a rule have the same packets. */
export function covers({ boxes }: RuleBoxes, rank: number): boolean {
  return boxes.some(({ firstRank, lastRank }) => firstRank <= rank && rank <= lastRank);
}

function rowsByGroup(rows: readonly RuleBoxes[]): ReadonlyMap<string, readonly RuleBoxes[]> {
  const byGroup = new Map<string, RuleBoxes[]>();
  for (const row of rows) {
    const known = byGroup.get(row.group.id);
    if (known === undefined) byGroup.set(row.group.id, [row]);
    else known.push(row);
  }
  return byGroup;
}
