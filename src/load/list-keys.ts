/** What a list is: its key decides, never the name of its file. */

import type { SimpleKind } from './kind-readers.ts';
import type { BalancerPart } from './load-balancer-parts.ts';
import type { TransitPartKind } from './transit-parts.ts';
import { UNMODELLED_KEYS } from './unmodelled-keys.ts';

/** How the records of a list are read. `document` records are answers that are one record themselves. */
export type RecordKind =
  | SimpleKind
  | TransitPartKind
  | BalancerPart
  | 'reservations'
  | 'instances'
  | 'securityGroupRules'
  | 'vpcAttributes';

const RECORD_KINDS = new Map<string, RecordKind>([
  ['Vpcs', 'vpcs'],
  ['Subnets', 'subnets'],
  ['RouteTables', 'routeTables'],
  ['InternetGateways', 'internetGateways'],
  ['EgressOnlyInternetGateways', 'egressOnlyGateways'],
  ['NatGateways', 'natGateways'],
  ['NetworkAcls', 'networkAcls'],
  ['SecurityGroups', 'securityGroups'],
  ['SecurityGroupRules', 'securityGroupRules'],
  ['PrefixLists', 'prefixLists'],
  ['ManagedPrefixLists', 'prefixLists'],
  ['NetworkInterfaces', 'networkInterfaces'],
  ['Reservations', 'reservations'],
  ['Instances', 'instances'],
  ['Addresses', 'elasticAddresses'],
  ['VpcPeeringConnections', 'peerings'],
  ['VpcBlockPublicAccessOptions', 'blockPublicAccess'],
  ['VpcBlockPublicAccessExclusions', 'blockPublicAccessExclusions'],
  ['VpnGateways', 'virtualPrivateGateways'],
  ['VpnConnections', 'vpnConnections'],
  ['directConnectGateways', 'directConnectGateways'],
  ['DirectConnectGateways', 'directConnectGateways'],
  ['directConnectGatewayAssociations', 'directConnectAssociations'],
  ['DirectConnectGatewayAssociations', 'directConnectAssociations'],
  ['virtualInterfaces', 'virtualInterfaces'],
  ['VirtualInterfaces', 'virtualInterfaces'],
  ['TransitGateways', 'transitGateways'],
  ['TransitGatewayAttachments', 'transitGatewayAttachments'],
  ['TransitGatewayVpcAttachments', 'transitVpcAttachments'],
  ['TransitGatewayPeeringAttachments', 'transitPeeringAttachments'],
  ['TransitGatewayRouteTables', 'transitGatewayRouteTables'],
  ['TransitGatewayStaticRoutes', 'transitStaticRoutes'],
  ['TransitGatewayPropagations', 'transitPropagations'],
  ['TransitGatewayPrefixListReferences', 'transitPrefixListReferences'],
  ['VpcEndpoints', 'vpcEndpoints'],
  ['VpcEndpointServiceConfigurations', 'endpointServices'],
  ['ServiceConfigurations', 'endpointServices'],
  ['Firewalls', 'firewalls'],
  ['FirewallPolicies', 'firewallPolicies'],
  ['RuleGroups', 'firewallRuleGroups'],
  ['LoadBalancers', 'loadBalancers'],
  ['LoadBalancerDescriptions', 'classicBalancers'],
  ['LoadBalancerListeners', 'balancerListeners'],
  ['LoadBalancerAttributes', 'balancerAttributes'],
  ['LoadBalancerTargetHealth', 'targetHealth'],
  ['Listeners', 'listeners'],
  ['Rules', 'listenerRules'],
  ['TargetGroups', 'targetGroups'],
  ['TargetGroupAttributes', 'targetGroupAttributes'],
  ['AutoScalingGroups', 'autoScalingGroups'],
  ['Functions', 'lambdaFunctions'],
  ['DBInstances', 'databases'],
  ['services', 'ecsServices'],
  ['tasks', 'ecsTasks'],
  ['EnvironmentResources', 'beanstalkEnvironments'],
  // np-guard's collector prints the same records under keys of its own.
  ['vpcs', 'vpcs'],
  ['subnets', 'subnets'],
  ['network_acls', 'networkAcls'],
  ['security_groups', 'securityGroups'],
  ['internet_gateways', 'internetGateways'],
  ['instances', 'instances'],
]);

/** Answers of get-managed-prefix-list-entries; also of other calls, so it counts only where a prefix list is named. */
export const ENTRIES = 'Entries';

/** The answer of describe-vpc-block-public-access-options is an object and no list. */
export const BLOCK_PUBLIC_ACCESS = 'VpcBlockPublicAccessOptions';

/** AWS's own lists only: it cannot prove that a customer's list does not exist. */
export const AWS_PREFIX_LISTS = 'PrefixLists';

/** Keys of an np-guard snapshot that no describe call has. */
const NP_GUARD_KEYS = ['network_acls', 'security_groups', 'internet_gateways'];

export function recordKindOf(key: string): RecordKind | null {
  return RECORD_KINDS.get(key) ?? null;
}

export function isUnmodelled(key: string): boolean {
  return UNMODELLED_KEYS.has(key);
}

/** Reports whether the members are those of an np-guard snapshot: by its own keys, or its collector's stamp. */
export function isNpGuard(document: Readonly<Record<string, unknown>>): boolean {
  return NP_GUARD_KEYS.some((key) => Object.hasOwn(document, key)) || Object.hasOwn(document, 'collector_version');
}

/** Members beside the lists that say nothing about the network. */
const ATTENDANTS = new Set([
  'ResponseMetadata',
  '$metadata',
  'RequestId',
  'requestId',
  'status_code',
  'IsTruncated',
  'AdditionalRoutesAvailable',
  'MaxResults',
  'OwnerId',
  'collector_version',
  'provider',
  'config-file-git-sha1',
  'Version',
]);

export function isAttendant(key: string): boolean {
  return ATTENDANTS.has(key);
}

/** Members that say that the answer goes on in another one. */
export const CONTINUATIONS = ['NextToken', 'nextToken', 'Marker', 'NextMarker'] as const;
