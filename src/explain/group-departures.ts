/** What an interface can send to a range of addresses, past its own groups, and where it ends. */

import type { Ranks } from '../compile/address-space.ts';
import { ranksOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { find } from '../compile/lookup.ts';
import { ownPrefixes } from '../compile/names.ts';
import { DESTINATION } from '../compile/rule-table.ts';
import { DELIVER, GROUPS, type StageId } from '../compile/stage.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import type { SetsInFlight } from '../reach/sets-in-flight.ts';
import { BoundedWalks, type Budget, isLost, type Point, pointAt } from './bounded-walks.ts';
import { SteadyRanks } from './steady-ranks.ts';

/** Packets from one address of the interface to one address, which speaks for `ranks`. */
export interface Departure {
  readonly start: StageId;
  readonly sender: number;
  readonly from: Point;
  readonly to: Point;
  readonly ranks: Ranks;
  /** One record a way; null where there are more ways than anyone tries. */
  readonly ended: readonly SetsInFlight[] | null;
}

/** What leaves by the groups of the interface and ends somewhere. */
export interface Departed {
  readonly packets: L4Id;
  /** Who holds the destination, as group references see it: an interface, NOBODY, or a missing fact. */
  readonly holder: number;
  /** How they go on is not known. */
  readonly isLost: boolean;
}

export class GroupDepartures {
  readonly #compiled: Compiled;
  readonly #steady: SteadyRanks;
  readonly #walks: BoundedWalks;

  constructor(compiled: Compiled, sets: L4Sets, budget: Budget) {
    this.#compiled = compiled;
    this.#steady = new SteadyRanks(compiled);
    this.#walks = new BoundedWalks(compiled, sets, budget);
  }

  get isSpent(): boolean {
    return this.#walks.isSpent;
  }

  /** To every address of the range. Ends early when the budget is spent: `isSpent` tells. */
  *to(sender: number, { first, last }: Ranks): Generator<Departure> {
    const { network, space, entrances } = this.#compiled;
    const start = entrances.leaveAsItself[sender]!;
    for (const own of ownPrefixes(network.networkInterfaces[sender]!).map((prefix) => ranksOf(space, prefix))) {
      for (let source = own.first; source <= own.last; source++) {
        const from = pointAt(this.#compiled.space, source);
        const isV4 = source < space.firstV6;
        const end = isV4 ? Math.min(last, space.firstV6 - 1) : last;
        for (let rank = isV4 ? first : Math.max(first, space.firstV6); rank <= end; ) {
          if (this.#walks.isSpent) return;
          const to = pointAt(this.#compiled.space, rank);
          const ended = this.#walks.walk(start, from, to, sender);
          const ranks = { first: rank, last: Math.min(end, this.#steadyUntil(rank, ended)) };
          yield { start, sender, from, to, ranks, ended };
          rank = ranks.last + 1;
        }
      }
    }
  }

  /** What of a departure passed the interface's own groups and arrived, or may have. */
  departed({ ended, sender, to }: Departure): readonly Departed[] {
    return (ended ?? []).flatMap((packets) => {
      const lost = isLost(packets);
      if (packets.may === EMPTY || (packets.end?.kind !== DELIVER && !lost)) return [];
      const holder = this.#holderAt(packets, sender, to.rank);
      // Another protocol under NAT64 than the one that its rules spoke of.
      return holder === null ? [] : [{ packets: packets.may, holder, isLost: lost || packets.isNat64 }];
    });
  }

  /** Null where the packets never met the groups. */
  #holderAt({ path }: SetsInFlight, sender: number, rank: number): number | null {
    for (const id of path) {
      const { kind, role, host, rules, identities } = this.#compiled.stages[id]!;
      if (kind !== GROUPS || role !== 'security-group-out' || host !== sender) continue;
      return rules.hasGroups ? find(identities, rank) : NOBODY;
    }
    return null;
  }

  #steadyUntil(rank: number, ended: readonly SetsInFlight[] | null): number {
    const ends = (ended ?? []).map(({ path }) => this.#steady.around(rank, path, DESTINATION).last);
    return ended === null ? rank : Math.min(...ends);
  }
}
