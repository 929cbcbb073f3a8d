/** The sets of groups that interfaces carry, each once. */

import type { NetworkInterface } from '../model/network-interface.ts';

export interface GroupSet {
  /** Sorted, each once. */
  readonly groups: readonly string[];
  /** Interfaces that carry exactly these, ascending. */
  readonly members: readonly number[];
}

export class GroupSets {
  readonly #byGroup = new Map<string, GroupSet[]>();

  constructor(interfaces: readonly NetworkInterface[]) {
    const known = new Map<string, { groups: readonly string[]; members: number[] }>();
    interfaces.forEach(({ groupIds }, index) => {
      const groups = [...new Set(groupIds)].sort();
      const key = groups.join(' ');
      const set = known.get(key);
      if (set === undefined) known.set(key, { groups, members: [index] });
      else set.members.push(index);
    });
    for (const set of known.values()) {
      for (const group of set.groups) {
        const sets = this.#byGroup.get(group);
        if (sets === undefined) this.#byGroup.set(group, [set]);
        else sets.push(set);
      }
    }
  }

  /** In the order of their first members. */
  withGroup(group: string): readonly GroupSet[] {
    return this.#byGroup.get(group) ?? [];
  }
}
