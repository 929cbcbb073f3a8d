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
  transitGateways: ['transit gateway', 'transit gateways'],
  transitGatewayAttachments: ['transit gateway attachment', 'transit gateway attachments'],
  transitGatewayRouteTables: ['transit gateway route table', 'transit gateway route tables'],
  virtualPrivateGateways: ['virtual private gateway', 'virtual private gateways'],
  vpnConnections: ['VPN connection', 'VPN connections'],
  directConnectGateways: ['Direct Connect gateway', 'Direct Connect gateways'],
  directConnectAssociations: ['Direct Connect gateway association', 'Direct Connect gateway associations'],
  virtualInterfaces: ['Direct Connect virtual interface', 'Direct Connect virtual interfaces'],
  loadBalancers: ['load balancer', 'load balancers'],
  targetGroups: ['target group', 'target groups'],
  vpcEndpoints: ['VPC endpoint', 'VPC endpoints'],
  endpointServices: ['endpoint service', 'endpoint services'],
  firewalls: ['network firewall', 'network firewalls'],
  firewallPolicies: ['firewall policy', 'firewall policies'],
  firewallRuleGroups: ['firewall rule group', 'firewall rule groups'],
  blockPublicAccess: ['Block Public Access setting', 'Block Public Access settings'],
  blockPublicAccessExclusions: ['Block Public Access exclusion', 'Block Public Access exclusions'],
  autoScalingGroups: ['Auto Scaling group', 'Auto Scaling groups'],
  lambdaFunctions: ['Lambda function', 'Lambda functions'],
  databases: ['database', 'databases'],
  ecsServices: ['ECS service', 'ECS services'],
  ecsTasks: ['ECS task', 'ECS tasks'],
  beanstalkEnvironments: ['Elastic Beanstalk environment', 'Elastic Beanstalk environments'],
};

export function kindName(kind: Kind, count: number): string {
  return NAMES[kind][count === 1 ? 0 : 1];
}
