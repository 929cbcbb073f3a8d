/**
 * Who holds an address, as an outbound group reference sees it from a subnet (SG-10, SG-14).
 *
 * A reference matches the private address of a member only where the packet goes to it directly: inside the VPC by a `local`
 * route, or to the far VPC over a peering of the same Region. Through a middlebox, a gateway or a transit gateway it matches
 * nothing (SG-11, SG-12, SG-15).
 *
 * Values of the lookup: an interface index; NOBODY; or, from UNKNOWN_HOLDER downwards, a missing fact or an interface in doubt
 * (`holderFact`, `mayCarry`).
 */

import type { PeeringEnd } from '../model/gateway.ts';
import type { Route } from '../model/route-table.ts';
import { type Prefix, prefixCovers } from '../net/prefix.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { buildLookup, find, type Lookup, type LookupPrefix, NOTHING } from './lookup.ts';
import { groupsIn, holderOf, routesOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { ownAddresses } from './own-addresses.ts';
import { farEnd, sameRegion } from './peering-ends.ts';
import { type ChosenRoutes, chosenRoutes, maybesInstead, rivalsFact } from './route-choice.ts';

export const NOBODY: number = NOTHING;
const UNKNOWN_HOLDER = -2;

/** An interface that has the address, if it is known at all that the packet goes straight there. */
export interface DoubtfulHolder {
  readonly holder: number;
  readonly fact: number;
}

/** What group references need to know of holders. */
export interface Holders {
  readonly groupsOfInterface: readonly Int32Array[];
  readonly doubtfulHolders: readonly DoubtfulHolder[];
}

/** The lookup value that stands for a missing fact: anyone may be there, with any groups. */
export function unknownHolder(fact: number): number {
  return UNKNOWN_HOLDER - 2 * fact;
}

/** The lookup value of a holder in doubt, by index. */
function doubtful(index: number): number {
  return UNKNOWN_HOLDER - 2 * index - 1;
}

/** The fact behind a value that is neither an interface nor NOBODY. */
export function holderFact({ doubtfulHolders }: Holders, value: number): number {
  const number = UNKNOWN_HOLDER - value;
  return number % 2 === 0 ? number / 2 : doubtfulHolders[(number - 1) / 2]!.fact;
}

/** Reports whether the group may be one of the holder's: for an interface in doubt it is one of its groups, for anyone it may be. */
export function mayCarry({ groupsOfInterface, doubtfulHolders }: Holders, value: number, group: number): boolean {
  if (value === NOBODY) return false;
  let holder = value;
  if (value < 0) {
    const number = UNKNOWN_HOLDER - value;
    if (number % 2 === 0) return true;
    holder = doubtfulHolders[(number - 1) / 2]!.holder;
  }
  const groups = groupsOfInterface[holder]!;
  // Interfaces carry 16 groups at most: a loop beats a search.
  for (let i = 0; i < groups.length; i++) if (groups[i] === group) return true;
  return false;
}

/** Those of a network, filled as its lookups are made. */
export function doubtfulHolders(b: GraphBuilder): DoubtfulHolder[] {
  return b.shared('doubtful holders', () => []);
}

function inDoubt(b: GraphBuilder, holder: number, fact: number): number {
  return doubtful(doubtfulHolders(b).push({ holder, fact }) - 1);
}

export function identitiesSeenFrom(b: GraphBuilder, subnet: number): Lookup {
  return b.sharedOf('identities from', subnet, () => {
    const vpc = b.names.vpcOfSubnet[subnet]!;
    if (vpc === NONE) return buildLookup([]);
    const routes = chosenRoutes(b, subnet);
    if (routes === null) return withoutTable(b, subnet, vpc);
    const ways = waysOf(b, routes);
    const isLocal = ({ ranks }: LookupPrefix): boolean => isCertainly(wayTo(ways, ranks.first), LOCAL);
    // Neighbours are reached without a route. Nearly always they are local to the table, too: then all its subnets see the same.
    const neighbours = holdersIn(b, vpc).filter(({ value }) => b.names.subnetOfEni[value] === subnet);
    return neighbours.every(isLocal) && b.isComplete('networkInterfaces', b.network.vpcs[vpc]!)
      ? b.shared(`identities by ${routes.table.id} in ${vpc}`, () => byTable(b, vpc, ways, NONE))
      : byTable(b, vpc, ways, subnet);
  });
}

/** The far VPC may be reached by a table that the snapshot lacks, or not. */
function withoutTable(b: GraphBuilder, subnet: number, vpc: number): Lookup {
  const prefixes = [...holdersIn(b, vpc)];
  const add = ({ cidrs, fact }: Omit<Unlisted, 'wanted'>): void => {
    prefixes.push(...cidrs.map((cidr) => b.prefix(cidr, fact)));
  };
  unlistedIn(b, vpc).forEach(add);
  for (const { farVpc, far } of joined(b, vpc)) {
    if (farVpc === NONE) unseen(b, far).forEach(add);
    else {
      const fact = b.fact(routesOf(b.network.subnets[subnet]!.id));
      for (const holder of holdersIn(b, farVpc)) prefixes.push({ ...holder, value: inDoubt(b, holder.value, fact) });
      unlistedIn(b, farVpc).forEach(add);
    }
  }
  return buildLookup(prefixes);
}

/** As a table leads to them; interfaces of `subnet` (or NONE) are reached without it. */
function byTable(b: GraphBuilder, vpc: number, ways: Ways, subnet: number): Lookup {
  const prefixes: LookupPrefix[] = [];
  const addBy = (wanted: number, holder: LookupPrefix): void => {
    const way = wayTo(ways, holder.ranks.first);
    const fact = factFor(way, wanted);
    if (fact !== null) prefixes.push({ ...holder, value: inDoubt(b, holder.value, fact) });
    else if (way.to === wanted) prefixes.push(holder);
  };
  for (const holder of holdersIn(b, vpc)) {
    if (subnet !== NONE && b.names.subnetOfEni[holder.value] === subnet) prefixes.push(holder);
    else addBy(LOCAL, holder);
  }
  for (const { peering, farVpc } of joined(b, vpc)) {
    if (farVpc !== NONE) for (const holder of holdersIn(b, farVpc)) addBy(peering, holder);
  }
  return buildLookup([...prefixes, ...unlistedBy(b, vpc, ways, subnet, prefixes)]);
}

/** Blocks where anyone may hold what no interface of the snapshot holds, and the way that leads straight there. */
interface Unlisted {
  readonly wanted: number;
  readonly cidrs: readonly Prefix[];
  readonly fact: number;
}

/** Blocks whose holders the snapshot does not list, as far as the table may lead straight to them. `held` is listed. */
function unlistedBy(
  b: GraphBuilder,
  vpc: number,
  ways: Ways,
  subnet: number,
  held: readonly LookupPrefix[],
): readonly LookupPrefix[] {
  const own = unlistedIn(b, vpc).map((unlisted) => ({ ...unlisted, wanted: LOCAL }));
  const far = joined(b, vpc).flatMap(({ peering, farVpc, far }) =>
    (farVpc === NONE ? unseen(b, far) : unlistedIn(b, farVpc)).map((unlisted) => ({ ...unlisted, wanted: peering })),
  );
  const everything = [...own, ...far];
  if (everything.length === 0) return [];
  // Neighbours are reached without a route, so no route inside their block matters; nor does one inside a delegated prefix.
  const neighbours = subnet === NONE ? [] : b.network.subnets[subnet]!.cidrs;
  const delegated = held.filter(({ ranks }) => ranks.first < ranks.last);
  const isSettled = ({ ranks }: LookupPrefix): boolean =>
    delegated.some((one) => one.ranks.first <= ranks.first && ranks.last <= one.ranks.last);
  const blocks = [...everything.flatMap(({ cidrs }) => cidrs), ...ways.prefixes].filter(
    (block) => !neighbours.some((cidr) => prefixCovers(cidr, block)),
  );
  return [
    ...own.flatMap(({ fact }) => neighbours.map((cidr) => b.prefix(cidr, fact))),
    // Each block is taken without the ones inside it, so the route that serves it is the longest that covers it.
    ...blocks
      .map((block) => b.prefix(block, unlistedAt(everything, block, wayOver(ways, block))))
      .filter((block) => !isSettled(block)),
  ];
}

function unlistedAt(everything: readonly Unlisted[], block: Prefix, way: Way): number {
  const found = everything.find(
    ({ wanted, cidrs }) =>
      cidrs.some((cidr) => prefixCovers(cidr, block)) && (way.to === wanted || factFor(way, wanted) !== null),
  );
  return found?.fact ?? NOBODY;
}

/** Who holds which addresses of a VPC, by interface and in ascending order. */
export function holdersIn(b: GraphBuilder, vpc: number): readonly LookupPrefix[] {
  return b.sharedOf('holders in', vpc, () =>
    b.names.enisOfVpc[vpc]!.flatMap((eni) => ownAddresses(b, eni)).sort(
      (one, other) => one.ranks.first - other.ranks.first,
    ),
  );
}

/** Where the list of interfaces was cut off, anyone may hold the rest of the VPC. */
function unlistedIn(b: GraphBuilder, vpc: number): readonly Omit<Unlisted, 'wanted'>[] {
  const record = b.network.vpcs[vpc]!;
  if (b.isComplete('networkInterfaces', record)) return [];
  return [{ cidrs: record.cidrs, fact: unknownHolder(b.fact(holderOf(record.id))) }];
}

/** A VPC that the snapshot does not show: who carries which groups there is not known. */
function unseen(b: GraphBuilder, far: PeeringEnd): readonly Omit<Unlisted, 'wanted'>[] {
  return [{ cidrs: far.cidrs, fact: unknownHolder(b.fact(groupsIn(far.vpcId))) }];
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

const LOCAL = -2;
const ELSEWHERE = -1;

/** Where a packet goes: LOCAL, ELSEWHERE, or the index of a peering. And where else it may go, with the missing fact that decides. */
interface Way {
  readonly to: number;
  readonly instead: readonly { readonly to: number; readonly fact: number }[];
}

/** Where the routes of a table lead. */
interface Ways {
  readonly lookup: Lookup;
  readonly ofChoice: readonly Way[];
  /** What each choice serves. */
  readonly prefixes: readonly Prefix[];
  /** What no route serves. */
  readonly otherwise: Way;
}

function waysOf(b: GraphBuilder, routes: ChosenRoutes): Ways {
  const { table, lookup, choices, maybes } = routes;
  const leadsTo = (route: Route | null): number => {
    if (route?.target.kind === 'local') return LOCAL;
    return route?.target.kind === 'peering' ? (b.names.peering.get(route.target.id) ?? ELSEWHERE) : ELSEWHERE;
  };
  const perhaps = maybes.map(({ route, fact }) => ({ to: leadsTo(route), fact }));
  const ofChoice = choices.map((choice): Way => {
    const rivals = choice.rivals.map((rival) => ({ to: leadsTo(rival), fact: rivalsFact(b, table, choice) }));
    return {
      to: leadsTo(choice.route),
      instead: [...rivals, ...maybesInstead(routes, choice).map((index) => perhaps[index]!)],
    };
  });
  const prefixes = choices.map(({ prefix }) => prefix);
  return { lookup, ofChoice, prefixes, otherwise: { to: ELSEWHERE, instead: perhaps } };
}

function wayTo({ lookup, ofChoice, otherwise }: Ways, rank: number): Way {
  const chosen = find(lookup, rank);
  return chosen === NOTHING ? otherwise : ofChoice[chosen]!;
}

/** The way of what is in the block and in no smaller one that a route serves. */
function wayOver({ prefixes, ofChoice, otherwise }: Ways, block: Prefix): Way {
  let longest = NONE;
  for (const [index, prefix] of prefixes.entries()) {
    const isLonger = longest === NONE || prefix.length > prefixes[longest]!.length;
    if (isLonger && prefixCovers(prefix, block)) longest = index;
  }
  return longest === NONE ? otherwise : ofChoice[longest]!;
}

function isCertainly(way: Way, wanted: number): boolean {
  return way.to === wanted && factFor(way, wanted) === null;
}

/** The missing fact that decides whether the way is the one wanted; null where it certainly is, or certainly is not. */
function factFor({ to, instead }: Way, wanted: number): number | null {
  return instead.find((other) => (other.to === wanted) !== (to === wanted))?.fact ?? null;
}
