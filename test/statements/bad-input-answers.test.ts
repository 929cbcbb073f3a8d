/** Input that contradicts itself leaves open what depends on it: unknown, never a guess in either direction. */

import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import type { Trace } from '../../src/explain/trace.ts';
import { loadDocuments } from '../../src/load/load.ts';

type Lists = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

const EVERYTHING = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];

function acl(id: string, subnets: readonly string[], Entries: readonly unknown[] = [false, true].map(allowAll)) {
  const Associations = subnets.map((SubnetId) => ({ SubnetId, NetworkAclId: id }));
  return { NetworkAclId: id, VpcId: 'vpc-1', IsDefault: id === 'acl-1', Associations, Entries };
}

function allowAll(Egress: boolean) {
  return { RuleNumber: 100, Egress, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' };
}

function eni(id: string, address: string, SubnetId: string, publicAddress?: string) {
  const Association = publicAddress === undefined ? null : { PublicIp: publicAddress };
  return {
    NetworkInterfaceId: id,
    SubnetId,
    VpcId: 'vpc-1',
    Status: 'in-use',
    InterfaceType: 'interface',
    SourceDestCheck: true,
    Groups: [{ GroupId: 'sg-1' }],
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address, Association }],
  };
}

const SOUND: Lists = {
  Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
  Subnets: [
    { SubnetId: 'subnet-p', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' },
    { SubnetId: 'subnet-q', VpcId: 'vpc-1', CidrBlock: '10.0.2.0/24' },
  ],
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', Origin: 'CreateRoute', State: 'active' },
      ],
    },
  ],
  InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] }],
  NetworkAcls: [acl('acl-1', ['subnet-p', 'subnet-q'])],
  SecurityGroups: [
    {
      GroupId: 'sg-1',
      GroupName: 'open',
      VpcId: 'vpc-1',
      IpPermissions: EVERYTHING,
      IpPermissionsEgress: EVERYTHING,
    },
  ],
  NetworkInterfaces: [eni('eni-a', '10.0.1.10', 'subnet-p', '198.51.100.10'), eni('eni-b', '10.0.2.20', 'subnet-q')],
};

const A_TO_B = 'tcp 10.0.1.10:40000 > 10.0.2.20:443';
const A_OUT = 'tcp 10.0.1.10:40000 > 203.0.113.7:443';
const A_IN = 'tcp 203.0.113.7:40000 > 198.51.100.10:443';

function walk(changes: Lists, packet: string): Trace {
  return createNet(loadDocuments([{ file: 'all.json', json: { ...SOUND, ...changes } }])).walk(packet);
}

test('the sound input answers for certain', () => {
  expect([A_TO_B, A_OUT, A_IN].map((packet) => walk({}, packet).verdict)).toEqual([
    'delivered',
    'delivered',
    'delivered',
  ]);
});

const contradictions: readonly (readonly [what: string, changes: Lists, packet: string])[] = [
  [
    'two overlapping subnets',
    {
      Subnets: [...SOUND.Subnets!, { SubnetId: 'subnet-x', VpcId: 'vpc-1', CidrBlock: '10.0.2.0/25' }],
      NetworkAcls: [...SOUND.NetworkAcls!, acl('acl-x', ['subnet-x'], [])],
    },
    A_TO_B,
  ],
  ['an interface in a subnet that is not there', { Subnets: SOUND.Subnets!.slice(0, 1) }, A_TO_B],
  [
    'two main tables',
    {
      RouteTables: [
        ...SOUND.RouteTables!,
        { RouteTableId: 'rtb-2', VpcId: 'vpc-1', Associations: [{ Main: true }], Routes: [] },
      ],
    },
    A_OUT,
  ],
  ['a subnet with two ACLs', { NetworkAcls: [...SOUND.NetworkAcls!, acl('acl-x', ['subnet-p'], [])] }, A_OUT],
  [
    'two interfaces with one address, of which one refuses',
    {
      NetworkInterfaces: [
        ...SOUND.NetworkInterfaces!,
        { ...eni('eni-c', '10.0.2.20', 'subnet-q'), Groups: [{ GroupId: 'sg-2' }] },
      ],
      SecurityGroups: [
        ...SOUND.SecurityGroups!,
        { GroupId: 'sg-2', GroupName: 'shut', VpcId: 'vpc-1', IpPermissions: [], IpPermissionsEgress: [] },
      ],
    },
    A_TO_B,
  ],
  [
    'a public address that cannot be read',
    { NetworkInterfaces: [eni('eni-a', '10.0.1.10', 'subnet-p', 'x'), SOUND.NetworkInterfaces![1]!] },
    A_OUT,
  ],
  [
    'a block of the VPC that cannot be read',
    {
      Vpcs: [
        {
          VpcId: 'vpc-1',
          CidrBlock: '10.0.0.0/16',
          CidrBlockAssociationSet: [{ CidrBlock: '10.0.0.0/16' }, { CidrBlock: '10.9.0.0/99' }],
        },
      ],
    },
    'tcp 10.0.1.10:40000 > 10.9.0.1:443',
  ],
  ['a route table without its routes', { RouteTables: [{ ...SOUND.RouteTables![0]!, Routes: null }] }, A_OUT],
  ['a route to an internet gateway that is not there, going out', { InternetGateways: [] }, A_OUT],
  ['a route to an internet gateway that is not there, coming in', { InternetGateways: [] }, A_IN],
];
for (const [what, changes, packet] of contradictions) {
  test(`${what}: unknown`, () => {
    expect(walk(changes, packet).verdict).toBe('unknown');
  });
}
