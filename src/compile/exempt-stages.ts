/** Traffic that neither network ACLs nor security groups filter: the services of the instance's own host (NACL-16, SG-21). */

import { addressPlus } from '../net/address.ts';
import { hostPrefix } from '../net/prefix.ts';
import { open } from './assumption.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { delivered } from './interface-stages.ts';
import { buildLookup, type Lookup, type LookupPrefix } from './lookup.ts';
import { NONE } from './names.ts';
import { ownAddressesTo } from './own-addresses.ts';
import { DESTINATION } from './rule-table.ts';
import {
  DHCP_TRAFFIC,
  DNS_TRAFFIC,
  EXEMPT_SERVICES,
  type ExemptService,
  RESERVED_FOR_SERVICES,
} from './special-addresses.ts';
import { DELIVER, type Entry, FILTER, LOOKUP, type StageId, stage } from './stage.ts';

/** Which destinations bypass everything at this interface, and where they lead. */
export function exemptServices(b: GraphBuilder, eni: number): { lookup: Lookup; entries: readonly Entry[] } {
  const subnet = b.names.subnetOfEni[eni]!;
  const vpc = b.names.vpcOfEni[eni]!;
  if (subnet === NONE) return b.shared(`exempt in ${vpc}, without a subnet`, () => exemptIn(b, vpc, NONE));
  return b.sharedOf('exempt from', subnet, () => exemptIn(b, vpc, subnet));
}

function exemptIn(b: GraphBuilder, vpc: number, subnet: number): { lookup: Lookup; entries: readonly Entry[] } {
  const exempt: Exempt =
    vpc === NONE ? exemptAnywhere(b, vpc) : b.sharedOf('exempt in', vpc, () => exemptInVpc(b, vpc));
  if (subnet === NONE) return { lookup: buildLookup(exempt.prefixes), entries: exempt.entries };
  const withRouter: Exempt = { prefixes: [...exempt.prefixes], entries: [...exempt.entries] };
  for (const cidr of b.network.subnets[subnet]!.cidrs) {
    const router = addressPlus(cidr.address, 1);
    if (router === null || cidr.address.family !== 4) continue;
    const service = { prefix: hostPrefix(router), name: 'DHCP', traffic: DHCP_TRAFFIC };
    const answers = strictService(b, vpc, service, 'the router of the subnet answers DHCP only');
    addService(b, withRouter, service, answers);
  }
  return { lookup: buildLookup(withRouter.prefixes), entries: withRouter.entries };
}

/** Destinations that bypass everything, and where they lead. */
interface Exempt {
  readonly prefixes: LookupPrefix[];
  readonly entries: Entry[];
}

function addService(b: GraphBuilder, { prefixes, entries }: Exempt, service: ExemptService, next: StageId): void {
  prefixes.push(b.prefix(service.prefix, entries.length));
  entries.push(entry(next, null));
}

function exemptAnywhere(b: GraphBuilder, vpc: number): Exempt {
  const exempt: Exempt = { prefixes: [], entries: [] };
  for (const service of EXEMPT_SERVICES) addService(b, exempt, service, flaggedService(b, vpc, service));
  for (const service of RESERVED_FOR_SERVICES) addService(b, exempt, service, flaggedService(b, vpc, service));
  return exempt;
}

function exemptInVpc(b: GraphBuilder, vpc: number): Exempt {
  const exempt = exemptAnywhere(b, vpc);
  const resolver = resolverOf(b, vpc);
  if (resolver !== null) addService(b, exempt, resolver, resolverService(b, vpc, resolver));
  return exempt;
}

/** The resolver at base + 2 of the VPC's primary block (CMP-13). */
function resolverOf(b: GraphBuilder, vpc: number): ExemptService | null {
  const primary = b.network.vpcs[vpc]!.cidrs.find((cidr) => cidr.address.family === 4);
  const address = primary === undefined ? null : addressPlus(primary.address, 2);
  return address === null ? null : { prefix: hostPrefix(address), name: 'Amazon DNS', traffic: DNS_TRAFFIC };
}

function resolverService(b: GraphBuilder, vpc: number, service: ExemptService): StageId {
  if (b.network.vpcs[vpc]!.dnsSupport === false) {
    return b.drop(servicePlace(b, service), 'exempt', 'BAD_STATE', 'DNS support is off in the VPC (CMP-13)');
  }
  return strictService(b, vpc, service, 'the resolver answers DNS only');
}

/** Exempt on the service's own ports; anything else at its address is exempt by OPEN-03. */
function flaggedService(b: GraphBuilder, vpc: number, service: ExemptService): StageId {
  return serviceStage(b, vpc, service, 'flagged', (text) => allowLine(text, null, { assumptions: open(3) }));
}

/** Exempt on the service's own ports and refused on any other: its address is a reserved one (RT-20). */
function strictService(b: GraphBuilder, vpc: number, service: ExemptService, otherwise: string): StageId {
  return serviceStage(b, vpc, service, 'strict', () => denyLine(otherwise, 'NO_POSSIBLE_DESTINATION', null));
}

function serviceStage(
  b: GraphBuilder,
  vpc: number,
  service: ExemptService,
  manner: string,
  otherwise: (text: string) => Parameters<typeof checkRules>[3][number],
): StageId {
  const place = servicePlace(b, service);
  return b.once(
    `${manner} service ${vpc} ${service.name} ${service.prefix.address.w0} ${service.prefix.address.w3}`,
    () =>
      stage(FILTER, 'exempt', place, {
        rules: checkRules(b, service.name, DESTINATION, [
          allowLine('never filtered by network ACLs or security groups', null, { traffic: service.traffic }),
          otherwise('an address reserved for AWS services, taken as never filtered'),
        ]),
        next: b.once(`deliver to ${service.name} ${vpc}`, () =>
          stage(DELIVER, 'deliver', place, { next: answerOfService(b, vpc), text: 'arrives' }),
        ),
      }),
  );
}

function servicePlace(b: GraphBuilder, service: ExemptService): number {
  return b.place({ kind: 'aws-service', id: service.name, name: null });
}

/** Answers of these services reach the host unfiltered too. */
function answerOfService(b: GraphBuilder, vpc: number): StageId {
  const place = b.place({ kind: 'aws-service', id: 'AWS services of the host', name: null });
  const nobody = b.drop(place, 'deliver', 'NO_POSSIBLE_DESTINATION', 'no interface holds the destination address');
  if (vpc === NONE) return nobody;
  return b.onceOf('answers of services', vpc, () => {
    const entries: Entry[] = [];
    const prefixes: LookupPrefix[] = [];
    for (const eni of b.names.enisOfVpc[vpc]!) {
      prefixes.push(...ownAddressesTo(b, eni, entries.length));
      entries.push(entry(delivered(b, eni), null));
    }
    return stage(LOOKUP, 'deliver', place, { lookup: buildLookup(prefixes), entries, next: nobody });
  });
}
