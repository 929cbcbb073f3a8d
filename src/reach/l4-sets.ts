/**
 * Sets of (protocol, destination port or ICMP type * 256 + code), interned: equal sets have equal ids, so that comparing is `===`
 * and every operation is done once.
 *
 * A set is a partition of the protocol numbers 0 to 255 into runs with equal ports:
 *
 *     protocol   0 .. 5    6          7 .. 16   17        18 .. 255
 *     ports      all       80,443     none      53        all
 *
 * Runs are maximal and cover everything; ports are interned interval sets. Both are canonical, so the texts they are interned by
 * are equal exactly when the sets are.
 */

import {
  formatIntervals,
  type IntervalSet,
  intersectIntervals,
  intervalSet,
  intervalsContain,
  subtractIntervals,
  unionIntervals,
} from '../net/interval-set.ts';
import { ALL_PROTOCOLS, LAST_PORT } from '../net/protocol.ts';

/** Index into a set arena. Ids of different arenas have nothing to do with each other. */
export type L4Id = number;

export const EMPTY: L4Id = 0;
export const EVERYTHING: L4Id = 1;

const LAST_PROTOCOL = 255;

/** Highest numbers of a universe that is small enough to look at every element; left out, those of IP. */
export interface L4Universe {
  readonly lastProtocol?: number;
  readonly lastPort?: number;
}

/** Protocols from the previous run's `last` + 1 to `last`, with the index of their ports. */
export interface Run {
  readonly last: number;
  readonly ports: number;
}

const NO_PORTS = 0;
const ALL_PORTS = 1;

export class L4Sets {
  readonly #lastProtocol: number;
  readonly #ports: IntervalSet[] = [];
  readonly #portIds = new Map<string, number>();
  readonly #sets: (readonly Run[])[] = [];
  readonly #setIds = new Map<string, L4Id>();
  readonly #memo = new Map<number, L4Id>();
  readonly #boxes = new Map<number, L4Id>();

  constructor({ lastProtocol = LAST_PROTOCOL, lastPort = LAST_PORT }: L4Universe = {}) {
    this.#lastProtocol = lastProtocol;
    this.#internPorts(intervalSet([]));
    this.#internPorts(intervalSet([{ first: 0, last: lastPort }]));
    this.#intern([{ last: lastProtocol, ports: NO_PORTS }]);
    this.#intern([{ last: lastProtocol, ports: ALL_PORTS }]);
  }

  /** One protocol (or ALL_PROTOCOLS) with an inclusive range of ports or ICMP codepoints. */
  box(protocol: number, first: number, last: number): L4Id {
    // Asked once a row and once a pair: ALL_PROTOCOLS is -1, ports are 16 bits, and the key stays an exact double.
    const key = ((protocol + 1) * 2 ** 16 + first) * 2 ** 16 + last;
    const known = this.#boxes.get(key);
    if (known !== undefined) return known;
    const set = this.#internBox(protocol, first, last);
    this.#boxes.set(key, set);
    return set;
  }

  #internBox(protocol: number, first: number, last: number): L4Id {
    const ports = this.#internPorts(intervalSet([{ first, last }]));
    if (protocol === ALL_PROTOCOLS) return this.#intern([{ last: this.#lastProtocol, ports }]);
    const runs: Run[] = [];
    if (protocol > 0) runs.push({ last: protocol - 1, ports: NO_PORTS });
    runs.push({ last: protocol, ports });
    if (protocol < this.#lastProtocol) runs.push({ last: this.#lastProtocol, ports: NO_PORTS });
    return this.#intern(runs);
  }

  /** One protocol with any set of ports. */
  ofPorts(protocol: number, ports: IntervalSet): L4Id {
    return ports.reduce<L4Id>((set, { first, last }) => this.union(set, this.box(protocol, first, last)), EMPTY);
  }

  intersect(a: L4Id, b: L4Id): L4Id {
    if (a === b || b === EVERYTHING) return a;
    if (a === EVERYTHING) return b;
    if (a === EMPTY || b === EMPTY) return EMPTY;
    return this.#combine(0, a < b ? a : b, a < b ? b : a, intersectIntervals);
  }

  union(a: L4Id, b: L4Id): L4Id {
    if (a === b || b === EMPTY) return a;
    if (a === EMPTY) return b;
    if (a === EVERYTHING || b === EVERYTHING) return EVERYTHING;
    return this.#combine(1, a < b ? a : b, a < b ? b : a, unionIntervals);
  }

  subtract(a: L4Id, b: L4Id): L4Id {
    if (a === b || b === EVERYTHING || a === EMPTY) return EMPTY;
    if (b === EMPTY) return a;
    return this.#combine(2, a, b, subtractIntervals);
  }

  /** Reports whether every element of `a` is in `b`. */
  isSubset(a: L4Id, b: L4Id): boolean {
    return this.subtract(a, b) === EMPTY;
  }

  contains(set: L4Id, protocol: number, portOrIcmp: number): boolean {
    return intervalsContain(this.ports(set, protocol), portOrIcmp);
  }

  /** The ports of one protocol. */
  ports(set: L4Id, protocol: number): IntervalSet {
    for (const { last, ports } of this.#sets[set]!) if (protocol <= last) return this.#ports[ports]!;
    throw new RangeError(`protocol ${protocol} is over ${this.#lastProtocol}`);
  }

  /** The runs of a set that hold anything: protocols `first` to `last` with these ports. */
  runs(set: L4Id): readonly { readonly first: number; readonly last: number; readonly ports: IntervalSet }[] {
    let first = 0;
    const found: { first: number; last: number; ports: IntervalSet }[] = [];
    for (const { last, ports } of this.#sets[set]!) {
      if (ports !== NO_PORTS) found.push({ first, last, ports: this.#ports[ports]! });
      first = last + 1;
    }
    return found;
  }

  /** Sets interned so far. */
  get size(): number {
    return this.#sets.length;
  }

  #combine(operation: number, a: L4Id, b: L4Id, ofPorts: (a: IntervalSet, b: IntervalSet) => IntervalSet): L4Id {
    // Ids stay far below 2^25: three numbers fit into one exact double.
    const key = (a * 2 ** 25 + b) * 3 + operation;
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const runs: Run[] = [];
    const left = this.#sets[a]!;
    const right = this.#sets[b]!;
    for (let i = 0, j = 0; i < left.length && j < right.length; ) {
      const last = Math.min(left[i]!.last, right[j]!.last);
      const ports = this.#internPorts(ofPorts(this.#ports[left[i]!.ports]!, this.#ports[right[j]!.ports]!));
      const previous = runs[runs.length - 1];
      if (previous !== undefined && previous.ports === ports) runs[runs.length - 1] = { last, ports };
      else runs.push({ last, ports });
      if (left[i]!.last === last) i++;
      if (right[j]!.last === last) j++;
    }
    const set = this.#intern(runs);
    this.#memo.set(key, set);
    return set;
  }

  #internPorts(ports: IntervalSet): number {
    const key = formatIntervals(ports);
    const known = this.#portIds.get(key);
    if (known !== undefined) return known;
    this.#portIds.set(key, this.#ports.length);
    return this.#ports.push(ports) - 1;
  }

  #intern(runs: readonly Run[]): L4Id {
    const key = runs.map(({ last, ports }) => `${last}:${ports}`).join();
    const known = this.#setIds.get(key);
    if (known !== undefined) return known;
    this.#setIds.set(key, this.#sets.length);
    return this.#sets.push(runs) - 1;
  }
}
