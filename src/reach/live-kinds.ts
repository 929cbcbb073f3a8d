/** Which kinds of target a sender has any way to (`live-targets.ts`): worked out once for all senders that share a subnet. */

import type { Compiled } from '../compile/compile.ts';
import type { StageId } from '../compile/stage.ts';
import type { Family } from '../net/address.ts';
import { LiveTargets } from './live-targets.ts';
import type { PlainAddress } from './plain-pairs.ts';

type ByFamily = Readonly<Record<Family, Int32Array>>;

/** A kind of target by the address of one member, and what is known of it where it is plain. */
export interface RankedTarget {
  readonly rank: number;
  readonly plain: PlainAddress | null;
}

export class LiveKinds {
  readonly #all: LiveTargets;
  readonly #isLive: Uint8Array;
  /** Plain targets of one district are one here. */
  readonly #few: LiveTargets;
  readonly #isLiveAmongFew: Uint8Array;
  /** By target of the few: those that it stands for, by index. */
  readonly #standFor: readonly (readonly number[])[];
  readonly #fromLan = new Map<StageId, ByFamily>();
  readonly #firstV6: number;

  /** `targets` are sorted by rank. `isHome` marks the stages where plain interfaces are addressed. */
  constructor(compiled: Compiled, targets: readonly RankedTarget[], overInternet: boolean, isHome: Uint8Array) {
    const firstV6 = targets.findIndex(({ rank }) => rank >= compiled.space.firstV6);
    this.#firstV6 = firstV6 < 0 ? targets.length : firstV6;
    const ranks: number[] = [];
    const standFor: number[][] = [];
    const byDistrict = new Map<number, number[]>();
    targets.forEach(({ rank, plain }, index) => {
      const known = plain === null ? undefined : byDistrict.get(plain.district);
      if (known !== undefined) {
        known.push(index);
        return;
      }
      const members = [index];
      if (plain !== null) byDistrict.set(plain.district, members);
      ranks.push(rank);
      standFor.push(members);
    });
    this.#standFor = standFor;
    this.#few = new LiveTargets(compiled, Int32Array.from(ranks), overInternet, isHome);
    this.#isLiveAmongFew = new Uint8Array(ranks.length);
    this.#all = new LiveTargets(
      compiled,
      Int32Array.from(targets, ({ rank }) => rank),
      overInternet,
      isHome,
    );
    this.#isLive = new Uint8Array(targets.length);
  }

  /** Indices of targets of the family to which packets that start at this stage may come, ascending. */
  from(start: StageId, family: Family): Int32Array {
    this.#all.mark(start, this.#isLive);
    return this.#byFamily(indicesIn(this.#isLive))[family];
  }

  /** The same for packets that the groups of a plain interface let through. */
  fromLan(lan: StageId, family: Family): Int32Array {
    const known = this.#fromLan.get(lan);
    if (known !== undefined) return known[family];
    this.#few.mark(lan, this.#isLiveAmongFew);
    const live: number[] = [];
    for (const few of indicesIn(this.#isLiveAmongFew)) for (const index of this.#standFor[few]!) live.push(index);
    const made = this.#byFamily(Int32Array.from(live).sort());
    this.#fromLan.set(lan, made);
    return made[family];
  }

  #byFamily(indices: Int32Array): ByFamily {
    const first = indices.findIndex((index) => index >= this.#firstV6);
    const end = first < 0 ? indices.length : first;
    return { 4: indices.subarray(0, end), 6: indices.subarray(end) };
  }
}

function indicesIn(marks: Uint8Array): Int32Array {
  const indices: number[] = [];
  for (let at = marks.indexOf(1); at >= 0; at = marks.indexOf(1, at + 1)) indices.push(at);
  return Int32Array.from(indices);
}
