/** A planned VPC's own record, its subnets, gateways and route tables, and a peering, as describe calls give them. */

import {
  ACCOUNT,
  arn,
  hostAddress,
  id,
  type Json,
  nameTag,
  type PlannedPeering,
  type PlannedSubnet,
  type PlannedVpc,
  publicAddress,
  REGION,
  subnetBlock,
  subnetBlock6,
  vpcBlock,
  vpcBlock6,
} from './plan.ts';
import type { Random } from './random.ts';

export function vpcRecord(random: Random, vpc: PlannedVpc): Json {
  return {
    OwnerId: ACCOUNT,
    InstanceTenancy: 'default',
    Ipv6CidrBlockAssociationSet: [
      {
        AssociationId: id(random, 'vpc-cidr-assoc'),
        Ipv6CidrBlock: vpcBlock6(vpc),
        Ipv6CidrBlockState: { State: 'associated' },
        NetworkBorderGroup: REGION,
        Ipv6Pool: 'Amazon',
      },
    ],
    CidrBlockAssociationSet: [
      {
        AssociationId: id(random, 'vpc-cidr-assoc'),
        CidrBlock: vpcBlock(vpc),
        CidrBlockState: { State: 'associated' },
      },
    ],
    IsDefault: false,
    Tags: nameTag(vpc.name),
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    VpcId: vpc.id,
    State: 'available',
    CidrBlock: vpcBlock(vpc),
    DhcpOptionsId: id(random, 'dopt'),
  };
}

export function subnetRecord(random: Random, vpc: PlannedVpc, subnet: PlannedSubnet): Json {
  return {
    AvailabilityZoneId: `euw1-az${subnet.zone.charCodeAt(0) - 96}`,
    MapCustomerOwnedIpOnLaunch: false,
    OwnerId: ACCOUNT,
    AssignIpv6AddressOnCreation: true,
    Ipv6CidrBlockAssociationSet: [
      {
        AssociationId: id(random, 'subnet-cidr-assoc'),
        Ipv6CidrBlock: subnetBlock6(vpc, subnet),
        Ipv6CidrBlockState: { State: 'associated' },
      },
    ],
    Tags: nameTag(`${vpc.name}-${subnet.tier}-${subnet.zone}`),
    SubnetArn: arn('subnet', subnet.id),
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    SubnetId: subnet.id,
    State: 'available',
    VpcId: vpc.id,
    CidrBlock: subnetBlock(vpc, subnet),
    AvailableIpAddressCount: 3800,
    AvailabilityZone: REGION + subnet.zone,
    DefaultForAz: false,
    MapPublicIpOnLaunch: subnet.tier === 'public',
  };
}

/** The main table, which knows the VPC only, and one table a subnet. */
export function routeTableRecords(random: Random, vpc: PlannedVpc, peering: PlannedPeering | null): Json[] {
  const main = id(random, 'rtb');
  const local = [
    { ...route(vpcBlock(vpc), { GatewayId: 'local' }), Origin: 'CreateRouteTable' },
    { ...route6(vpcBlock6(vpc), { GatewayId: 'local' }), Origin: 'CreateRouteTable' },
  ];
  return [
    routeTable(random, vpc, main, `${vpc.name}-main`, local, null),
    ...vpc.subnets.map((subnet) => {
      const routes: Json[] = [...local, ...routesOut(vpc, subnet)];
      if (peering !== null && subnet.tier !== 'public') {
        const other = peering.requester === vpc ? peering.accepter : peering.requester;
        routes.push(route(vpcBlock(other), { VpcPeeringConnectionId: peering.id }));
      }
      const name = `${vpc.name}-${subnet.tier}-${subnet.zone}`;
      return routeTable(random, vpc, id(random, 'rtb'), name, routes, subnet);
    }),
  ];
}

/** Public subnets reach the internet gateway, application subnets the NAT and egress-only gateways, databases nothing. */
function routesOut(vpc: PlannedVpc, subnet: PlannedSubnet): Json[] {
  switch (subnet.tier) {
    case 'public':
      return [
        route('0.0.0.0/0', { GatewayId: vpc.internetGatewayId }),
        route6('::/0', { GatewayId: vpc.internetGatewayId }),
      ];
    case 'app':
      return [
        route('0.0.0.0/0', { NatGatewayId: subnet.natGatewayId }),
        route6('::/0', { EgressOnlyInternetGatewayId: vpc.egressOnlyGatewayId }),
      ];
    case 'db':
      return [];
  }
}

function route(cidr: string, target: Readonly<Record<string, string>>): { readonly [key: string]: Json } {
  return { DestinationCidrBlock: cidr, ...target, Origin: 'CreateRoute', State: 'active' };
}

function route6(cidr: string, target: Readonly<Record<string, string>>): { readonly [key: string]: Json } {
  return { DestinationIpv6CidrBlock: cidr, ...target, Origin: 'CreateRoute', State: 'active' };
}

function routeTable(
  random: Random,
  vpc: PlannedVpc,
  tableId: string,
  name: string,
  routes: readonly Json[],
  subnet: PlannedSubnet | null,
): Json {
  return {
    Associations: [
      {
        Main: subnet === null,
        RouteTableAssociationId: id(random, 'rtbassoc'),
        RouteTableId: tableId,
        ...(subnet === null ? {} : { SubnetId: subnet.id }),
        AssociationState: { State: 'associated' },
      },
    ],
    PropagatingVgws: [],
    RouteTableId: tableId,
    Routes: routes,
    Tags: nameTag(name),
    VpcId: vpc.id,
    OwnerId: ACCOUNT,
  };
}

export function internetGatewayRecord(vpc: PlannedVpc): Json {
  return {
    Attachments: [{ State: 'available', VpcId: vpc.id }],
    InternetGatewayId: vpc.internetGatewayId,
    OwnerId: ACCOUNT,
    Tags: nameTag(vpc.name),
  };
}

export function egressOnlyGatewayRecord(vpc: PlannedVpc): Json {
  return {
    Attachments: [{ State: 'attached', VpcId: vpc.id }],
    EgressOnlyInternetGatewayId: vpc.egressOnlyGatewayId,
    Tags: nameTag(vpc.name),
  };
}

/** The NAT gateway of a public subnet; it has host 4 there. */
export function natGatewayRecord(
  random: Random,
  vpc: PlannedVpc,
  subnet: PlannedSubnet,
  interfaceId: string,
  publicIndex: number,
): Json {
  return {
    CreateTime: '2025-03-04T09:12:31+00:00',
    NatGatewayAddresses: [
      {
        AllocationId: id(random, 'eipalloc'),
        NetworkInterfaceId: interfaceId,
        PrivateIp: hostAddress(vpc, subnet, 4),
        PublicIp: publicAddress(publicIndex),
        AssociationId: id(random, 'eipassoc'),
        IsPrimary: true,
        Status: 'succeeded',
      },
    ],
    NatGatewayId: subnet.natGatewayId,
    State: 'available',
    SubnetId: subnet.id,
    VpcId: vpc.id,
    Tags: nameTag(`${vpc.name}-${subnet.zone}`),
    ConnectivityType: 'public',
  };
}

export function peeringRecord(peering: PlannedPeering): Json {
  return {
    AccepterVpcInfo: peeringEnd(peering.accepter),
    RequesterVpcInfo: peeringEnd(peering.requester),
    Status: { Code: 'active', Message: 'Active' },
    Tags: nameTag(`${peering.requester.name}-${peering.accepter.name}`),
    VpcPeeringConnectionId: peering.id,
  };
}

function peeringEnd(vpc: PlannedVpc): Json {
  return {
    CidrBlock: vpcBlock(vpc),
    Ipv6CidrBlockSet: [{ Ipv6CidrBlock: vpcBlock6(vpc) }],
    CidrBlockSet: [{ CidrBlock: vpcBlock(vpc) }],
    OwnerId: ACCOUNT,
    PeeringOptions: { AllowDnsResolutionFromRemoteVpc: false },
    VpcId: vpc.id,
    Region: REGION,
  };
}
