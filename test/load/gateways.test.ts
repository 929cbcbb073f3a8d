/** Internet, egress-only and NAT gateways, peering connections, prefix lists, VPCs and subnets. */

import { describe, expect, test } from 'vitest';
import type { PeeringEnd } from '../../src/model/gateway.ts';
import { formatAddress, formatPrefix } from '../../src/net/address-text.ts';
import { listsOf, load, loadFiles, problemsOf, subnet, vpc } from '../support/documents.ts';

describe('gateways', () => {
  test('internet and egress-only gateways with their attachments (IGW-01)', () => {
    const network = load({
      InternetGateways: [
        { InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }], Tags: [] },
      ],
      EgressOnlyInternetGateways: [
        { EgressOnlyInternetGatewayId: 'eigw-1', Attachments: [{ VpcId: 'vpc-1', State: 'attached' }] },
      ],
    });
    expect(network.internetGateways).toMatchObject([
      { id: 'igw-1', attachments: [{ vpcId: 'vpc-1', state: 'available' }] },
    ]);
    expect(network.egressOnlyGateways).toMatchObject([
      { id: 'eigw-1', attachments: [{ vpcId: 'vpc-1', state: 'attached' }] },
    ]);
  });

  test('an attachment that cannot be read may be to any VPC, so the gateway is as good as not read', () => {
    const network = load({ InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 7 }] }] });
    expect(problemsOf(network)).toEqual([
      'error VpcId is 7, not a text at snapshot.json#/InternetGateways/0/Attachments/0/VpcId',
    ]);
    expect(network.internetGateways).toEqual([]);
    expect(listsOf(network)).toEqual(['internetGateways cut off']);
  });

  const nat = (members: object): object => ({
    NatGatewayId: 'nat-1',
    VpcId: 'vpc-1',
    SubnetId: 'subnet-1',
    State: 'available',
    NatGatewayAddresses: [{ PrivateIp: '10.0.9.7', PublicIp: '198.51.100.7', NetworkInterfaceId: 'eni-7' }],
    ...members,
  });

  const kinds = [
    ['public and zonal unless it says otherwise', {}, 'public', 'zonal'],
    ['private (NAT-04)', { ConnectivityType: 'private' }, 'private', 'zonal'],
    ['regional (NAT-08)', { AvailabilityMode: 'regional', SubnetId: null }, 'public', 'regional'],
    ['regional, by having no subnet (NAT-08)', { SubnetId: null }, 'public', 'regional'],
  ] as const;
  for (const [name, members, connectivity, availability] of kinds) {
    test(`a NAT gateway is ${name}`, () => {
      expect(load({ NatGateways: [nat(members)] }).natGateways).toMatchObject([
        { connectivity, availability, state: 'available' },
      ]);
    });
  }

  test('a NAT gateway has several addresses, of which the first is the primary one unless another says so', () => {
    const addresses = [
      { PrivateIp: '10.0.9.7', PublicIp: '198.51.100.7', IsPrimary: false },
      { PrivateIp: '10.0.9.8', PublicIp: null, IsPrimary: true },
      { PrivateIp: '10.0.9.9', Status: 'failed' },
    ];
    const [gateway] = load({ NatGateways: [nat({ NatGatewayAddresses: addresses })] }).natGateways;
    expect(
      gateway?.addresses.map(({ privateAddress, isPrimary }) => [formatAddress(privateAddress!), isPrimary]),
    ).toEqual([
      ['10.0.9.7', false],
      ['10.0.9.8', true],
    ]);
    expect(load({ NatGateways: [nat({})] }).natGateways[0]?.addresses[0]?.isPrimary).toBe(true);
  });

  test('a NAT gateway of a kind that nobody knows costs itself', () => {
    const network = load({ NatGateways: [nat({ ConnectivityType: 'odd' }), nat({ NatGatewayId: 'nat-2' })] });
    expect(problemsOf(network)).toEqual([
      'error ConnectivityType is "odd", not "public" or "private" at snapshot.json#/NatGateways/0/ConnectivityType',
    ]);
    expect(network.natGateways.map(({ id }) => id)).toEqual(['nat-2']);
    expect(listsOf(network)).toEqual(['natGateways cut off']);
  });
});

describe('peering connections', () => {
  const peering = (members: object): object => ({
    VpcPeeringConnectionId: 'pcx-1',
    Status: { Code: 'active' },
    RequesterVpcInfo: {
      VpcId: 'vpc-1',
      OwnerId: '111122223333',
      Region: 'us-east-1',
      CidrBlock: '10.0.0.0/16',
      CidrBlockSet: [{ CidrBlock: '10.0.0.0/16' }, { CidrBlock: '10.3.0.0/16' }],
    },
    AccepterVpcInfo: {
      VpcId: 'vpc-2',
      OwnerId: '444455556666',
      Region: 'us-west-2',
      CidrBlockSet: [{ CidrBlock: '10.7.0.0/16' }],
      Ipv6CidrBlockSet: [{ Ipv6CidrBlock: '2001:db8:7::/56' }],
    },
    ...members,
  });
  const blocks = ({ cidrs }: PeeringEnd): readonly string[] => cidrs.map(formatPrefix);

  test('both ends with every block', () => {
    const [read] = load({ VpcPeeringConnections: [peering({})] }).peerings;
    expect(read).toMatchObject({
      state: 'active',
      requester: { vpcId: 'vpc-1', account: '111122223333', region: 'us-east-1' },
      accepter: { vpcId: 'vpc-2', account: '444455556666', region: 'us-west-2' },
    });
    expect(blocks(read!.requester)).toEqual(['10.0.0.0/16', '10.3.0.0/16']);
    expect(blocks(read!.accepter)).toEqual(['10.7.0.0/16', '2001:db8:7::/56']);
  });

  test('two accounts see one connection: what one cannot see the other tells', () => {
    const blind = { VpcId: 'vpc-2', OwnerId: '444455556666' };
    const network = loadFiles({
      '111122223333/p.json': { VpcPeeringConnections: [peering({ AccepterVpcInfo: blind })] },
      '444455556666/p.json': { VpcPeeringConnections: [peering({ RequesterVpcInfo: { VpcId: 'vpc-1' } })] },
    });
    expect(network.peerings).toHaveLength(1);
    expect(network.peerings[0]).toMatchObject({
      accepter: { region: 'us-west-2' },
      requester: { account: '111122223333' },
    });
    expect(blocks(network.peerings[0]!.accepter)).toHaveLength(2);
    expect(blocks(network.peerings[0]!.requester)).toHaveLength(2);
    expect(problemsOf(network)).toEqual([]);
  });

  test('a state in which they differ is a warning', () => {
    const network = loadFiles({
      'a.json': { VpcPeeringConnections: [peering({})] },
      'b.json': { VpcPeeringConnections: [peering({ Status: { Code: 'deleted' } })] },
    });
    expect(network.problems).toMatchObject([{ severity: 'warning' }]);
    expect(network.problems[0]?.what).toContain('peering connection "pcx-1" is described differently');
  });
});

describe('prefix lists', () => {
  const entriesOf = (document: object, file = 'snapshot.json'): readonly unknown[] =>
    load(document, file).prefixLists.map(({ id, entries }) => [id, entries?.map(formatPrefix) ?? null]);

  test('AWS’s own come with their blocks', () => {
    const list = {
      PrefixListId: 'pl-1',
      PrefixListName: 'com.amazonaws.us-east-1.s3',
      Cidrs: ['52.216.0.0/15', '3.5.0.0/20'],
    };
    expect(entriesOf({ PrefixLists: [list] })).toEqual([['pl-1', ['52.216.0.0/15', '3.5.0.0/20']]]);
    expect(load({ PrefixLists: [list] }).prefixLists[0]?.listName).toBe('com.amazonaws.us-east-1.s3');
  });

  test('managed ones come without, unless somebody put them in', () => {
    expect(entriesOf({ ManagedPrefixLists: [{ PrefixListId: 'pl-1' }] })).toEqual([['pl-1', null]]);
    const entries = [{ Cidr: '10.0.0.0/8', Description: 'all' }];
    expect(entriesOf({ ManagedPrefixLists: [{ PrefixListId: 'pl-1', Entries: entries }] })).toEqual([
      ['pl-1', ['10.0.0.0/8']],
    ]);
  });

  test('entries of one list name it in the document or by their file', () => {
    const Entries = [{ Cidr: '10.0.0.0/8' }];
    expect(entriesOf({ PrefixListId: 'pl-1', Entries })).toEqual([['pl-1', ['10.0.0.0/8']]]);
    expect(entriesOf({ Entries }, 'us-east-1/pl-0123abc.json')).toEqual([['pl-0123abc', ['10.0.0.0/8']]]);
    expect(entriesOf({ Entries }, 'entries-pl-0123abc.json')).toEqual([['pl-0123abc', ['10.0.0.0/8']]]);
    expect(entriesOf({ data: { Entries } }, 'pl-9.json')).toEqual([['pl-9', ['10.0.0.0/8']]]);
  });

  test('entries that nobody can place are a problem', () => {
    const network = load({ Vpcs: [vpc()], Entries: [{ Cidr: '10.0.0.0/8' }] }, 'apl-1.json');
    expect(problemsOf(network)).toEqual(['warning unknown key "Entries" at apl-1.json#/Entries']);
  });

  test('list and entries from two calls are one list', () => {
    const network = loadFiles({
      'lists.json': { ManagedPrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'offices' }] },
      'pl-1.json': { Entries: [{ Cidr: '10.0.0.0/8' }] },
    });
    expect(network.prefixLists).toMatchObject([{ id: 'pl-1', listName: 'offices' }]);
    expect(network.prefixLists[0]?.entries).toHaveLength(1);
    expect(problemsOf(network)).toEqual([]);
  });

  test('a list with an entry that cannot be read is a list whose entries are not known', () => {
    const network = load({ PrefixLists: [{ PrefixListId: 'pl-1', Cidrs: ['10.0.0.0/8', '10.0.0.0/33'] }] });
    expect(problemsOf(network)).toEqual([
      'error prefix "10.0.0.0/33": length 33 is over 32 at snapshot.json#/PrefixLists/0/Cidrs/1',
    ]);
    expect(network.prefixLists[0]?.entries).toBeNull();
  });

  test('so is one whose entries were cut off', () => {
    const network = load({ PrefixListId: 'pl-1', Entries: [{ Cidr: '10.0.0.0/8' }], NextToken: 'more' });
    expect(network.prefixLists[0]?.entries).toBeNull();
    expect(problemsOf(network)).toEqual([
      'error list cut off: NextToken "more" is left over at snapshot.json#/NextToken',
    ]);
  });

  test('AWS’s own lists prove nothing about customers’, the managed ones about all', () => {
    expect(listsOf(load({ PrefixLists: [] }))).toEqual(['prefixLists cut off']);
    expect(listsOf(load({ PrefixLists: [], ManagedPrefixLists: [] }))).toEqual([
      'prefixLists complete',
      'prefixLists complete',
    ]);
  });
});

describe('VPCs and subnets', () => {
  test('every associated block, the primary one first', () => {
    const secondary = { CidrBlock: '100.64.0.0/16', CidrBlockState: { State: 'associated' } };
    const network = load({
      Vpcs: [
        vpc({
          CidrBlockAssociationSet: [
            secondary,
            { CidrBlock: '10.0.0.0/16' },
            { CidrBlock: '10.9.0.0/16', CidrBlockState: { State: 'disassociated' } },
          ],
          Ipv6CidrBlockAssociationSet: [
            { Ipv6CidrBlock: '2001:db8::/56', Ipv6CidrBlockState: { State: 'associated' } },
          ],
          IsDefault: true,
        }),
      ],
    });
    expect(network.vpcs[0]?.cidrs.map(formatPrefix)).toEqual(['10.0.0.0/16', '100.64.0.0/16', '2001:db8::/56']);
    expect(network.vpcs[0]).toMatchObject({ isDefault: true, dnsSupport: null });
  });

  test('a subnet of v6 alone has no v4 block (RT-20)', () => {
    const network = load({
      Subnets: [
        subnet({
          CidrBlock: '',
          Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/64' }],
          EnableDns64: true,
          MapPublicIpOnLaunch: true,
        }),
      ],
    });
    expect(network.subnets[0]?.cidrs.map(formatPrefix)).toEqual(['2001:db8::/64']);
    expect(network.subnets[0]).toMatchObject({ dns64: true, mapPublicIpOnLaunch: true });
    expect(problemsOf(network)).toEqual([]);
  });

  test('a block that cannot be read leaves open what belongs to the VPC', () => {
    const network = load({ Vpcs: [vpc({ CidrBlockAssociationSet: [{ CidrBlock: '10.1.0.0/99' }] })] });
    expect(network.vpcs[0]?.cidrs.map(formatPrefix)).toEqual(['10.0.0.0/16']);
    expect(network.facts).toMatchObject([{ key: 'cidrs:vpc-1' }]);
    expect(listsOf(network)).toEqual(['vpcs cut off']);
  });

  test('a VPC without any block is one whose blocks are not known', () => {
    const network = load({ Vpcs: [{ VpcId: 'vpc-1' }] });
    expect(problemsOf(network)).toEqual(['error "vpc-1" has no CIDR block at snapshot.json#/Vpcs/0']);
    expect(network.facts).toMatchObject([{ key: 'cidrs:vpc-1' }]);
  });

  test('an answer of describe-vpc-attribute tells whether the VPC has DNS', () => {
    const network = loadFiles({
      'a.json': { Vpcs: [vpc(), vpc({ VpcId: 'vpc-2' })] },
      'b.json': { VpcId: 'vpc-1', EnableDnsSupport: { Value: false } },
      'c.json': { VpcId: 'vpc-2', EnableDnsHostnames: { Value: false } },
    });
    expect(network.vpcs.map(({ dnsSupport }) => dnsSupport)).toEqual([false, null]);
    expect(problemsOf(network)).toEqual([]);
  });
});
