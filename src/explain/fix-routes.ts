/** Routes that would lead on where a way ends: over an internet gateway, a NAT gateway or a peering that is there already. */

import type { Compiled } from '../compile/compile.ts';
import { farEnd } from '../compile/peering-ends.ts';
import { DROP, ROUTES } from '../compile/stage.ts';
import type { RouteTable, RouteTarget } from '../model/route-table.ts';
import type { Address } from '../net/address.ts';
import { type AddressRange, hasAddress } from '../net/address-set.ts';
import { type Prefix, prefixContains, wholeFamily } from '../net/prefix.ts';
import type { PathStep } from './pair-path.ts';
import { THE_INTERNET } from './place-index.ts';

/** A destination that a table has to lead to a target. */
export interface RouteNeed {
  readonly routeTable: string;
  readonly destination: AddressRange;
  readonly target: RouteTarget;
  /** What such a route is usually for: the far VPC's block, or the whole family. */
  readonly usual: Prefix;
}

/**
 * Routes that could take the place of those on a way that ends at this step, each by itself enough to go another way. The nearest table
 * to where the way ends comes first.
 */
export function routesInstead(
  compiled: Compiled,
  path: readonly PathStep[],
  end: PathStep,
  rangeOf: (address: Address) => AddressRange,
): readonly RouteNeed[] {
  const needs: RouteNeed[] = [];
  for (const step of path.slice(0, path.indexOf(end) + 1).reverse()) {
    const { stage } = step;
    const chosen = stage.entries[step.decision]?.origin ?? null;
    const isEnd = stage.kind === DROP && stage.role === 'route';
    if (!isEnd && (stage.effects & ROUTES) === 0) continue;
    const resource = isEnd ? stage.origin?.resource : chosen?.resource;
    const table = compiled.network.routeTables.find(({ id }) => id === resource);
    if (table === undefined || table.gatewayIds.length > 0) continue;
    for (const { target, usual } of targetsFor(compiled, table, step.destination)) {
      const { id } = target as { readonly id: string };
      // A route that is there already, unless it is dead.
      if (!isEnd && chosen !== null && chosen.text.endsWith(` to ${id}`)) continue;
      const need = { routeTable: table.id, destination: rangeOf(step.destination), target, usual };
      if (!needs.some((other) => other.routeTable === table.id && sameTarget(other.target, target))) needs.push(need);
    }
  }
  return needs;
}

export function sameTarget(a: RouteTarget, b: RouteTarget): boolean {
  return a.kind === b.kind && ('id' in a ? a.id : '') === ('id' in b ? b.id : '');
}

/** What an address can be reached over from the VPC of a table. Its own addresses need no route (RT-03). */
function targetsFor(
  { network }: Compiled,
  { vpcId }: RouteTable,
  address: Address,
): readonly { readonly target: RouteTarget; readonly usual: Prefix }[] {
  const own = network.vpcs.find(({ id }) => id === vpcId);
  if (own === undefined || own.cidrs.some((cidr) => prefixContains(cidr, address))) return [];
  const peerings = network.peerings.flatMap((peering) => {
    const far = peering.state === 'active' ? farEnd(peering, vpcId) : null;
    if (far === null) return [];
    const cidrs = network.vpcs.find(({ id }) => id === far.vpcId)?.cidrs ?? far.cidrs;
    const usual = cidrs.find((cidr) => prefixContains(cidr, address));
    return usual === undefined ? [] : [{ target: { kind: 'peering', id: peering.id } as const, usual }];
  });
  if (!hasAddress(THE_INTERNET.internet, address)) return peerings;
  const usual = wholeFamily(address.family);
  const attached = (attachments: readonly { readonly vpcId: string; readonly state: string }[]): boolean =>
    attachments.some((a) => a.vpcId === vpcId && (a.state === 'available' || a.state === 'attached'));
  const gateways: RouteTarget[] = network.internetGateways
    .filter(({ attachments }) => attached(attachments))
    .map(({ id }) => ({ kind: 'internet-gateway', id }));
  const oneWay: RouteTarget[] =
    address.family === 6
      ? network.egressOnlyGateways
          .filter(({ attachments }) => attached(attachments))
          .map(({ id }) => ({ kind: 'egress-only-gateway', id }))
      : network.natGateways
          .filter((nat) => nat.vpcId === vpcId && nat.state === 'available' && nat.connectivity === 'public')
          .map(({ id }) => ({ kind: 'nat-gateway', id }));
  return [...peerings, ...[...gateways, ...oneWay].map((target) => ({ target, usual }))];
}
