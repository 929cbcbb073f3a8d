/** How each kind of record is read and joined, for the kinds whose lists hold whole records. */

import type { Kind, Network } from '../model/network.ts';
import type { Origin } from '../model/origin.ts';
import { readBlockPublicAccess, readBlockPublicAccessExclusion } from './block-public-access-records.ts';
import {
  mergeBeanstalkEnvironments,
  readAutoScalingGroup,
  readBeanstalkEnvironment,
  readEcsService,
  readEcsTask,
  readLambdaFunction,
} from './compute-records.ts';
import { readDatabase } from './database-records.ts';
import {
  readDirectConnectAssociation,
  readDirectConnectGateway,
  readVirtualInterface,
} from './direct-connect-records.ts';
import { readEndpointService, readVpcEndpoint } from './endpoint-records.ts';
import { mergeFirewallRuleGroups, readFirewallRuleGroup } from './firewall-group-records.ts';
import { mergeFirewallPolicies, mergeFirewalls, readFirewall, readFirewallPolicy } from './firewall-records.ts';
import { readEgressOnlyGateway, readInternetGateway, readNatGateway } from './gateway-records.ts';
import { readElasticAddress } from './instance-records.ts';
import { readLoadBalancer } from './load-balancer-records.ts';
import { Collected } from './merge.ts';
import { readNetworkAcl } from './network-acl-records.ts';
import { readNetworkInterface } from './network-interface-records.ts';
import { mergePeerings, readPeering } from './peering-records.ts';
import type { Place } from './place.ts';
import { mergePrefixLists, readPrefixList } from './prefix-list-records.ts';
import type { Reading } from './reading.ts';
import { readRouteTable } from './route-table-records.ts';
import { readSecurityGroup } from './security-group-records.ts';
import { readTargetGroup } from './target-group-records.ts';
import { mergeTransitAttachments, readTransitAttachment } from './transit-attachment-records.ts';
import { mergeTransitGateways, readTransitGateway, readTransitGatewayTable } from './transit-gateway-records.ts';
import { readVirtualPrivateGateway, readVpnConnection } from './virtual-private-records.ts';
import { readSubnet, readVpc } from './vpc-records.ts';

type RecordOf<K extends Kind> = Network[K][number];

/** Kinds read record by record; instances come in reservations, with their interfaces. */
export type SimpleKind = Exclude<Kind, 'instances'>;

interface KindReader<T> {
  /** What one is called in problems. */
  readonly noun: string;
  /** Null after a problem, for what cannot be read. */
  readonly read: (reading: Reading, value: unknown, origin: Origin, place: Place) => T | null;
  /** Joins two views of one record that differ in what they leave out; left out, the better view is the record. */
  readonly merge?: (better: T, worse: T) => T;
}

export const KIND_READERS: { readonly [K in SimpleKind]: KindReader<RecordOf<K>> } = {
  vpcs: { noun: 'VPC', read: readVpc },
  subnets: { noun: 'subnet', read: readSubnet },
  routeTables: { noun: 'route table', read: readRouteTable },
  internetGateways: { noun: 'internet gateway', read: readInternetGateway },
  egressOnlyGateways: { noun: 'egress-only gateway', read: readEgressOnlyGateway },
  natGateways: { noun: 'NAT gateway', read: readNatGateway },
  networkAcls: { noun: 'network ACL', read: readNetworkAcl },
  securityGroups: { noun: 'security group', read: readSecurityGroup },
  prefixLists: { noun: 'prefix list', read: readPrefixList, merge: mergePrefixLists },
  networkInterfaces: { noun: 'network interface', read: readNetworkInterface },
  elasticAddresses: { noun: 'Elastic IP address', read: readElasticAddress },
  peerings: { noun: 'peering connection', read: readPeering, merge: mergePeerings },
  transitGateways: { noun: 'transit gateway', read: readTransitGateway, merge: mergeTransitGateways },
  transitGatewayAttachments: {
    noun: 'transit gateway attachment',
    read: readTransitAttachment,
    merge: mergeTransitAttachments,
  },
  virtualPrivateGateways: { noun: 'virtual private gateway', read: readVirtualPrivateGateway },
  vpnConnections: { noun: 'VPN connection', read: readVpnConnection },
  directConnectGateways: { noun: 'Direct Connect gateway', read: readDirectConnectGateway },
  directConnectAssociations: { noun: 'Direct Connect gateway association', read: readDirectConnectAssociation },
  virtualInterfaces: { noun: 'virtual interface', read: readVirtualInterface },
  blockPublicAccess: { noun: 'VPC Block Public Access', read: readBlockPublicAccess },
  blockPublicAccessExclusions: { noun: 'exclusion from VPC Block Public Access', read: readBlockPublicAccessExclusion },
  transitGatewayRouteTables: { noun: 'transit gateway route table', read: readTransitGatewayTable },
  loadBalancers: { noun: 'load balancer', read: readLoadBalancer },
  targetGroups: { noun: 'target group', read: readTargetGroup },
  vpcEndpoints: { noun: 'VPC endpoint', read: readVpcEndpoint },
  endpointServices: { noun: 'endpoint service', read: readEndpointService },
  firewalls: { noun: 'firewall', read: readFirewall, merge: mergeFirewalls },
  firewallPolicies: { noun: 'firewall policy', read: readFirewallPolicy, merge: mergeFirewallPolicies },
  firewallRuleGroups: { noun: 'firewall rule group', read: readFirewallRuleGroup, merge: mergeFirewallRuleGroups },
  autoScalingGroups: { noun: 'Auto Scaling group', read: readAutoScalingGroup },
  lambdaFunctions: { noun: 'Lambda function', read: readLambdaFunction },
  databases: { noun: 'database', read: readDatabase },
  ecsServices: { noun: 'ECS service', read: readEcsService },
  ecsTasks: { noun: 'ECS task', read: readEcsTask },
  beanstalkEnvironments: {
    noun: 'Elastic Beanstalk environment',
    read: readBeanstalkEnvironment,
    merge: mergeBeanstalkEnvironments,
  },
};

export type Collections = { readonly [K in SimpleKind]: Collected<RecordOf<K>> };

const SIMPLE_KINDS = Object.keys(KIND_READERS) as SimpleKind[];

export function collections(): Collections {
  return Object.fromEntries(
    SIMPLE_KINDS.map((kind) => {
      const { noun, merge } = KIND_READERS[kind] as KindReader<Network[SimpleKind][number]>;
      return [kind, new Collected(noun, merge)];
    }),
  ) as unknown as Collections;
}

/** One record for each id, sorted by id. */
export function mergedCollections(reading: Reading, collected: Collections): Omit<Pick<Network, Kind>, 'instances'> {
  return Object.fromEntries(SIMPLE_KINDS.map((kind) => [kind, collected[kind].merged(reading)])) as {
    readonly [K in SimpleKind]: Network[K];
  };
}
