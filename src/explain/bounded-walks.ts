/** Sets of packets walked over every way that AWS may choose, up to a number of walks. */

import type { AddressSpace } from '../compile/address-space.ts';
import { Choices, MAX_WAYS } from '../compile/choices.ts';
import type { Compiled } from '../compile/compile.ts';
import { type StageId, UNKNOWN } from '../compile/stage.ts';
import type { Address } from '../net/address.ts';
import { EMPTY, type L4Sets } from '../reach/l4-sets.ts';
import { SetWalker } from '../reach/set-walker.ts';
import { SetsInFlight } from '../reach/sets-in-flight.ts';
import { addressAt } from './lint-ground.ts';

/** An address and its rank. */
export interface Point {
  readonly address: Address;
  readonly rank: number;
}

/** The first address of an atom. */
export function pointAt(space: AddressSpace, rank: number): Point {
  return { address: addressAt(space, rank), rank };
}

/** How many walks are left; shared by all that draw on it. */
export interface Budget {
  left: number;
}

export class BoundedWalks {
  readonly #walker: SetWalker;
  readonly #choices = new Choices();
  readonly #budget: Budget;

  constructor(compiled: Compiled, sets: L4Sets, budget: Budget) {
    this.#walker = new SetWalker(compiled, sets);
    this.#budget = budget;
  }

  get isSpent(): boolean {
    return this.#budget.left <= 0;
  }

  /** Everything from one address to another, as it ended: once a way. Null where there are more ways than anyone tries. */
  walk(start: StageId, from: Point, to: Point, sender: number): readonly SetsInFlight[] | null {
    const ended: SetsInFlight[] = [];
    this.#choices.reset();
    do {
      this.#budget.left--;
      if (ended.length === MAX_WAYS) return null;
      const packets = new SetsInFlight(from.address, from.rank, to.address, to.rank, sender, null);
      this.#walker.walk(start, packets, this.#choices);
      ended.push(packets);
    } while (this.#choices.next());
    return ended;
  }
}

/** Reports whether some of the packets came to where the snapshot does not say how they go on. */
export function isLost({ end, may }: SetsInFlight): boolean {
  return end?.kind === UNKNOWN && may !== EMPTY;
}
