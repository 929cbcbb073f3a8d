/**
 * Which route of a transit gateway's table serves each destination: longest prefix, then static before listed before propagated
 * (TGW-03, TGW-04, TGW-05).
 */

import type { Origin } from '../model/origin.ts';
import type { Fact } from '../model/problem.ts';
import type {
  TransitGatewayAttachment,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
} from '../model/transit-gateway.ts';
import { compareAddresses } from '../net/address.ts';
import { formatPrefix } from '../net/address-text.ts';
import { type Prefix, prefixContains, prefixKey } from '../net/prefix.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { entriesOf, learnedBy, overlappingBlocks, transitRoutesOf } from './missing-facts.ts';
import { attachmentAt } from './transit-index.ts';

export interface TransitChoice {
  readonly prefix: Prefix;
  readonly state: 'active' | 'blackhole';
  /** Several where AWS spreads flows over equal paths, or where it is not known which of equal routes it follows. */
  readonly attachments: readonly TransitGatewayAttachment[];
  /** Attachments that the snapshot lacks. */
  readonly absent: readonly string[];
  /** Why the route may be another block's, or none; null where it is surely there. */
  readonly doubt: Fact | null;
  /** With a doubt: there may be no route at all, or only a shorter one. */
  readonly mayBeMissing: boolean;
  readonly text: string;
  readonly origin: Origin;
}

/** A way that may be the best one to a destination: what leads there is not in the snapshot. */
export interface MaybeTransit {
  /** Null: an attachment that the snapshot lacks. */
  readonly way: TransitGatewayAttachment | 'blackhole' | null;
  readonly fact: Fact;
}

export interface TransitRoutes {
  readonly table: TransitGatewayRouteTable;
  readonly choices: readonly TransitChoice[];
  readonly maybes: readonly MaybeTransit[];
}

/** Best first (TGW-04). What is propagated by a VPC comes before what any other kind brings. */
const PREFERENCE: Readonly<Record<TransitGatewayAttachment['attached']['kind'], number>> = {
  vpc: 2,
  'direct-connect-gateway': 3,
  connect: 4,
  vpn: 5,
  peering: 6,
  firewall: 7,
  unrecognised: 7,
};

interface Candidate {
  readonly prefix: Prefix;
  readonly preference: number;
  readonly route: TransitGatewayRoute;
  /** Block of a VPC that overlaps another's: AWS takes over that of the one attached first, and the snapshot does not tell which. */
  readonly rivals: Candidate[];
}

/** Null with a fact where the snapshot does not hold the table's routes. */
export function transitRoutes(b: GraphBuilder, table: TransitGatewayRouteTable): TransitRoutes | Fact {
  return b.shared(`transit routes of ${table.id}`, () => chosen(b, table));
}

function chosen(b: GraphBuilder, table: TransitGatewayRouteTable): TransitRoutes | Fact {
  const { staticRoutes, propagatedRoutes, propagatingIds } = table;
  if (staticRoutes === null || (propagatedRoutes === null && propagatingIds === null)) {
    return b.gap(`transit-routes:${table.id}`) ?? transitRoutesOf(table.id);
  }
  const candidates: Candidate[] = [];
  const maybes: MaybeTransit[] = [];
  const add = (route: TransitGatewayRoute, preference: number): void => {
    const { destination } = route;
    if (destination.kind === 'cidr') {
      candidates.push({ prefix: destination.prefix, preference, route, rivals: [] });
      return;
    }
    const list = b.names.prefixList.get(destination.id);
    const entries = list === undefined ? null : b.network.prefixLists[list]!.entries;
    if (entries === null) {
      const ends = route.attachmentIds.map((id) => attachmentAt(b, table.transitGatewayId, id));
      for (const way of route.state === 'blackhole' ? (['blackhole'] as const) : ends) {
        maybes.push({ way, fact: entriesOf(destination.id) });
      }
    } else for (const prefix of entries) candidates.push({ prefix, preference: 1, route, rivals: [] });
  };
  for (const route of staticRoutes) add(route, 0);
  if (propagatedRoutes !== null) for (const route of propagatedRoutes) add(route, preferenceOf(b, table, route));
  else {
    for (const id of propagatingIds!) propagate(b, table, id, candidates, maybes);
    findRivals(candidates.filter(({ preference }) => preference === PREFERENCE.vpc));
  }
  return { table, choices: choose(b, table, candidates), maybes };
}

function preferenceOf(
  b: GraphBuilder,
  table: TransitGatewayRouteTable,
  { attachmentIds }: TransitGatewayRoute,
): number {
  const kinds = attachmentIds.map((id) => attachmentAt(b, table.transitGatewayId, id)?.attached.kind ?? 'unrecognised');
  return Math.min(...kinds.map((kind) => PREFERENCE[kind]), 7);
}

/** TGW-03: an attachment of a VPC brings the VPC's blocks; of what others bring the snapshot holds static VPN routes only. */
function propagate(
  b: GraphBuilder,
  table: TransitGatewayRouteTable,
  id: string,
  candidates: Candidate[],
  maybes: MaybeTransit[],
): void {
  const attachment = attachmentAt(b, table.transitGatewayId, id);
  if (attachment === null) {
    maybes.push({ way: null, fact: learnedBy(table.id, id) });
    return;
  }
  const { attached, vpc, origin } = attachment;
  const known = announcedBy(b, attachment);
  if (known === null) {
    maybes.push({ way: attachment, fact: learnedBy(table.id, attached.id ?? id) });
    return;
  }
  for (const prefix of known) {
    if (prefix.address.family === 6 && vpc?.ipv6 === false) continue;
    const route: TransitGatewayRoute = {
      destination: { kind: 'cidr', prefix },
      state: 'active',
      source: 'propagated',
      attachmentIds: [id],
      origin,
    };
    candidates.push({ prefix, preference: PREFERENCE[attached.kind], route, rivals: [] });
  }
}

function announcedBy(b: GraphBuilder, { attached }: TransitGatewayAttachment): readonly Prefix[] | null {
  if (attached.id === null) return null;
  if (attached.kind === 'vpc') {
    const index = b.names.vpc.get(attached.id);
    return index === undefined || b.gap(`cidrs:${attached.id}`) !== null ? null : b.network.vpcs[index]!.cidrs;
  }
  if (attached.kind !== 'vpn') return null;
  const connection = b.network.vpnConnections.find(({ id }) => id === attached.id);
  return connection?.staticRoutesOnly ? connection.staticRoutes : null;
}

/** TGW-06. Prefixes lie one within the other or apart: in order, those around one are those before it that have not ended. */
function findRivals(blocks: readonly Candidate[]): void {
  const around: Candidate[] = [];
  for (const block of [...blocks].sort(byBlock)) {
    while (around.length > 0 && !prefixContains(around.at(-1)!.prefix, block.prefix.address)) around.pop();
    for (const other of around) {
      if (other.route.attachmentIds[0] === block.route.attachmentIds[0]) continue;
      other.rivals.push(block);
      block.rivals.push(other);
    }
    around.push(block);
  }
}

function byBlock({ prefix: a }: Candidate, { prefix: c }: Candidate): number {
  return compareAddresses(a.address, c.address) || a.length - c.length;
}

function choose(
  b: GraphBuilder,
  table: TransitGatewayRouteTable,
  candidates: readonly Candidate[],
): readonly TransitChoice[] {
  const byPrefix = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = prefixKey(candidate.prefix);
    const same = byPrefix.get(key);
    if (same === undefined) byPrefix.set(key, [candidate]);
    else same.push(candidate);
  }
  return [...byPrefix.values()].map((same) => {
    const best = Math.min(...same.map(({ preference }) => preference));
    const chosen = same.filter(({ preference }) => preference === best);
    const rivals = chosen.flatMap((one) => one.rivals);
    const routes = [...chosen, ...rivals].map(({ route }) => route);
    const { prefix } = same[0]!;
    const first = routes[0]!;
    const blackhole = routes.find(({ state }) => state === 'blackhole');
    const ids =
      blackhole === undefined ? [...new Set(routes.flatMap(({ attachmentIds }) => attachmentIds))].sort() : [];
    const attachments = ids.map((id) => attachmentAt(b, table.transitGatewayId, id));
    return {
      prefix,
      state: blackhole === undefined ? 'active' : 'blackhole',
      attachments: attachments.filter((attachment) => attachment !== null),
      absent: ids.filter((_, index) => attachments[index] === null),
      doubt: rivals.length > 0 ? overlappingBlocks(table.id, formatPrefix(prefix)) : null,
      // Of two equal blocks one is taken over. A longer one, taken over instead, leaves a part of the shorter one without a route.
      mayBeMissing: rivals.some((rival) => rival.prefix.length > prefix.length),
      text: `${formatPrefix(prefix)} to ${ids.length === 0 ? 'nowhere (blackhole)' : ids.join(', ')}, ${first.source}`,
      origin: first.origin,
    };
  });
}
