/** What the id of a resource means as a set of places. */

import { quote } from '../net/quote.ts';
import { meaningOfAttached } from './attached-places.ts';
import { type PlaceIndex, THE_INTERNET } from './place-index.ts';
import { isNoPlace, type Places } from './places.ts';
import { isService, meaningOfService } from './service-places.ts';
import type { NamedService } from './service-words.ts';

export type MeaningOfId =
  | { readonly kind: 'places'; readonly places: Places }
  /** The network has the id, and it means no place; `why` is a lowercase phrase. */
  | { readonly kind: 'no-place'; readonly why: string };

/** Null where the network has no such id. */
export function meaningOfId(index: PlaceIndex, id: string): MeaningOfId | null {
  const { compiled } = index;
  const { names } = compiled;
  const of = (enis: readonly number[], belong: string): MeaningOfId => {
    const places = index.ofInterfaces(enis);
    if (!isNoPlace(places)) return { kind: 'places', places };
    return { kind: 'no-place', why: `no interface with an address ${belong} ${quote(id)}` };
  };
  const eni = names.eni.get(id);
  if (eni !== undefined) return of([eni], 'is');
  const ofInstance = names.enisOfInstance.get(id);
  if (ofInstance !== undefined || names.instance.has(id)) return of(ofInstance ?? [], 'belongs to instance');
  const subnet = names.subnet.get(id);
  if (subnet !== undefined) return of(names.enisOfSubnet[subnet]!, 'is in subnet');
  const vpc = names.vpc.get(id);
  if (vpc !== undefined) return of(names.enisOfVpc[vpc]!, 'is in VPC');
  if (names.group.has(id)) return of(index.inGroup(id), 'carries security group');
  const nat = names.nat.get(id);
  if (nat !== undefined) return of(index.ofNat(nat), 'belongs to NAT gateway');
  // The ids of balancers are the ends of their ARNs; a classic one has only a name.
  if (id.includes('/')) {
    const balancer: NamedService = { service: 'lb', name: id, account: null, region: null };
    if (isService(index, balancer)) return meaningOfService(index, balancer);
  }
  const attached = meaningOfAttached(index, id);
  if (attached !== null) return attached;
  if (index.isInternetGateway(id)) return { kind: 'places', places: THE_INTERNET };
  const why = whyNoPlace(index, id);
  return why === null ? null : { kind: 'no-place', why };
}

function whyNoPlace({ compiled }: PlaceIndex, id: string): string | null {
  const { names, entrances } = compiled;
  if (names.peering.has(id)) return 'a peering is no place in a set question; name the VPC or addresses behind it';
  if (names.routeTable.has(id)) return 'a route table is no place; name a subnet or VPC that uses it';
  if (names.networkAcl.has(id)) return 'a network ACL is no place; name a subnet that it filters';
  if (names.prefixList.has(id)) return 'a prefix list is no place; name its addresses';
  return entrances.notModelled.has(id) ? `${quote(id)} is not modelled yet` : null;
}
