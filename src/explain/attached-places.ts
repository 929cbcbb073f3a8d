/** What the ids of endpoints and of all that belongs to transit gateways mean as sets of places. */

import type { TransitGatewayAttachment } from '../model/transit-gateway.ts';
import { quote } from '../net/quote.ts';
import { allThatLookSo, interfacesById } from './found-interfaces.ts';
import type { MeaningOfId } from './place-id.ts';
import type { PlaceIndex } from './place-index.ts';
import { isNoPlace, type Places } from './places.ts';
import type { FoundService } from './service-places.ts';

/** Null where the network has no endpoint, service, transit gateway, attachment or table of that id. */
export function meaningOfAttached(index: PlaceIndex, id: string): MeaningOfId | null {
  const { network } = index.compiled;
  const endpoint = meaningOfEndpoint(index, id);
  if (endpoint !== null) return endpoint;
  // The ends of a peering share an id; neither is of a VPC.
  const attachment = network.transitGatewayAttachments.find(({ attachmentId }) => attachmentId === id);
  if (attachment !== undefined) return meaningOfAttachment(index, attachment);
  if (network.endpointServices.some((each) => each.id === id)) {
    return noPlace('an endpoint service is no place; name its load balancer (lb:NAME) or an endpoint of it (vpce-)');
  }
  if (network.transitGatewayRouteTables.some((each) => each.id === id)) {
    return noPlace('a route table of a transit gateway is no place; name a VPC whose attachment uses it');
  }
  const isGateway =
    network.transitGateways.some((each) => each.id === id) ||
    network.routeTables.some(({ routes }) =>
      routes.some(({ target }) => target.kind === 'transit-gateway' && target.id === id),
    );
  return isGateway
    ? noPlace('a transit gateway is no place; name a VPC behind it, or its attachment (tgw-attach-)')
    : null;
}

/** The interfaces of an endpoint, as its record names them, or as they name it where the record was not read. */
function meaningOfEndpoint(index: PlaceIndex, id: string): MeaningOfId | null {
  const { network } = index.compiled;
  const whatIs = `VPC endpoint ${quote(id)}`;
  const record = network.vpcEndpoints.find((each) => each.id === id);
  if (record === undefined) {
    const description = `VPC Endpoint Interface ${id}`;
    const enis = network.networkInterfaces.flatMap((eni, i) =>
      eni.owner === 'endpoint' && eni.description === description ? [i] : [],
    );
    const [first] = enis;
    if (first === undefined) return null;
    const found = allThatLookSo(index, whatIs, network.networkInterfaces[first]!, 'networkInterfaces', enis);
    return meaningOfFound(index, found, whatIs);
  }
  if (record.kind === 'gateway') {
    return noPlace('a gateway endpoint has no interface and is no place; name the addresses of its service');
  }
  return meaningOfFound(index, interfacesById(index, whatIs, record, record.interfaceIds), whatIs);
}

function meaningOfFound(index: PlaceIndex, found: FoundService, what: string): MeaningOfId {
  if (found.kind === 'no-place') return found;
  return placesOr(index.ofInterfaces(found.enis), `no interface with an address belongs to ${what}`);
}

/** Everything in the attached VPC: what comes by the attachment, and what goes by it to the VPC. */
function meaningOfAttachment(index: PlaceIndex, { attachmentId, attached }: TransitGatewayAttachment): MeaningOfId {
  const { names } = index.compiled;
  if (attached.kind !== 'vpc') {
    return noPlace(`attachment ${quote(attachmentId)} is of no VPC; name the addresses or the VPC behind it`);
  }
  const vpc = attached.id === null ? undefined : names.vpc.get(attached.id);
  if (vpc === undefined) {
    const which = attached.id === null ? 'a VPC that its record does not name' : `VPC ${quote(attached.id)}`;
    return noPlace(`attachment ${quote(attachmentId)} is of ${which}, which the snapshot lacks`);
  }
  const why = `no interface with an address is in VPC ${quote(attached.id!)} of attachment ${quote(attachmentId)}`;
  return placesOr(index.ofInterfaces(names.enisOfVpc[vpc]!), why);
}

function placesOr(places: Places, why: string): MeaningOfId {
  return isNoPlace(places) ? noPlace(why) : { kind: 'places', places };
}

function noPlace(why: string): MeaningOfId {
  return { kind: 'no-place', why };
}
