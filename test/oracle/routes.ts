/** Which route a packet takes: RT-*. */

import { isComplete } from '../../src/model/network.ts';
import type { Route, RouteTable, RouteTarget } from '../../src/model/route-table.ts';
import type { Subnet } from '../../src/model/vpc.ts';
import type { Address } from '../../src/net/address.ts';
import { formatAddress, parsePrefix } from '../../src/net/address-text.ts';
import { type Prefix, prefixContains } from '../../src/net/prefix.ts';
import { anyContains, byId, tableOf } from './lookup.ts';
import { drop, lose, type Walk } from './walk.ts';

export const NAT64: Prefix = parsePrefix('64:ff9b::/96').prefix;

export interface Taken {
  /** Null where the snapshot lacks it. */
  readonly table: RouteTable | null;
  readonly target: RouteTarget;
}

/** The route out of the subnet. Ends the walk where there is none, or where it leads into a black hole (RT-11, RT-12). */
export function routeOutOf(walk: Walk, subnet: Subnet): Taken {
  const { network, packet } = walk;
  const table = tableOf(network, subnet, isComplete(network, 'routeTables', subnet.account, subnet.region));
  if (table !== null) return routeIn(walk, table, packet.destination);
  // RT-03: whatever the table is, it leads within the VPC.
  const vpc = byId(network.vpcs, subnet.vpcId) ?? lose(walk);
  return anyContains(vpc.cidrs, packet.destination) ? { table: null, target: { kind: 'local' } } : lose(walk);
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

export function bestRoute(walk: Walk, table: RouteTable, destination: Address): Route | null {
  // OPEN-14: `filtered` routes count as absent.
  const candidates = table.routes
    .filter((route) => route.state !== 'filtered')
    .map((route, index) => candidateOf(walk, table, route, index, destination))
    .filter((candidate) => candidate !== null);
  const isLocal = candidates.some(({ route }) => route.target.kind === 'local');
  const eligible = candidates.filter((candidate) => !isLocal || maybeMoreSpecific(candidate));
  const longest = Math.max(...eligible.map(({ length }) => length));
  const matching = eligible.filter(({ length }) => length === longest);
  const first = Math.min(...matching.map(({ rank }) => rank));
  const best = matching.filter(({ rank }) => rank === first).map(({ route }) => route);
  if (best.length < 2) return best[0] ?? null;
  // OPEN-13: any of them, and always the same one.
  const key = `${table.id} ${best.map((route) => JSON.stringify(route.target)).join(' or ')}`;
  return walk.choose(key, best);
}

/** Where AWS lets routes lead that are more specific than the local one; what nobody recognises may be one of these. */
const INSIDE = ['network-interface', 'instance', 'nat-gateway', 'endpoint', 'local-gateway', 'unrecognised'];

/** RT-06, OPEN-12: a propagated route never beats the local one. RT-07: no route that nobody could read does either,
 * unless it leads to one of these. */
function maybeMoreSpecific({ route, length }: Candidate): boolean {
  const isReadable = length <= 128;
  return route.source !== 'propagated' && (isReadable || INSIDE.includes(route.target.kind));
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
