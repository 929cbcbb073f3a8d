/**
 * Who holds an address, as an outbound group reference sees it from a subnet (SG-10, SG-14).
 *
 * A reference matches the private address of a member only where the packet goes to it directly: inside the VPC by a `local`
 * route, or to the far VPC over a peering of the same Region. Through a middlebox, a gateway or a transit gateway it matches
 * nothing (SG-11, SG-12, SG-15).
 *
 * Values of the lookup: an interface index; NOBODY; or, from UNKNOWN_HOLDER downwards, a missing fact (`holderFact`).
 */

import type { PeeringEnd } from '../model/gateway.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { buildLookup, find, type Lookup, type LookupPrefix, NOTHING } from './lookup.ts';
import { groupsIn, holderOf, routesOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { ownAddresses } from './own-addresses.ts';
import { farEnd, sameRegion } from './peering-ends.ts';
import { type ChosenRoutes, chosenRoutes } from './route-choice.ts';

export const NOBODY: number = NOTHING;
const UNKNOWN_HOLDER = -2;

/** The lookup value that stands for a missing fact. */
export function unknownHolder(fact: number): number {
  return UNKNOWN_HOLDER - fact;
}

/** The fact behind such a value. */
export function holderFact(value: number): number {
  return UNKNOWN_HOLDER - value;
}

export function identitiesSeenFrom(b: GraphBuilder, subnet: number): Lookup {
  return b.sharedOf('identities from', subnet, () => {
    const vpc = b.names.vpcOfSubnet[subnet]!;
    if (vpc === NONE) return buildLookup([]);
    const routes = chosenRoutes(b, subnet);
    if (routes === null) return withoutTable(b, subnet, vpc);
    const ways = waysOf(b, routes);
    // Neighbours are reached without a route. Nearly always they are local to the table, too: then all its subnets see the same.
    const neighbours = holdersIn(b, vpc).filter(({ value }) => b.names.subnetOfEni[value] === subnet);
    return neighbours.every(({ ranks }) => wayTo(ways, ranks.first) === LOCAL)
      ? b.shared(`identities by ${routes.table.id} in ${vpc}`, () => byTable(b, vpc, ways, NONE))
      : byTable(b, vpc, ways, subnet);
  });
}

/** The far VPC may be reached by a table that the snapshot lacks, or not. */
function withoutTable(b: GraphBuilder, subnet: number, vpc: number): Lookup {
  const prefixes = [...holdersIn(b, vpc), ...unlistedIn(b, vpc)];
  for (const { farVpc, far } of joined(b, vpc)) {
    if (farVpc === NONE) prefixes.push(...unseen(b, far));
    else {
      const fact = unknownHolder(b.fact(routesOf(b.network.subnets[subnet]!.id)));
      prefixes.push(...b.network.vpcs[farVpc]!.cidrs.map((cidr) => b.prefix(cidr, fact)));
    }
  }
  return buildLookup(prefixes);
}

/** As a table leads to them; interfaces of `subnet` (or NONE) are reached without it. */
function byTable(b: GraphBuilder, vpc: number, ways: Ways, subnet: number): Lookup {
  const prefixes = holdersIn(b, vpc).filter(
    ({ ranks, value }) =>
      (subnet !== NONE && b.names.subnetOfEni[value] === subnet) || wayTo(ways, ranks.first) === LOCAL,
  );
  prefixes.push(...unlistedIn(b, vpc));
  for (const { peering, farVpc, far } of joined(b, vpc)) {
    if (farVpc === NONE) prefixes.push(...unseen(b, far));
    else
      for (const holder of holdersIn(b, farVpc)) if (wayTo(ways, holder.ranks.first) === peering) prefixes.push(holder);
  }
  return buildLookup(prefixes);
}

/** Who holds which addresses of a VPC, by interface and in ascending order. */
function holdersIn(b: GraphBuilder, vpc: number): readonly LookupPrefix[] {
  return b.sharedOf('holders in', vpc, () =>
    b.names.enisOfVpc[vpc]!.flatMap((eni) => ownAddresses(b, eni)).sort(
      (one, other) => one.ranks.first - other.ranks.first,
    ),
  );
}

/** Where the list of interfaces was cut off, anyone may hold the rest of the VPC. */
function unlistedIn(b: GraphBuilder, vpc: number): readonly LookupPrefix[] {
  const record = b.network.vpcs[vpc]!;
  if (b.isComplete('networkInterfaces', record)) return [];
  const fact = unknownHolder(b.fact(holderOf(record.id)));
  return record.cidrs.map((cidr) => b.prefix(cidr, fact));
}

/** A VPC that the snapshot does not show: who carries which groups there is not known. */
function unseen(b: GraphBuilder, far: PeeringEnd): readonly LookupPrefix[] {
  const fact = unknownHolder(b.fact(groupsIn(far.vpcId)));
  return far.cidrs.map((cidr) => b.prefix(cidr, fact));
}

/** Active peerings of the same Region, with what lies behind them. */
function joined(b: GraphBuilder, vpc: number): readonly { peering: number; far: PeeringEnd; farVpc: number }[] {
  return b.names.peeringsOfVpc[vpc]!.flatMap((index) => {
    const peering = b.network.peerings[index]!;
    const far = farEnd(peering, b.network.vpcs[vpc]!.id);
    if (peering.state !== 'active' || !sameRegion(peering) || far === null) return [];
    return [{ peering: index, far, farVpc: b.names.vpc.get(far.vpcId) ?? NONE }];
  });
}

/** Where the routes of a table lead: LOCAL, ELSEWHERE, or the index of a peering, by route. */
interface Ways {
  readonly lookup: Lookup;
  readonly ofChoice: readonly number[];
}

const LOCAL = -2;
const ELSEWHERE = -1;

function waysOf(b: GraphBuilder, { lookup, choices }: ChosenRoutes): Ways {
  const ofChoice = choices.map(({ route }) => {
    if (route?.target.kind === 'local') return LOCAL;
    return route?.target.kind === 'peering' ? (b.names.peering.get(route.target.id) ?? ELSEWHERE) : ELSEWHERE;
  });
  return { lookup, ofChoice };
}

function wayTo({ lookup, ofChoice }: Ways, rank: number): number {
  const chosen = find(lookup, rank);
  return chosen === NOTHING ? ELSEWHERE : ofChoice[chosen]!;
}
