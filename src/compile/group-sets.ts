/** Interfaces told apart by the groups they carry alone: there are far fewer sets of groups than interfaces. */

import type { NetworkInterface } from '../model/network-interface.ts';

export interface GroupSets {
  /** Indices of groups, ascending. */
  readonly sets: readonly Int32Array[];
  /** Index of each interface's set. */
  readonly ofEni: readonly number[];
}

export function groupSetsOf(enis: readonly NetworkInterface[], group: ReadonlyMap<string, number>): GroupSets {
  const sets: Int32Array[] = [];
  const bySet = new Map<string, number>();
  // Most interfaces name their groups in the order of others that carry the same: only new orders are sorted. An order is a number,
  // that of the order without its last group and that group.
  const orders = new Map<number, number>();
  const byOrder: number[] = [];
  const ofEni = enis.map(({ groupIds }) => {
    let order = 0;
    for (const id of groupIds) {
      const longer = order * group.size + group.get(id)!;
      order = orders.get(longer) ?? orders.size + 1;
      orders.set(longer, order);
    }
    let index = byOrder[order];
    if (index === undefined) {
      const set = Int32Array.from(groupIds, (id) => group.get(id)!).sort();
      const key = set.join();
      index = bySet.get(key) ?? sets.push(set) - 1;
      bySet.set(key, index);
      byOrder[order] = index;
    }
    return index;
  });
  return { sets, ofEni };
}
