/**
 * Which route of a table serves each destination: longest prefix (RT-04), then the order among equal prefixes (RT-05), with the
 * exceptions for `local` (RT-03, RT-06) and for routes whose destinations are not known.
 */

import type { Route, RouteTable } from '../model/route-table.ts';
import { formatPrefix } from '../net/address-text.ts';
import { type Prefix, prefixCovers, prefixKey } from '../net/prefix.ts';
import { open } from './assumption.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { buildLookup, type Lookup } from './lookup.ts';
import { entriesOf, equalRoutes, whichRoute } from './missing-facts.ts';
import { NONE } from './names.ts';

/** A destination and the route that serves it. */
export interface RouteChoice {
  /** Null where an ignored route leaves nothing. */
  readonly route: Route | null;
  readonly prefix: Prefix;
  /** Readings that the choice rests on. */
  readonly assumptions: number;
  /** Routes of the same rank to the same prefix, of which AWS picks one (OPEN-13); this one is listed first. */
  readonly rivals: readonly Route[];
}

/** A route that may serve any destination, because which ones it names is not known. */
export interface MaybeRoute {
  readonly route: Route;
  readonly fact: number;
}

export interface ChosenRoutes {
  readonly table: RouteTable;
  /** Rank of a destination to an index into `choices`. */
  readonly lookup: Lookup;
  readonly choices: readonly RouteChoice[];
  readonly maybes: readonly MaybeRoute[];
  /** Blocks of the VPC: what is theirs the table's local routes serve, or a route that RT-07 and RT-08 allow instead. */
  readonly ownBlocks: readonly Prefix[];
}

/** The table that governs a subnet, or null where the snapshot does not say. */
function tableOfSubnet(b: GraphBuilder, subnet: number): RouteTable | null {
  const index = b.names.routeTableOfSubnet[subnet]!;
  if (index === NONE) return null;
  const table = b.network.routeTables[index]!;
  const record = b.network.subnets[subnet]!;
  // RT-01: the main table serves subnets that no table names, but a list that was cut off may hold the table that does.
  return table.subnetIds.includes(record.id) || b.isComplete('routeTables', record) ? table : null;
}

export function chosenRoutes(b: GraphBuilder, subnet: number): ChosenRoutes | null {
  const table = tableOfSubnet(b, subnet);
  return table === null ? null : routesOfTable(b, table);
}

export function routesOfTable(b: GraphBuilder, table: RouteTable): ChosenRoutes {
  return b.shared(`routes of ${table.id}`, () => {
    const vpc = b.names.vpc.get(table.vpcId) ?? NONE;
    const cidrs = vpc === NONE ? [] : b.network.vpcs[vpc]!.cidrs;
    const byPrefix = new Map<string, { prefix: Prefix; routes: Route[] }>();
    const maybes: MaybeRoute[] = [...gapsOf(b, table)];
    // Routes that AWS does not follow: what takes over for their destinations rests on a reading.
    const ignored: { prefix: Prefix; assumptions: number }[] = [];
    const add = (prefix: Prefix, route: Route): void => {
      const key = prefixKey(prefix);
      const known = byPrefix.get(key);
      if (known === undefined) byPrefix.set(key, { prefix, routes: [route] });
      else known.routes.push(route);
    };
    for (const route of [...table.routes, ...missingLocals(table, cidrs)]) {
      const { destination } = route;
      if (route.state === 'filtered') {
        for (const prefix of knownDestinations(b, route)) ignored.push({ prefix, assumptions: open(14) });
        continue;
      }
      switch (destination.kind) {
        case 'cidr':
          // RT-06, OPEN-12: a propagated route never beats the local one, however specific.
          if (route.source === 'propagated' && cidrs.some((cidr) => prefixCovers(cidr, destination.prefix))) {
            ignored.push({ prefix: destination.prefix, assumptions: open(12) });
          } else add(destination.prefix, route);
          break;
        case 'prefix-list': {
          const list = b.names.prefixList.get(destination.id) ?? NONE;
          const entries = list === NONE ? null : b.network.prefixLists[list]!.entries;
          if (entries === null) maybes.push({ route, fact: b.fact(entriesOf(destination.id)) });
          else for (const prefix of entries) add(prefix, route);
          break;
        }
        case 'unreadable': {
          const place = route.origin.pointer;
          const fact = whichRoute(table.id, `at ${route.origin.file}#${place}`, route.origin);
          maybes.push({ route, fact: b.fact(fact) });
          break;
        }
      }
    }
    const followed = [...byPrefix.values()].map(({ prefix, routes }) => choose(prefix, routes));
    const instead = ignored
      .filter(({ prefix }) => !byPrefix.has(prefixKey(prefix)))
      .map(({ prefix, assumptions }) => ({ ...longestCovering(followed, prefix), prefix, assumptions, rivals: [] }));
    const choices = [...followed.map((choice) => withFallbackReading(choice, followed)), ...instead];
    const lookup = buildLookup(choices.map(({ prefix }, index) => b.prefix(prefix, index)));
    const locals = choices.filter(({ route }) => route?.target.kind === 'local').map(({ prefix }) => prefix);
    return { table, lookup, choices, maybes, ownBlocks: [...cidrs, ...locals] };
  });
}

/** The routes of unknown destinations that may serve what a choice serves, as indices into `maybes`. */
export function maybesInstead({ maybes, ownBlocks }: ChosenRoutes, { prefix }: RouteChoice): readonly number[] {
  if (maybes.length === 0) return [];
  const isOwn = ownBlocks.some((block) => prefixCovers(block, prefix));
  return maybes.flatMap(({ route }, index) => (!isOwn || maybeWithinVpc(route) ? [index] : []));
}

/**
 * RT-07: a static route to exactly one subnet serves addresses of the VPC, if it leads to an interface (also by its instance, RT-14), a
 * NAT gateway, a gateway load balancer endpoint or a local gateway. RT-06: no propagated one does.
 */
function maybeWithinVpc({ destination, target, source }: Route): boolean {
  // VPCE-08: an endpoint is no target for a list.
  const isEndpointByList = destination.kind === 'prefix-list' && target.kind === 'endpoint';
  return source !== 'propagated' && TARGETS_WITHIN_VPC.has(target.kind) && !isEndpointByList;
}

const TARGETS_WITHIN_VPC: ReadonlySet<Route['target']['kind']> = new Set([
  'network-interface',
  'instance',
  'nat-gateway',
  'endpoint',
  'local-gateway',
  // Any of these.
  'unrecognised',
]);

/** Which of equal routes AWS follows (OPEN-13). */
export function rivalsFact(b: GraphBuilder, table: RouteTable, { route, rivals }: RouteChoice): number {
  return b.fact(equalRoutes(table.id, destinationWords(route!), destinationWords(rivals[0]!)));
}

/** The destinations of a route, as far as the snapshot tells them (RT-10). */
function knownDestinations(b: GraphBuilder, { destination }: Route): readonly Prefix[] {
  if (destination.kind === 'cidr') return [destination.prefix];
  const list = destination.kind === 'prefix-list' ? b.names.prefixList.get(destination.id) : undefined;
  return list === undefined ? [] : (b.network.prefixLists[list]!.entries ?? []);
}

/** The route that serves a prefix when its own route does not count. */
function longestCovering(choices: readonly RouteChoice[], prefix: Prefix): Pick<RouteChoice, 'route'> {
  const covering = choices.filter(
    (choice) => prefixCovers(choice.prefix, prefix) && choice.prefix.length < prefix.length,
  );
  const longest = covering.sort((a, b) => b.prefix.length - a.prefix.length)[0];
  return { route: longest?.route ?? null };
}

/** OPEN-14: that no shorter route takes over from a blackhole is a reading, where there is a shorter one. */
function withFallbackReading(choice: RouteChoice, choices: readonly RouteChoice[]): RouteChoice {
  const isBlackhole = choice.route?.state === 'blackhole';
  if (!isBlackhole || longestCovering(choices, choice.prefix).route === null) return choice;
  return { ...choice, assumptions: choice.assumptions | open(14) };
}

/** Routes that loading could not read: any of the table's, and the local route of a VPC's block. */
function gapsOf(b: GraphBuilder, table: RouteTable): readonly MaybeRoute[] {
  const maybe = (key: string, target: Route['target']): readonly MaybeRoute[] => {
    const fact = b.gap(key);
    if (fact === null) return [];
    const route: Route = {
      destination: { kind: 'unreadable', fact },
      target,
      state: 'active',
      source: 'table',
      origin: fact.origin ?? table.origin,
    };
    return [{ route, fact: b.fact(fact) }];
  };
  return [
    ...maybe(`routes:${table.id}`, { kind: 'unrecognised', id: table.id }),
    ...maybe(`cidrs:${table.vpcId}`, { kind: 'local' }),
  ];
}

/** RT-05: static (and local), then prefix lists, then propagated. Within lists AWS's choice is not ours to know (OPEN-13). */
function choose(prefix: Prefix, routes: readonly Route[]): RouteChoice {
  if (routes.length === 1) return { route: routes[0]!, prefix, assumptions: 0, rivals: NO_RIVALS };
  const preference = (route: Route): number =>
    route.destination.kind === 'prefix-list' ? 1 : route.source === 'propagated' ? 2 : 0;
  const best = Math.min(...routes.map(preference));
  const candidates = routes.filter((route) => preference(route) === best);
  if (best === 1) candidates.sort((a, c) => (listId(a) < listId(c) ? -1 : 1));
  const first = candidates[0]!;
  const rivals = best === 1 ? candidates.slice(1).filter((route) => !sameTarget(route, first)) : [];
  return { route: first, prefix, assumptions: 0, rivals };
}

const NO_RIVALS: readonly Route[] = [];

function listId(route: Route): string {
  return route.destination.kind === 'prefix-list' ? route.destination.id : '';
}

function sameTarget(a: Route, b: Route): boolean {
  const id = (route: Route): string => ('id' in route.target ? route.target.id : '');
  return a.target.kind === b.target.kind && id(a) === id(b) && a.state === b.state;
}

/** RT-03: a local route per block of the VPC, where the input leaves it out (LDR-06). A table that redirects it keeps its own. */
function missingLocals(table: RouteTable, cidrs: readonly Prefix[]): readonly Route[] {
  const named = new Set(
    table.routes.flatMap(({ destination, source }) =>
      // RT-06: a propagated route takes no local route's place.
      destination.kind === 'cidr' && source !== 'propagated' ? [prefixKey(destination.prefix)] : [],
    ),
  );
  return cidrs
    .filter((cidr) => !named.has(prefixKey(cidr)))
    .map((prefix) => ({
      destination: { kind: 'cidr', prefix },
      target: { kind: 'local' },
      state: 'active',
      source: 'table',
      origin: table.origin,
    }));
}

/** What the route's destination is called in the console. */
export function destinationWords(route: Route): string {
  switch (route.destination.kind) {
    case 'cidr':
      return formatPrefix(route.destination.prefix);
    case 'prefix-list':
      return route.destination.id;
    case 'unreadable':
      return 'a destination that could not be read';
  }
}

export function targetWords(route: Route): string {
  return 'id' in route.target ? route.target.id : route.target.kind;
}
