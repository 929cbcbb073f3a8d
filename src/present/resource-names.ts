/** What people call the lists that decide: ACLs, groups and route tables. */

import type { Network } from '../model/network.ts';

/** Id to name, for those that have one. */
export type ResourceNames = ReadonlyMap<string, string>;

export const NO_NAMES: ResourceNames = new Map();

/** Name tags; a group without one goes by its group name. */
export function resourceNames({ networkAcls, securityGroups, routeTables }: Network): ResourceNames {
  const names = new Map<string, string>();
  for (const { id, name } of [...networkAcls, ...routeTables]) if (name !== null) names.set(id, name);
  for (const { id, name, groupName } of securityGroups) {
    const called = name ?? groupName;
    if (called !== null) names.set(id, called);
  }
  return names;
}
