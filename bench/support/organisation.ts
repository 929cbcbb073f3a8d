/**
 * A made-up organisation as a model `Network`, complete and without files: what questions about large networks are measured on.
 *
 * Every VPC has a /20, an IPv6 /56, three tiers in two zones, 20 security groups of about seven rules, three network ACLs, an
 * internet, an egress-only and a NAT gateway, and is peered with 4 to 8 others of its domain (see `organisation-peerings.ts`).
 * Three in ten rules name something outside the VPC. The same seed and size make the same network, on any machine.
 */

import type { Network } from '../../src/model/network.ts';
import { addGroups, addNetworkAcls } from './organisation-filters.ts';
import { addNatGateway, addPeering, addRouteTables, addVpc } from './organisation-gateways.ts';
import { addHosts, MOST_INTERFACES, type Shape } from './organisation-hosts.ts';
import { domainsOf, planPeerings } from './organisation-peerings.ts';
import { PublicAddresses, planVpc } from './organisation-plan.ts';
import { emptyRecords, networkOfRecords } from './organisation-records.ts';
import { randomFrom } from './random.ts';

/** As many as 10.0.0.0/8 holds, less what keeps the number round. */
const MOST_VPCS = 4000;

export interface OrganisationSize {
  /** 1 to 4,000. */
  readonly vpcs: number;
  /** Interfaces of instances in each VPC, 1 to 2,400; default 100. */
  readonly interfacesEach?: number;
  /** Default `regular`. */
  readonly shape?: Shape;
}

/** Throws a RangeError on a size that addresses do not suffice for. */
export function organisation(seed: number, size: OrganisationSize): Network {
  const { vpcs: count, interfacesEach = 100, shape = 'regular' } = size;
  check('VPCs', count, MOST_VPCS);
  check('interfaces in each VPC', interfacesEach, MOST_INTERFACES);
  const random = randomFrom(seed);
  const vpcs = Array.from({ length: count }, (_, index) => planVpc(random, index, index % domainsOf(count)));
  const peerings = planPeerings(random, vpcs);
  const records = emptyRecords();
  const publicAddresses = new PublicAddresses();
  for (const vpc of vpcs) {
    addVpc(vpc, records);
    addGroups(random, vpc, vpcs, records);
    addNetworkAcls(random, vpc, vpcs, records);
    addRouteTables(random, vpc, records);
    addNatGateway(random, vpc, publicAddresses, records);
    addHosts(random, vpc, interfacesEach, shape, publicAddresses, records);
  }
  for (const peering of peerings) addPeering(peering, records);
  return networkOfRecords(records, [...new Set(vpcs.map(({ account }) => account))]);
}

function check(what: string, count: number, most: number): void {
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new RangeError(`${count} ${what}: there may be 1 to ${most}`);
  }
}
