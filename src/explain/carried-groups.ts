/** Kinds of ends, divided by the groups that their members carry where the other end's rules name some of them. */

import type { EndClass } from './end-classes.ts';
import type { Sender, Target } from './reach-ends.ts';

export class CarriedGroups<T extends Sender | Target> {
  readonly #groupsOfInterface: readonly Int32Array[];
  readonly #carried = new Map<EndClass<T>, ReadonlySet<number>>();
  /** Divisions that were made, so that equal parts are one array: by what is asked, and by the groups of it that are carried. */
  readonly #byNames = new Map<EndClass<T>, Map<ReadonlySet<number>, readonly EndClass<T>[]>>();
  readonly #byGroups = new Map<EndClass<T>, Map<string, readonly EndClass<T>[]>>();

  constructor(groupsOfInterface: readonly Int32Array[]) {
    this.#groupsOfInterface = groupsOfInterface;
  }

  /**
   * How the members divide, by the groups that are named: into parts that carry the same of them; the whole where nobody carries any.
   */
  divisionsOf(members: EndClass<T>): (named: ReadonlySet<number>) => readonly EndClass<T>[] {
    let byNames = this.#byNames.get(members);
    if (byNames === undefined) {
      byNames = new Map();
      this.#byNames.set(members, byNames);
    }
    const divisions = byNames;
    return (named) => {
      const known = divisions.get(named);
      if (known !== undefined) return known;
      const parts = this.#partsOf(members, named);
      divisions.set(named, parts);
      return parts;
    };
  }

  #partsOf(members: EndClass<T>, named: ReadonlySet<number>): readonly EndClass<T>[] {
    const carried = this.#carriedBy(members);
    const relevant = new Set([...carried].filter((group) => named.has(group)));
    if (relevant.size === 0) return [members];
    const key = [...relevant].sort((a, b) => a - b).join();
    const byGroups = this.#byGroups.get(members) ?? new Map<string, readonly EndClass<T>[]>();
    this.#byGroups.set(members, byGroups);
    const parts = byGroups.get(key) ?? this.#divide(members, relevant);
    byGroups.set(key, parts);
    return parts;
  }

  #divide(members: EndClass<T>, relevant: ReadonlySet<number>): readonly EndClass<T>[] {
    const parts = new Map<string, T[]>();
    for (const member of members) {
      const key = this.#groupsOfInterface[member.held!.eni]!.filter((group) => relevant.has(group)).join();
      const part = parts.get(key);
      if (part === undefined) parts.set(key, [member]);
      else part.push(member);
    }
    return parts.size === 1 ? [members] : [...parts.values()];
  }

  #carriedBy(members: EndClass<T>): ReadonlySet<number> {
    const known = this.#carried.get(members);
    if (known !== undefined) return known;
    const carried = new Set(members.flatMap(({ held }) => [...this.#groupsOfInterface[held!.eni]!]));
    this.#carried.set(members, carried);
    return carried;
  }
}
