/** What is wrong between records: reported, with a missing fact where AWS would not allow it, and nothing is removed. */

import { describe, expect, test } from 'vitest';
import {
  entry,
  instance,
  load,
  loadFiles,
  networkAcl,
  networkInterface,
  problemsOf,
  routeTable,
  securityGroup,
  subnet,
  vpc,
} from '../support/documents.ts';

const good = {
  Vpcs: [vpc()],
  Subnets: [subnet()],
  RouteTables: [routeTable({ Associations: [{ SubnetId: 'subnet-1' }] })],
  NetworkAcls: [networkAcl([entry()], { Associations: [{ SubnetId: 'subnet-1' }] })],
  SecurityGroups: [securityGroup([])],
  NetworkInterfaces: [networkInterface()],
  Instances: [instance()],
  InternetGateways: [],
  NatGateways: [],
  VpcPeeringConnections: [],
  ManagedPrefixLists: [],
  EgressOnlyInternetGateways: [],
  Addresses: [],
};

test('a network without contradictions has no problems', () => {
  expect(problemsOf(load(good))).toEqual([]);
});

describe('references to what the snapshot lacks', () => {
  const route = (target: object): object => ({ DestinationCidrBlock: '0.0.0.0/0', State: 'active', ...target });
  const permission = (peers: object): object => ({ IpProtocol: '-1', ...peers });
  const cases = [
    [
      'the VPC of a subnet',
      { Subnets: [subnet({ VpcId: 'vpc-9' })] },
      '"subnet-1" names VPC "vpc-9"',
      '/Subnets/0/VpcId',
    ],
    [
      'the subnet of an interface',
      { NetworkInterfaces: [networkInterface({ SubnetId: 'subnet-9' })] },
      '"eni-1" names subnet "subnet-9"',
      '/NetworkInterfaces/0/SubnetId',
    ],
    [
      'the group of an interface',
      { NetworkInterfaces: [networkInterface({ Groups: [{ GroupId: 'sg-9' }] })] },
      '"eni-1" names security group "sg-9"',
      '/NetworkInterfaces/0/Groups',
    ],
    [
      'the instance of an interface',
      { Instances: [] },
      '"eni-1" names instance "i-1"',
      '/NetworkInterfaces/0/Attachment',
    ],
    [
      'the subnet of an ACL',
      { NetworkAcls: [networkAcl([], { Associations: [{ SubnetId: 'subnet-9' }] })] },
      '"acl-1" names subnet "subnet-9"',
      '/NetworkAcls/0/Associations',
    ],
    [
      'the subnet of a route table',
      { RouteTables: [routeTable({ Associations: [{ SubnetId: 'subnet-9' }] })] },
      '"rtb-1" names subnet "subnet-9"',
      '/RouteTables/0/Associations',
    ],
    [
      'the gateway of a route',
      { RouteTables: [routeTable({ Routes: [route({ GatewayId: 'igw-9' })] })] },
      '"rtb-1" names internet gateway "igw-9"',
      '/RouteTables/0/Routes/0',
    ],
    [
      'the NAT gateway of a route',
      { RouteTables: [routeTable({ Routes: [route({ NatGatewayId: 'nat-9' })] })] },
      '"rtb-1" names NAT gateway "nat-9"',
      '/RouteTables/0/Routes/0',
    ],
    [
      'the interface of a route',
      { RouteTables: [routeTable({ Routes: [route({ NetworkInterfaceId: 'eni-9' })] })] },
      '"rtb-1" names network interface "eni-9"',
      '/RouteTables/0/Routes/0',
    ],
    [
      'the peering connection of a route',
      { RouteTables: [routeTable({ Routes: [route({ VpcPeeringConnectionId: 'pcx-9' })] })] },
      '"rtb-1" names peering connection "pcx-9"',
      '/RouteTables/0/Routes/0',
    ],
    [
      'the prefix list of a route',
      { RouteTables: [routeTable({ Routes: [{ DestinationPrefixListId: 'pl-9', GatewayId: 'local' }] })] },
      '"rtb-1" names prefix list "pl-9"',
      '/RouteTables/0/Routes/0',
    ],
    [
      'a group that a rule names',
      { SecurityGroups: [securityGroup([permission({ UserIdGroupPairs: [{ GroupId: 'sg-9' }] })])] },
      '"sg-1" names security group "sg-9"',
      '/SecurityGroups/0/IpPermissions/0/UserIdGroupPairs/0',
    ],
    [
      'a prefix list that a rule names',
      { SecurityGroups: [securityGroup([permission({ PrefixListIds: [{ PrefixListId: 'pl-9' }] })])] },
      '"sg-1" names prefix list "pl-9"',
      '/SecurityGroups/0/IpPermissions/0/PrefixListIds/0',
    ],
    [
      'the VPC of an internet gateway',
      { InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-9', State: 'available' }] }] },
      '"igw-1" names VPC "vpc-9"',
      '/InternetGateways/0/Attachments',
    ],
    [
      'the subnet of a NAT gateway',
      { NatGateways: [{ NatGatewayId: 'nat-1', VpcId: 'vpc-1', SubnetId: 'subnet-9', State: 'available' }] },
      '"nat-1" names subnet "subnet-9"',
      '/NatGateways/0/SubnetId',
    ],
    [
      'the interface of an Elastic IP address',
      { Addresses: [{ PublicIp: '198.51.100.10', AllocationId: 'eipalloc-1', NetworkInterfaceId: 'eni-9' }] },
      '"eipalloc-1" names network interface "eni-9"',
      '/Addresses/0/NetworkInterfaceId',
    ],
  ] as const;
  for (const [name, change, what, pointer] of cases) {
    test(name, () => {
      const network = load({ ...good, ...change });
      expect(problemsOf(network)).toEqual([`warning ${what}, which the snapshot lacks at snapshot.json#${pointer}`]);
      expect(network.facts).toEqual([]);
      // The same list cut off proves nothing, and neither does one that was not read.
      expect(problemsOf(load({ ...good, ...change, NextToken: 'more' }))).toHaveLength(1);
    });
  }

  test('a list that was not read is no contradiction', () => {
    expect(
      problemsOf(
        load({
          NetworkInterfaces: [networkInterface()],
          RouteTables: [routeTable({ Routes: [route({ GatewayId: 'igw-1' })] })],
        }),
      ),
    ).toEqual([]);
  });

  test('a blackhole leads to what is gone (RT-11)', () => {
    const gone = route({ NatGatewayId: 'nat-9', State: 'blackhole' });
    expect(problemsOf(load({ ...good, RouteTables: [routeTable({ Routes: [gone] })] }))).toEqual([]);
  });

  test('a stale rule names what is gone (SG-16)', () => {
    const stale = permission({ UserIdGroupPairs: [{ GroupId: 'sg-9', PeeringStatus: 'deleted' }] });
    expect(problemsOf(load({ ...good, SecurityGroups: [securityGroup([stale])] }))).toEqual([]);
  });

  test('a group of another account is missing only where that account’s groups were read', () => {
    const foreign = permission({ UserIdGroupPairs: [{ GroupId: 'sg-9', UserId: '444455556666' }] });
    const own = { SecurityGroups: [securityGroup([foreign], { OwnerId: '111122223333' })] };
    expect(problemsOf(loadFiles({ '111122223333/us-east-1/a.json': own }))).toEqual([]);
    const both = loadFiles({
      '111122223333/us-east-1/a.json': own,
      '444455556666/us-east-1/a.json': { SecurityGroups: [] },
    });
    expect(problemsOf(both)).toHaveLength(1);
  });

  test('the far VPC of a peering is missing only where its account and region were read', () => {
    const end = (VpcId: string, OwnerId: string): object => ({ VpcId, OwnerId, Region: 'us-east-1' });
    const peering = {
      VpcPeeringConnectionId: 'pcx-1',
      Status: { Code: 'active' },
      RequesterVpcInfo: end('vpc-1', '111122223333'),
      AccepterVpcInfo: end('vpc-2', '444455556666'),
    };
    const own = { Vpcs: [vpc()], VpcPeeringConnections: [peering] };
    expect(problemsOf(loadFiles({ '111122223333/us-east-1/a.json': own }))).toEqual([]);
    expect(
      problemsOf(loadFiles({ '111122223333/us-east-1/a.json': own, '444455556666/us-east-1/a.json': { Vpcs: [] } })),
    ).toEqual([
      'warning "pcx-1" names VPC "vpc-2", which the snapshot lacks at 111122223333/us-east-1/a.json#/VpcPeeringConnections/0/AccepterVpcInfo',
    ]);
  });
});

describe('what AWS does not allow', () => {
  const other = subnet({ SubnetId: 'subnet-2', CidrBlock: '10.0.2.0/24' });
  const cases = [
    [
      'two subnets that overlap',
      { Subnets: [subnet(), subnet({ SubnetId: 'subnet-2', CidrBlock: '10.0.1.128/25' })] },
      '10.0.1.128/25 of subnet "subnet-2" overlaps 10.0.1.0/24 of "subnet-1" at snapshot.json#/Subnets/1',
      ['cidrs:subnet-1', 'cidrs:subnet-2'],
    ],
    [
      'a subnet outside its VPC',
      { Subnets: [subnet(), subnet({ SubnetId: 'subnet-2', CidrBlock: '10.1.2.0/24' })] },
      '10.1.2.0/24 of subnet "subnet-2" is outside its VPC "vpc-1" at snapshot.json#/Subnets/1',
      ['cidrs:subnet-2'],
    ],
    [
      'two main route tables (RT-01)',
      {
        RouteTables: [
          routeTable({ Associations: [{ Main: true }] }),
          routeTable({ RouteTableId: 'rtb-2', Associations: [{ Main: true }] }),
        ],
      },
      'VPC "vpc-1" has 2 main route tables, "rtb-1" and "rtb-2" among them at snapshot.json#/RouteTables/1',
      ['main-route-table:vpc-1'],
    ],
    [
      'two default ACLs (NACL-01)',
      { NetworkAcls: [networkAcl([]), networkAcl([], { NetworkAclId: 'acl-2' })] },
      'VPC "vpc-1" has 2 default network ACLs, "acl-1" and "acl-2" among them at snapshot.json#/NetworkAcls/1',
      ['default-network-acl:vpc-1'],
    ],
    [
      'a subnet with two route tables (RT-01)',
      {
        RouteTables: [
          routeTable({ Associations: [{ SubnetId: 'subnet-1' }] }),
          routeTable({ RouteTableId: 'rtb-2', Associations: [{ SubnetId: 'subnet-1' }] }),
        ],
      },
      'subnet "subnet-1" is associated with two route tables: "rtb-1" and "rtb-2" at snapshot.json#/RouteTables/1/Associations',
      ['routes:subnet-1'],
    ],
    [
      'a subnet with two ACLs (NACL-01)',
      {
        NetworkAcls: [
          networkAcl([], { Associations: [{ SubnetId: 'subnet-1' }] }),
          networkAcl([], { NetworkAclId: 'acl-2', IsDefault: false, Associations: [{ SubnetId: 'subnet-1' }] }),
        ],
      },
      'subnet "subnet-1" is associated with two network ACLs: "acl-1" and "acl-2" at snapshot.json#/NetworkAcls/1/Associations',
      ['network-acl:subnet-1'],
    ],
    [
      'two interfaces of a VPC with one address',
      {
        Subnets: [subnet(), other],
        NetworkInterfaces: [networkInterface(), networkInterface({ NetworkInterfaceId: 'eni-2' })],
      },
      '10.0.1.10 belongs to "eni-1" and "eni-2", both in VPC "vpc-1" at snapshot.json#/NetworkInterfaces/1',
      ['address:vpc-1/10.0.1.10'],
    ],
  ] as const;
  for (const [name, change, what, facts] of cases) {
    test(`${name} is an error and a missing fact, and both records stay`, () => {
      const network = load({ ...good, ...change });
      expect(problemsOf(network)).toEqual([`error ${what}`]);
      expect(network.facts.map(({ key }) => key)).toEqual(facts);
      const kind = Object.keys(change).at(-1) as 'Subnets' | 'RouteTables' | 'NetworkAcls' | 'NetworkInterfaces';
      const kept = {
        Subnets: network.subnets,
        RouteTables: network.routeTables,
        NetworkAcls: network.networkAcls,
        NetworkInterfaces: network.networkInterfaces,
      };
      expect(kept[kind]).toHaveLength(2);
    });
  }

  test('nested overlaps are found behind a neighbour', () => {
    const blocks = ['10.0.0.0/17', '10.0.1.0/24', '10.0.200.0/24', '10.0.2.0/24'];
    const subnets = blocks.map((CidrBlock, i) => subnet({ SubnetId: `subnet-${i}`, CidrBlock }));
    expect(problemsOf(load({ Subnets: subnets }))).toHaveLength(2);
  });

  test('the same blocks in two VPCs are nothing special, nor are the same addresses', () => {
    const twin = {
      Vpcs: [vpc(), vpc({ VpcId: 'vpc-2' })],
      Subnets: [subnet(), subnet({ SubnetId: 'subnet-2', VpcId: 'vpc-2' })],
    };
    const enis = [
      networkInterface(),
      networkInterface({ NetworkInterfaceId: 'eni-2', VpcId: 'vpc-2', SubnetId: 'subnet-2' }),
    ];
    expect(problemsOf(load({ ...twin, NetworkInterfaces: enis }))).toEqual([]);
  });

  test('an address outside its subnet is a warning: the interface is walked where it says it is', () => {
    const network = load({ ...good, Subnets: [subnet({ CidrBlock: '10.0.7.0/24' })] });
    expect(problemsOf(network)).toEqual([
      'warning 10.0.1.10 of "eni-1" is outside its subnet "subnet-1" at snapshot.json#/NetworkInterfaces/0',
    ]);
  });
});
