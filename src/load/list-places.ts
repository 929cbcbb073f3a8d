/** Accounts and regions that lists speak for. */

import type { Kind, ListRead } from '../model/network.ts';
import type { Place } from './place.ts';

/** The different places for which lists of a kind were read: few, where lists may be many. */
export function placesOf(lists: readonly ListRead[], kind: Kind): readonly Place[] {
  const places = new Map<string, Place>();
  for (const list of lists) {
    if (list.kind === kind) places.set(`${list.account} ${list.region}`, list);
  }
  return [...places.values()];
}

/** Reports whether a list of one place says something about another. */
export function speaksFor(list: Place, place: Place): boolean {
  return (
    (list.account === null || place.account === null || list.account === place.account) &&
    (list.region === null || place.region === null || list.region === place.region)
  );
}

/** What a list read in one Region speaks for: Direct Connect gateways and their associations are in none. */
export function spokenFor(kind: Kind, place: Place): Place {
  const isGlobal = kind === 'directConnectGateways' || kind === 'directConnectAssociations';
  return isGlobal ? { account: place.account, region: null } : { account: place.account, region: place.region };
}
