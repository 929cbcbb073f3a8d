/** A model network as the `describe-*` answers it could have been read from, for the command line and for other judges. */

import type { Network } from '../../src/model/network.ts';
import type { NaclEntry, NetworkAcl } from '../../src/model/network-acl.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Route, RouteTable } from '../../src/model/route-table.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../src/model/security-group.ts';
import type { Subnet, Vpc } from '../../src/model/vpc.ts';
import { formatAddress, formatPrefix } from '../../src/net/address-text.ts';
import type { Prefix } from '../../src/net/prefix.ts';
import { hasPorts, ICMP, ICMPV6, isIcmp, TCP, UDP } from '../../src/net/protocol.ts';
import type { Traffic } from '../../src/net/traffic.ts';
import { describeBalancers } from './describe-balancers.ts';
import { describeTransit } from './describe-transit.ts';

export type Description = Readonly<Record<string, readonly object[]>>;

/**
 * One document with every list. It keeps what the model knows of a readable network; pieces that could not be read (rules, entries
 * and destinations) have no text to go back to and are left out.
 */
export function describeNetwork(network: Network): Description {
  return {
    Vpcs: network.vpcs.map(vpc),
    Subnets: network.subnets.map(subnet),
    RouteTables: network.routeTables.map(routeTable),
    InternetGateways: network.internetGateways.map((gateway) => ({
      InternetGatewayId: gateway.id,
      ...owner(gateway),
      Attachments: gateway.attachments.map(({ vpcId, state }) => ({ VpcId: vpcId, State: state })),
    })),
    EgressOnlyInternetGateways: network.egressOnlyGateways.map((gateway) => ({
      EgressOnlyInternetGatewayId: gateway.id,
      Attachments: gateway.attachments.map(({ vpcId, state }) => ({ VpcId: vpcId, State: state })),
    })),
    NatGateways: network.natGateways.map((nat) => ({
      NatGatewayId: nat.id,
      ...named(nat),
      VpcId: nat.vpcId,
      ...(nat.subnetId === null ? {} : { SubnetId: nat.subnetId }),
      ConnectivityType: nat.connectivity,
      AvailabilityMode: nat.availability,
      State: nat.state,
      NatGatewayAddresses: nat.addresses.map((address) => ({
        ...(address.privateAddress && { PrivateIp: formatAddress(address.privateAddress) }),
        ...(address.publicAddress && { PublicIp: formatAddress(address.publicAddress) }),
        ...(address.interfaceId && { NetworkInterfaceId: address.interfaceId }),
        IsPrimary: address.isPrimary,
      })),
    })),
    NetworkAcls: network.networkAcls.map(networkAcl),
    SecurityGroups: network.securityGroups.map(securityGroup),
    ManagedPrefixLists: network.prefixLists.map((list) => ({
      PrefixListId: list.id,
      PrefixListName: list.listName,
      ...owner(list),
      ...(list.entries && { Entries: list.entries.map((entry) => ({ Cidr: formatPrefix(entry) })) }),
    })),
    NetworkInterfaces: network.networkInterfaces.map(networkInterface),
    Reservations: network.instances.map((instance) => ({
      OwnerId: instance.account,
      Instances: [
        {
          ...named(instance),
          InstanceId: instance.id,
          InstanceType: instance.instanceType,
          State: { Name: instance.state },
          VpcId: instance.vpcId,
          SubnetId: instance.subnetId,
        },
      ],
    })),
    Addresses: [],
    VpcPeeringConnections: network.peerings.map((peering) => {
      const [RequesterVpcInfo, AccepterVpcInfo] = [peering.requester, peering.accepter].map((end) => ({
        VpcId: end.vpcId,
        OwnerId: end.account,
        Region: end.region,
        CidrBlockSet: ofFamily(end.cidrs, 4).map((CidrBlock) => ({ CidrBlock })),
        Ipv6CidrBlockSet: ofFamily(end.cidrs, 6).map((Ipv6CidrBlock) => ({ Ipv6CidrBlock })),
      }));
      return {
        VpcPeeringConnectionId: peering.id,
        ...named(peering),
        Status: { Code: peering.state },
        RequesterVpcInfo,
        AccepterVpcInfo,
      };
    }),
    ...describeTransit(network),
    ...describeBalancers(network),
  };
}

/** Who owns it and what it is called; interfaces have a word of their own for tags. */
function owner(record: Resource, tags = 'Tags'): object {
  return { ...(record.account && { OwnerId: record.account }), ...named(record, tags) };
}

export function named({ name }: Resource, tags = 'Tags'): object {
  return name ? { [tags]: [{ Key: 'Name', Value: name }] } : {};
}

function ofFamily(prefixes: readonly Prefix[], family: 4 | 6): string[] {
  return prefixes.filter(({ address }) => address.family === family).map(formatPrefix);
}

function vpc(record: Vpc): object {
  const blocks = ofFamily(record.cidrs, 4);
  const associated = { State: 'associated' };
  return {
    VpcId: record.id,
    ...owner(record),
    IsDefault: record.isDefault,
    CidrBlock: blocks[0],
    CidrBlockAssociationSet: blocks.map((CidrBlock) => ({ CidrBlock, CidrBlockState: associated })),
    Ipv6CidrBlockAssociationSet: ofFamily(record.cidrs, 6).map((Ipv6CidrBlock) => ({
      Ipv6CidrBlock,
      Ipv6CidrBlockState: associated,
    })),
  };
}

function subnet(record: Subnet): object {
  return {
    SubnetId: record.id,
    VpcId: record.vpcId,
    ...owner(record),
    AvailabilityZone: record.availabilityZone,
    ...(record.availabilityZoneId && { AvailabilityZoneId: record.availabilityZoneId }),
    CidrBlock: ofFamily(record.cidrs, 4)[0],
    Ipv6CidrBlockAssociationSet: ofFamily(record.cidrs, 6).map((Ipv6CidrBlock) => ({
      Ipv6CidrBlock,
      Ipv6CidrBlockState: { State: 'associated' },
    })),
  };
}

function routeTable(record: RouteTable): object {
  return {
    RouteTableId: record.id,
    VpcId: record.vpcId,
    ...owner(record),
    Associations: [
      ...(record.isMain ? [{ Main: true }] : []),
      ...record.subnetIds.map((SubnetId) => ({ Main: false, SubnetId })),
      ...record.gatewayIds.map((GatewayId) => ({ Main: false, GatewayId })),
    ].map((association) => ({ ...association, RouteTableId: record.id, AssociationState: { State: 'associated' } })),
    Routes: record.routes.filter(({ destination }) => destination.kind !== 'unreadable').map(route),
  };
}

function route({ destination, target, state, source }: Route): object {
  const origins = { table: 'CreateRouteTable', static: 'CreateRoute', propagated: 'EnableVgwRoutePropagation' };
  return {
    ...(destination.kind === 'prefix-list' && { DestinationPrefixListId: destination.id }),
    ...(destination.kind === 'cidr' && {
      [destination.prefix.address.family === 4 ? 'DestinationCidrBlock' : 'DestinationIpv6CidrBlock']: formatPrefix(
        destination.prefix,
      ),
    }),
    [TARGET_FIELDS[target.kind]]: target.kind === 'local' ? 'local' : target.id,
    State: state,
    Origin: origins[source],
  };
}

/** RT-14. */
const TARGET_FIELDS: Readonly<Record<Route['target']['kind'], string>> = {
  local: 'GatewayId',
  'internet-gateway': 'GatewayId',
  'egress-only-gateway': 'EgressOnlyInternetGatewayId',
  'nat-gateway': 'NatGatewayId',
  'network-interface': 'NetworkInterfaceId',
  instance: 'InstanceId',
  peering: 'VpcPeeringConnectionId',
  'transit-gateway': 'TransitGatewayId',
  'virtual-private-gateway': 'GatewayId',
  endpoint: 'GatewayId',
  'carrier-gateway': 'CarrierGatewayId',
  'local-gateway': 'LocalGatewayId',
  'core-network': 'CoreNetworkArn',
  'odb-network': 'OdbNetworkArn',
  unrecognised: 'GatewayId',
};

function networkAcl(record: NetworkAcl): object {
  return {
    NetworkAclId: record.id,
    VpcId: record.vpcId,
    ...owner(record),
    IsDefault: record.isDefault,
    Associations: record.subnetIds.map((SubnetId) => ({ SubnetId, NetworkAclId: record.id })),
    Entries: record.entries.map(naclEntry),
  };
}

function naclEntry({ number, direction, action, traffic, peer }: NaclEntry): object {
  return {
    RuleNumber: number,
    Egress: direction === 'out',
    RuleAction: action,
    Protocol: String(traffic.protocol),
    [peer.address.family === 4 ? 'CidrBlock' : 'Ipv6CidrBlock']: formatPrefix(peer),
    ...(hasPorts(traffic.protocol) && { PortRange: { From: traffic.firstPortOrIcmp, To: traffic.lastPortOrIcmp } }),
    ...(isIcmp(traffic.protocol) && { IcmpTypeCode: { Type: icmp(traffic).type, Code: icmp(traffic).code } }),
  };
}

/** PKT-05: type and code with -1 as the wildcard. */
function icmp({ firstPortOrIcmp: first, lastPortOrIcmp: last }: Traffic): { type: number; code: number } {
  if (first === last) return { type: first >> 8, code: first & 255 };
  return { type: first >> 8 === last >> 8 ? first >> 8 : -1, code: -1 };
}

function securityGroup(record: SecurityGroup): object {
  return {
    GroupId: record.id,
    GroupName: record.groupName,
    VpcId: record.vpcId,
    ...owner(record),
    IpPermissions: record.rules.filter((rule) => rule.direction === 'in').flatMap(permission),
    IpPermissionsEgress: record.rules.filter((rule) => rule.direction === 'out').flatMap(permission),
  };
}

/** PKT-02: the protocols that the API knows by name. */
const NAMES = new Map([
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [ICMP, 'icmp'],
  [ICMPV6, 'icmpv6'],
]);

function permission({ traffic, peer }: SecurityGroupRule): object[] {
  if (traffic === null || peer.kind === 'unreadable') return [];
  const ports = hasPorts(traffic.protocol) && { FromPort: traffic.firstPortOrIcmp, ToPort: traffic.lastPortOrIcmp };
  const types = isIcmp(traffic.protocol) && { FromPort: icmp(traffic).type, ToPort: icmp(traffic).code };
  const protocol = { IpProtocol: NAMES.get(traffic.protocol) ?? String(traffic.protocol), ...ports, ...types };
  switch (peer.kind) {
    case 'cidr': {
      const text = formatPrefix(peer.prefix);
      const isV4 = peer.prefix.address.family === 4;
      return [{ ...protocol, ...(isV4 ? { IpRanges: [{ CidrIp: text }] } : { Ipv6Ranges: [{ CidrIpv6: text }] }) }];
    }
    case 'prefix-list':
      return [{ ...protocol, PrefixListIds: [{ PrefixListId: peer.id }] }];
    case 'group': {
      const pair = {
        GroupId: peer.groupId,
        ...(peer.account && { UserId: peer.account }),
        ...(peer.vpcId && { VpcId: peer.vpcId }),
        ...(peer.peeringId && { VpcPeeringConnectionId: peer.peeringId, PeeringStatus: peer.peeringStatus }),
      };
      return [{ ...protocol, UserIdGroupPairs: [pair] }];
    }
  }
}

function networkInterface(record: NetworkInterface): object {
  const { tcpEstablished, udpStream, udp } = record.tracking;
  const [primary] = record.privateAddresses;
  return {
    NetworkInterfaceId: record.id,
    VpcId: record.vpcId,
    SubnetId: record.subnetId,
    ...owner(record, 'TagSet'),
    Status: record.status,
    InterfaceType: record.interfaceType,
    Description: record.description ?? '',
    ...(/balancer/.test(record.owner) && { RequesterId: 'amazon-elb', RequesterManaged: true }),
    SourceDestCheck: record.sourceDestCheck,
    DenyAllIgwTraffic: record.denyAllIgwTraffic,
    ...(primary && { PrivateIpAddress: formatAddress(primary.address) }),
    PrivateIpAddresses: record.privateAddresses.map(({ address, isPrimary, publicAddress }) => ({
      PrivateIpAddress: formatAddress(address),
      Primary: isPrimary,
      ...(publicAddress && { Association: { PublicIp: formatAddress(publicAddress) } }),
    })),
    Ipv6Addresses: record.ipv6Addresses.map((address) => ({ Ipv6Address: formatAddress(address) })),
    Ipv4Prefixes: ofFamily(record.delegated, 4).map((Ipv4Prefix) => ({ Ipv4Prefix })),
    Ipv6Prefixes: ofFamily(record.delegated, 6).map((Ipv6Prefix) => ({ Ipv6Prefix })),
    Groups: record.groupIds.map((GroupId) => ({ GroupId })),
    ...(record.instanceId && { Attachment: { InstanceId: record.instanceId, DeviceIndex: record.deviceIndex ?? 0 } }),
    ConnectionTrackingConfiguration: {
      ...(tcpEstablished !== null && { TcpEstablishedTimeout: tcpEstablished }),
      ...(udpStream !== null && { UdpStreamTimeout: udpStream }),
      ...(udp !== null && { UdpTimeout: udp }),
    },
  };
}
