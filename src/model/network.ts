/** A whole snapshot as plain readonly data, in AWS's own words. What leaves `load` needs no further checks. */

import type { BlockPublicAccess, BlockPublicAccessExclusion } from './block-public-access.ts';
import type {
  AutoScalingGroup,
  BeanstalkEnvironment,
  Database,
  EcsService,
  EcsTask,
  LambdaFunction,
} from './compute.ts';
import type { EndpointService, VpcEndpoint } from './endpoint.ts';
import type { Firewall, FirewallPolicy, FirewallRuleGroup } from './firewall.ts';
import type { EgressOnlyGateway, InternetGateway, NatGateway, Peering } from './gateway.ts';
import type {
  DirectConnectAssociation,
  DirectConnectGateway,
  VirtualInterface,
  VirtualPrivateGateway,
  VpnConnection,
} from './hybrid.ts';
import type { ElasticAddress, Instance } from './instance.ts';
import type { LoadBalancer, TargetGroup } from './load-balancer.ts';
import type { NetworkAcl } from './network-acl.ts';
import type { NetworkInterface } from './network-interface.ts';
import type { Origin } from './origin.ts';
import type { PrefixList } from './prefix-list.ts';
import type { Fact, Problem } from './problem.ts';
import type { RouteTable } from './route-table.ts';
import type { SecurityGroup } from './security-group.ts';
import type { TransitGateway, TransitGatewayAttachment, TransitGatewayRouteTable } from './transit-gateway.ts';
import type { Subnet, Vpc } from './vpc.ts';

/** The kinds of record that this version models, by their name in `Network`. */
export const KINDS = [
  'vpcs',
  'subnets',
  'routeTables',
  'internetGateways',
  'egressOnlyGateways',
  'natGateways',
  'networkAcls',
  'securityGroups',
  'prefixLists',
  'networkInterfaces',
  'instances',
  'elasticAddresses',
  'peerings',
  'transitGateways',
  'transitGatewayAttachments',
  'transitGatewayRouteTables',
  'virtualPrivateGateways',
  'vpnConnections',
  'directConnectGateways',
  'directConnectAssociations',
  'virtualInterfaces',
  'loadBalancers',
  'targetGroups',
  'vpcEndpoints',
  'endpointServices',
  'firewalls',
  'firewallPolicies',
  'firewallRuleGroups',
  'blockPublicAccess',
  'blockPublicAccessExclusions',
  'autoScalingGroups',
  'lambdaFunctions',
  'databases',
  'ecsServices',
  'ecsTasks',
  'beanstalkEnvironments',
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that nearly every network has. That a snapshot lacks one of the others is worth telling only where something refers to it. */
export const BASIC_KINDS: ReadonlySet<Kind> = new Set(KINDS.slice(0, KINDS.indexOf('peerings') + 1));

/** One list that was read: what it held and whether it was whole. A kind without a list was not asked for. */
export interface ListRead {
  readonly kind: Kind;
  /** Account and region the list speaks for; null where its folder does not say (then: for all). */
  readonly account: string | null;
  readonly region: string | null;
  readonly count: number;
  /** False when `NextToken` was left over, or records of it could not be read: absence proves nothing. */
  readonly complete: boolean;
  readonly origin: Origin;
}

/** An array that igwalk recognises by its key but does not model, such as `TransitGateways`. */
export interface UnmodelledList {
  readonly key: string;
  readonly count: number;
  readonly account: string | null;
  readonly region: string | null;
  readonly origin: Origin;
}

/** Every list is sorted by id. */
export interface Network {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly internetGateways: readonly InternetGateway[];
  readonly egressOnlyGateways: readonly EgressOnlyGateway[];
  readonly natGateways: readonly NatGateway[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly prefixLists: readonly PrefixList[];
  readonly networkInterfaces: readonly NetworkInterface[];
  readonly instances: readonly Instance[];
  readonly elasticAddresses: readonly ElasticAddress[];
  readonly peerings: readonly Peering[];
  readonly transitGateways: readonly TransitGateway[];
  readonly transitGatewayAttachments: readonly TransitGatewayAttachment[];
  readonly transitGatewayRouteTables: readonly TransitGatewayRouteTable[];
  readonly virtualPrivateGateways: readonly VirtualPrivateGateway[];
  readonly vpnConnections: readonly VpnConnection[];
  readonly directConnectGateways: readonly DirectConnectGateway[];
  readonly directConnectAssociations: readonly DirectConnectAssociation[];
  readonly virtualInterfaces: readonly VirtualInterface[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly targetGroups: readonly TargetGroup[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly endpointServices: readonly EndpointService[];
  readonly firewalls: readonly Firewall[];
  readonly firewallPolicies: readonly FirewallPolicy[];
  readonly firewallRuleGroups: readonly FirewallRuleGroup[];
  readonly blockPublicAccess: readonly BlockPublicAccess[];
  readonly blockPublicAccessExclusions: readonly BlockPublicAccessExclusion[];
  readonly autoScalingGroups: readonly AutoScalingGroup[];
  readonly lambdaFunctions: readonly LambdaFunction[];
  readonly databases: readonly Database[];
  readonly ecsServices: readonly EcsService[];
  readonly ecsTasks: readonly EcsTask[];
  readonly beanstalkEnvironments: readonly BeanstalkEnvironment[];
  readonly lists: readonly ListRead[];
  readonly unmodelled: readonly UnmodelledList[];
  readonly problems: readonly Problem[];
  /** Gaps that loading itself found; `compile` adds those that only show when things are put together. */
  readonly facts: readonly Fact[];
}

/**
 * Reports whether every record of a kind in this account and region was read, so that an id or address that is not there does
 * not exist. False where no list speaks for the place, or one of those that do was cut off.
 */
export function isComplete(
  network: Pick<Network, 'lists'>,
  kind: Kind,
  account: string | null,
  region: string | null,
): boolean {
  let spoken = false;
  for (const list of network.lists) {
    if (list.kind !== kind) continue;
    const speaksFor =
      (list.account === null || account === null || list.account === account) &&
      (list.region === null || region === null || list.region === region);
    if (!speaksFor) continue;
    if (!list.complete) return false;
    spoken = true;
  }
  return spoken;
}
