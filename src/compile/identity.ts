/**
 * Who holds an address, as an outbound group reference sees it from a subnet (SG-10, SG-14).
 *
 * A reference matches the private address of a member only where the packet goes to it directly: inside the VPC by a `local`
 * route, or to the far VPC over a peering of the same Region. Through a middlebox, a gateway or a transit gateway it matches
 * nothing (SG-11, SG-12, SG-15).
 *
 * Values of the lookup: an interface index; NOBODY; or, from UNKNOWN_HOLDER downwards, a missing fact (`holderFact`).
 */

import type { GraphBuilder } from './graph-builder.ts';
import { buildLookup, find, type Lookup, type LookupPrefix, NOTHING } from './lookup.ts';
import { groupsIn, holderOf, routesOf } from './missing-facts.ts';
import { NONE, ownPrefixes } from './names.ts';
import { farEnd, sameRegion } from './peering-ends.ts';
import { chosenRoutes } from './route-choice.ts';

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
  return b.shared(`identities from ${subnet}`, () => {
    const vpc = b.names.vpcOfSubnet[subnet]!;
    if (vpc === NONE) return buildLookup([]);
    const routes = chosenRoutes(b, subnet);
    // Which route leads to an address: NOTHING means the subnet itself or a table that is not known (then: local).
    const routeTo = (rank: number): { kind: string; peering: number } => {
      const chosen = routes === null ? NOTHING : find(routes.lookup, rank);
      if (chosen === NOTHING) return { kind: routes === null ? 'local' : 'none', peering: NONE };
      const target = routes!.choices[chosen]!.route?.target;
      if (target === undefined) return { kind: 'none', peering: NONE };
      return {
        kind: target.kind,
        peering: target.kind === 'peering' ? (b.names.peering.get(target.id) ?? NONE) : NONE,
      };
    };
    const prefixes: LookupPrefix[] = [];
    const addHolders = (holderVpc: number, reached: (rank: number, eni: number) => boolean): void => {
      for (const eni of b.names.enisOfVpc[holderVpc]!) {
        for (const own of ownPrefixes(b.network.networkInterfaces[eni]!)) {
          const prefix = b.prefix(own, eni);
          if (reached(prefix.ranks.first, eni)) prefixes.push(prefix);
        }
      }
    };
    addHolders(vpc, (rank, eni) => b.names.subnetOfEni[eni] === subnet || routeTo(rank).kind === 'local');
    if (!b.isComplete('networkInterfaces', b.network.vpcs[vpc]!)) {
      const fact = unknownHolder(b.fact(holderOf(b.network.vpcs[vpc]!.id)));
      prefixes.push(...b.network.vpcs[vpc]!.cidrs.map((cidr) => b.prefix(cidr, fact)));
    }
    b.network.peerings.forEach((peering, index) => {
      if (peering.state !== 'active' || !sameRegion(peering)) return;
      const far = farEnd(peering, b.network.vpcs[vpc]!.id);
      if (far === null) return;
      const farVpc = b.names.vpc.get(far.vpcId) ?? NONE;
      if (routes === null && farVpc !== NONE) {
        // The missing table may lead over the peering or elsewhere.
        const fact = unknownHolder(b.fact(routesOf(b.network.subnets[subnet]!.id)));
        prefixes.push(...b.network.vpcs[farVpc]!.cidrs.map((cidr) => b.prefix(cidr, fact)));
      } else if (farVpc === NONE) {
        const fact = unknownHolder(b.fact(groupsIn(far.vpcId)));
        prefixes.push(...far.cidrs.map((cidr) => b.prefix(cidr, fact)));
      } else {
        addHolders(farVpc, (rank) => routeTo(rank).peering === index);
      }
    });
    return buildLookup(prefixes);
  });
}
