/** Route lookup as a stage: of a subnet's traffic that leaves it, and of traffic that enters by a gateway with a table. */

import type { Route, RouteTable } from '../model/route-table.ts';
import { open } from './assumption.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { buildLookup } from './lookup.ts';
import { routesOf, vpcOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import {
  type ChosenRoutes,
  chosenRoutes,
  destinationWords,
  maybesInstead,
  rivalsFact,
  targetWords,
} from './route-choice.ts';
import { type Traveller, targetStage } from './route-target.ts';
import { type Entry, type EntryOrigin, LOOKUP, ROUTES, type StageId, stage } from './stage.ts';
import { subnetPlace } from './subnet-stages.ts';
import { deliverInVpc } from './vpc-stages.ts';

/** Where the subnet's route table sends a packet that has left the subnet. */
export function routeFrom(b: GraphBuilder, subnet: number): StageId {
  const place = subnetPlace(b, subnet);
  const vpc = b.names.vpcOfSubnet[subnet]!;
  if (vpc === NONE) return b.unknown(place, 'route', vpcOf(b.network.subnets[subnet]!.vpcId));
  const routes = chosenRoutes(b, subnet);
  if (routes === null) return localOnly(b, subnet, vpc, place);
  return b.onceOf('route from', subnet, () => routeStage(b, routes, { subnet, vpc, gateway: false }, place));
}

/** A stage that looks the destination up in a table. Without a route the packet ends (RT-12). */
export function routeStage(
  b: GraphBuilder,
  routes: ChosenRoutes,
  by: Traveller,
  place: number,
): ReturnType<typeof stage> {
  const { table } = routes;
  const noRoute = b.drop(place, 'route', 'NO_ROUTE_TO_DESTINATION', `no route of ${table.id} matches the destination`, {
    resource: table.id,
    source: table.origin,
  });
  const entries: Entry[] = [];
  const addRoute = (route: Route, more?: Parameters<typeof entry>[2]): number =>
    entries.push(entry(targetStage(b, by, table, route, place), originOf(b, table, route), more)) - 1;
  const addCertain = (route: Route, assumptions: number): number => {
    // What enters by an internet gateway is asked more than what is in the VPC.
    if (assumptions !== 0 || by.isPublic || !isSameForVpc(b, route)) return addRoute(route, { assumptions });
    const known = b.sharedOf('entries of routes of', by.vpc, () => new Map<Route, Entry>());
    const shared = known.get(route) ?? entry(targetStage(b, by, table, route, place), originOf(b, table, route));
    known.set(route, shared);
    return entries.push(shared) - 1;
  };

  const maybes = routes.maybes.map(({ route, fact }) => addRoute(route, { fact }));
  const maybeFact = routes.maybes[0]?.fact;
  const values = routes.choices.map((choice) => {
    const { route, assumptions, rivals: equals } = choice;
    if (route === null) {
      const maybe = maybeFact === undefined ? {} : { alternatives: maybes, fact: maybeFact };
      return entries.push(entry(noRoute, null, { assumptions, ...maybe })) - 1;
    }
    const rivals = equals.map((rival) => addRoute(rival));
    const alternatives = [...rivals, ...maybesInstead(routes, choice).map((index) => maybes[index]!)];
    if (alternatives.length === 0) return addCertain(route, assumptions);
    const fact = rivals.length > 0 ? rivalsFact(b, table, choice) : entries[alternatives[0]!]!.fact;
    return addRoute(route, { alternatives, fact, assumptions: assumptions | (rivals.length > 0 ? open(13) : 0) });
  });
  // One entry a choice, as nearly always: then the table's own lookup serves.
  const lookup = values.every((value, i) => value === i)
    ? routes.lookup
    : buildLookup(routes.choices.map(({ prefix }, i) => b.prefix(prefix, values[i]!)));
  if (maybes.length === 0) return stage(LOOKUP, 'route', place, { lookup, entries, next: noRoute, effects: ROUTES });
  // With routes of unknown destination, having no other route is one of the cases, not the answer.
  const none = entries.push(entry(noRoute, null, { alternatives: maybes, fact: maybeFact! })) - 1;
  const everywhere = buildLookup([
    { ranks: { first: 0, last: b.space.size - 1 }, length: -1, value: none },
    ...routes.choices.map(({ prefix }, i) => b.prefix(prefix, values[i]!)),
  ]);
  return stage(LOOKUP, 'route', place, { lookup: everywhere, entries, next: noRoute, effects: ROUTES });
}

/** Whether the route leads to the same stage from every subnet of a VPC. */
function isSameForVpc(b: GraphBuilder, { target, state }: Route): boolean {
  return (
    state === 'active' && (target.kind === 'local' || (target.kind === 'peering' && b.names.peering.has(target.id)))
  );
}

/** Subnets of one table share it. */
function originOf(b: GraphBuilder, table: RouteTable, route: Route): EntryOrigin {
  const known = b.shared('origins of routes', () => new Map<Route, EntryOrigin>());
  let origin = known.get(route);
  if (origin === undefined) {
    const rule = destinationWords(route);
    origin = { resource: table.id, rule, text: `${rule} to ${targetWords(route)}`, source: route.origin };
    known.set(route, origin);
  }
  return origin;
}

/** A subnet whose table the snapshot lacks still has its local routes (RT-03); everything else is unknown. */
function localOnly(b: GraphBuilder, subnet: number, vpc: number, place: number): StageId {
  return b.onceOf('route from', subnet, () => {
    const { id } = b.network.subnets[subnet]!;
    const local = entry(deliverInVpc(b, vpc), {
      resource: `route table of ${id}`,
      rule: 'local',
      text: 'the local route that every table has; the table itself is not in the snapshot',
      source: null,
    });
    return stage(LOOKUP, 'route', place, {
      lookup: buildLookup(b.network.vpcs[vpc]!.cidrs.map((cidr) => b.prefix(cidr, 0))),
      entries: [local],
      next: b.unknown(place, 'route', routesOf(id)),
      effects: ROUTES,
    });
  });
}
