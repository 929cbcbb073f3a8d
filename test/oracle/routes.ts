/** Which route a packet takes: RT-*. */

import { isComplete } from '../../src/model/network.ts';
import type { Route, RouteTable, RouteTarget } from '../../src/model/route-table.ts';
import type { Subnet } from '../../src/model/vpc.ts';
import type { Address } from '../../src/net/address.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { prefixContains } from '../../src/net/prefix.ts';
import { byId, tableOf } from './lookup.ts';
import { drop, lose, type Walk } from './walk.ts';

export interface Taken {
  readonly table: RouteTable;
  readonly target: RouteTarget;
}

/** The route out of the subnet. Ends the walk where there is none, or where it leads into a black hole (RT-11, RT-12). */
export function routeOutOf(walk: Walk, subnet: Subnet): Taken {
  const table = tableOf(walk.network, subnet, isComplete(walk.network, 'routeTables', subnet.account, subnet.region));
  return table === null ? lose(walk) : routeIn(walk, table, walk.packet.destination);
}

export function routeIn(walk: Walk, table: RouteTable, destination: Address): Taken {
  const route = bestRoute(walk, table, destination);
  const stage = 'route';
  if (route === null) drop(walk, { stage, resource: table.id, rules: [], codes: ['NO_ROUTE_TO_DESTINATION'] });
  // OPEN-14: no falling back to a shorter prefix.
  if (route.state === 'blackhole') drop(walk, { stage, resource: table.id, rules: [], codes: ['BAD_STATE_ROUTE'] });
  return { table, target: route.target };
}

interface Candidate {
  readonly route: Route;
  /** Of the matching prefix; over 128 for a prefix that nobody could read, in the reading where it wins. */
  readonly length: number;
  /** RT-05: static before prefix list before propagated. */
  readonly rank: number;
}

function bestRoute(walk: Walk, table: RouteTable, destination: Address): Route | null {
  // OPEN-14: `filtered` routes count as absent.
  const candidates = table.routes
    .filter((route) => route.state !== 'filtered')
    .map((route, index) => candidateOf(walk, table, route, index, destination))
    .filter((candidate) => candidate !== null);
  const isLocal = candidates.some(({ route }) => route.target.kind === 'local');
  // RT-06, OPEN-12: a propagated route never beats the local one.
  const eligible = candidates.filter(({ route }) => !(isLocal && route.source === 'propagated'));
  const longest = Math.max(...eligible.map(({ length }) => length));
  const matching = eligible.filter(({ length }) => length === longest);
  const first = Math.min(...matching.map(({ rank }) => rank));
  const best = matching.filter(({ rank }) => rank === first).map(({ route }) => route);
  if (best.length < 2) return best[0] ?? null;
  // OPEN-13: any of them, and always the same one.
  const key = `${table.id} ${best.map((route) => JSON.stringify(route.target)).join(' or ')}`;
  return walk.choose(key, best);
}

function candidateOf(
  walk: Walk,
  table: RouteTable,
  route: Route,
  index: number,
  destination: Address,
): Candidate | null {
  const rank = route.source === 'propagated' ? 2 : route.destination.kind === 'prefix-list' ? 1 : 0;
  const key = `${table.id} ${index} ${formatAddress(destination)}`;
  switch (route.destination.kind) {
    case 'cidr': {
      const { prefix } = route.destination;
      return prefixContains(prefix, destination) ? { route, rank, length: prefix.length } : null;
    }
    case 'prefix-list': {
      const { id } = route.destination;
      const entries = byId(walk.network.prefixLists, id)?.entries ?? null;
      if (entries === null) return unreadable(walk, key, route, rank);
      const matching = entries.filter((entry) => prefixContains(entry, destination));
      return matching.length > 0 ? { route, rank, length: Math.max(...matching.map(({ length }) => length)) } : null;
    }
    case 'unreadable':
      return unreadable(walk, key, route, rank);
  }
}

/** It may match nothing, or everything: as the shortest prefix, or as the longest. */
function unreadable(walk: Walk, key: string, route: Route, rank: number): Candidate | null {
  const length = walk.choose(`route ${key}`, [null, 0, 129]);
  return length === null ? null : { route, rank, length };
}
