/** Findings about many interfaces, told once for all that are alike. */

import type { Compiled } from '../compile/compile.ts';
import type { Family } from '../net/address.ts';
import type { EndClass } from './end-classes.ts';
import { familyOf, type Sender, type Target } from './reach-ends.ts';
import { placesOfEnds } from './reach-groups.ts';
import type { StrangerWords } from './stranger-words.ts';
import type { Place } from './trace.ts';

interface Alike {
  readonly family: Family;
  readonly places: readonly Place[];
  readonly from: readonly string[];
}

/** A list of findings of one kind that is being written. */
export interface FindingList<T extends Alike> {
  /** A finding about these interfaces and strangers; findings of equal signature and strangers are one. */
  add(members: EndClass<Target>, from: EndClass<Sender>, signature: string, describe: () => Omit<T, keyof Alike>): void;
  /** Those about most interfaces first. */
  all(words: StrangerWords): readonly T[];
}

interface Entry<T extends Alike> {
  readonly members: Target[];
  readonly from: EndClass<Sender>;
  readonly finding: Omit<T, keyof Alike>;
}

export class AlikeInterfaces {
  readonly #compiled: Compiled;
  readonly #numbers = new Map<EndClass<Sender>, number>();

  constructor(compiled: Compiled) {
    this.#compiled = compiled;
  }

  list<T extends Alike>(): FindingList<T> {
    const entries = new Map<string, Entry<T>>();
    return {
      add: (members, from, signature, describe) => {
        const key = `${familyOf(members[0]!)} ${this.#numberOf(from)} ${signature}`;
        const known = entries.get(key);
        if (known === undefined) entries.set(key, { members: [...members], from, finding: describe() });
        else known.members.push(...members);
      },
      all: (words) =>
        [...entries.values()]
          .map(({ members, from, finding }) => ({
            family: familyOf(members[0]!),
            places: placesOfEnds(this.#compiled, members),
            from: words.of(from),
            ...finding,
          }))
          .sort((a, b) => b.places.length - a.places.length) as unknown as readonly T[],
    };
  }

  #numberOf(from: EndClass<Sender>): number {
    const known = this.#numbers.get(from) ?? this.#numbers.size;
    this.#numbers.set(from, known);
    return known;
  }
}
