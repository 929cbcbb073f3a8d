/** What the kinds of record are called, for one and for several. */

import type { Kind } from '../model/network.ts';

const NAMES: Readonly<Record<Kind, readonly [one: string, several: string]>> = {
  vpcs: ['VPC', 'VPCs'],
  subnets: ['subnet', 'subnets'],
  routeTables: ['route table', 'route tables'],
  internetGateways: ['internet gateway', 'internet gateways'],
  egressOnlyGateways: ['egress-only internet gateway', 'egress-only internet gateways'],
  natGateways: ['NAT gateway', 'NAT gateways'],
  networkAcls: ['network ACL', 'network ACLs'],
  securityGroups: ['security group', 'security groups'],
  prefixLists: ['prefix list', 'prefix lists'],
  networkInterfaces: ['network interface', 'network interfaces'],
  instances: ['instance', 'instances'],
  elasticAddresses: ['Elastic IP address', 'Elastic IP addresses'],
  peerings: ['peering connection', 'peering connections'],
};

export function kindName(kind: Kind, count: number): string {
  return NAMES[kind][count === 1 ? 0 : 1];
}
