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
  // Most interfaces name their groups in the order of others that carry the same: only new orders are sorted.
  const byOrder = new Map<string, number>();
  const ofEni = enis.map(({ groupIds }) => {
    let order = '';
    for (const id of groupIds) order += `${group.get(id)!} `;
    let index = byOrder.get(order);
    if (index === undefined) {
      const set = Int32Array.from(groupIds, (id) => group.get(id)!).sort();
      const key = set.join();
      index = bySet.get(key) ?? sets.push(set) - 1;
      bySet.set(key, index);
      byOrder.set(order, index);
    }
    return index;
  });
  return { sets, ofEni };
}
