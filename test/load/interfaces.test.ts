/** Network interfaces and Elastic IP addresses (IGW-04, IGW-05, CT-12, SG-22, RT-19). */

import { describe, expect, test } from 'vitest';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import { formatAddress, formatPrefix } from '../../src/net/address-text.ts';
import { listsOf, load, networkInterface, problemsOf } from '../support/documents.ts';

function read(members: object): NetworkInterface {
  return load({ NetworkInterfaces: [{ ...networkInterface(), ...members }] }).networkInterfaces[0]!;
}

/** Addresses as `private`, or `private = public`; the primary one starred. */
function addresses({ privateAddresses, ipv6Addresses, delegated }: NetworkInterface): readonly string[] {
  return [
    ...privateAddresses.map(({ address, isPrimary, publicAddress }) => {
      const pair = publicAddress === null ? '' : ` = ${formatAddress(publicAddress)}`;
      return `${formatAddress(address)}${isPrimary ? '*' : ''}${pair}`;
    }),
    ...ipv6Addresses.map(formatAddress),
    ...delegated.map(formatPrefix),
  ];
}

describe('addresses', () => {
  test('every private address has its own public one (IGW-04)', () => {
    const own = [
      { Primary: true, PrivateIpAddress: '10.0.1.10', Association: { PublicIp: '198.51.100.10' } },
      { Primary: false, PrivateIpAddress: '10.0.1.11', Association: { PublicIp: '198.51.100.11' } },
      { Primary: false, PrivateIpAddress: '10.0.1.12' },
    ];
    const each = read({ PrivateIpAddresses: own, Association: { PublicIp: '198.51.100.10' } });
    expect(addresses(each)).toEqual(['10.0.1.10* = 198.51.100.10', '10.0.1.11 = 198.51.100.11', '10.0.1.12']);
  });

  test('v6 addresses and delegated prefixes', () => {
    const each = read({
      Ipv6Addresses: [{ Ipv6Address: '2001:DB8::A' }],
      Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.16/28' }],
      Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8:0:1::/80' }],
    });
    expect(addresses(each)).toEqual(['10.0.1.10*', '2001:db8::a', '10.0.1.16/28', '2001:db8:0:1::/80']);
  });

  test('an older answer has one address and its association at the top', () => {
    expect(addresses(read({ PrivateIpAddresses: null, Association: { PublicIp: '198.51.100.10' } }))).toEqual([
      '10.0.1.10* = 198.51.100.10',
    ]);
    expect(addresses(read({ Association: { PublicIp: '198.51.100.10' } }))).toEqual(['10.0.1.10* = 198.51.100.10']);
  });

  const bad = [
    [
      { PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.300' }] },
      'address "10.0.1.300" is not an IPv4 address',
      '/PrivateIpAddresses/0/PrivateIpAddress',
      [],
    ],
    [{ PrivateIpAddresses: [{}] }, 'address is missing', '/PrivateIpAddresses/0/PrivateIpAddress', []],
    [
      { PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10', Association: { PublicIp: 7 } }] },
      'address is 7, not a text',
      '/PrivateIpAddresses/0/Association/PublicIp',
      ['10.0.1.10*'],
    ],
    [
      { Ipv6Addresses: [{ Ipv6Address: 'fe80::1%eth0' }] },
      'address "fe80::1%eth0": zone ids mean nothing outside one host',
      '/Ipv6Addresses/0/Ipv6Address',
      ['10.0.1.10*'],
    ],
    [
      { Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.16' }] },
      'prefix "10.0.1.16" has no length: write ADDRESS/LENGTH',
      '/Ipv4Prefixes/0/Ipv4Prefix',
      ['10.0.1.10*'],
    ],
    [{ Ipv6Addresses: 'x' }, 'Ipv6Addresses is "x", not a list', '/Ipv6Addresses', ['10.0.1.10*']],
  ] as const;
  for (const [members, what, pointer, left] of bad) {
    test(`one that cannot be read costs itself, and the list proves nothing any more: ${what}`, () => {
      const network = load({ NetworkInterfaces: [{ ...networkInterface(), ...members }] });
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#/NetworkInterfaces/0${pointer}`]);
      expect(addresses(network.networkInterfaces[0]!)).toEqual(left);
      expect(listsOf(network)).toEqual(['networkInterfaces cut off']);
      expect(network.facts).toMatchObject([{ key: 'addresses:eni-1' }]);
    });
  }
});

describe('who answers there', () => {
  const amazon = { RequesterId: 'amazon-elb', Attachment: { InstanceOwnerId: 'amazon-elb' } };
  const aws = { RequesterId: '644160558196', RequesterManaged: true, Attachment: { InstanceOwnerId: 'amazon-aws' } };
  const cases = [
    ['an attached instance', {}, 'instance'],
    ['the type of a NAT gateway', { ...aws, InterfaceType: 'nat_gateway' }, 'nat-gateway'],
    ['its older spelling', { ...aws, InterfaceType: 'natGateway' }, 'nat-gateway'],
    ['the description of a NAT gateway', { ...aws, Description: 'Interface for NAT Gateway nat-1' }, 'nat-gateway'],
    ['an application load balancer', { ...amazon, Description: 'ELB app/web/50dc6c495c0c9188' }, 'load-balancer'],
    ['a classic load balancer', { ...amazon, Description: 'ELB web' }, 'load-balancer'],
    ['a network load balancer', { ...amazon, Description: 'ELB net/web/50dc6c495c0c9188' }, 'network-load-balancer'],
    ['its type', { ...amazon, InterfaceType: 'network_load_balancer' }, 'network-load-balancer'],
    ['a gateway load balancer', { ...amazon, Description: 'ELB gwy/fw/50dc6c495c0c9188' }, 'gateway-load-balancer'],
    ['an endpoint', { ...aws, Description: 'VPC Endpoint Interface vpce-1' }, 'endpoint'],
    ['the type of an endpoint', { ...aws, InterfaceType: 'vpc_endpoint' }, 'endpoint'],
    [
      'a gateway load balancer endpoint',
      { ...aws, InterfaceType: 'gateway_load_balancer_endpoint' },
      'gateway-load-balancer-endpoint',
    ],
    [
      'a transit gateway',
      { ...aws, Description: 'Network Interface for Transit Gateway Attachment tgw-attach-1' },
      'transit-gateway',
    ],
    ['a function', { ...aws, Description: 'AWS Lambda VPC ENI-f-0000' }, 'lambda'],
    [
      'a database',
      { RequesterManaged: true, Description: 'RDSNetworkInterface', Attachment: { InstanceOwnerId: 'amazon-rds' } },
      'other',
    ],
    ['a file system', { RequesterManaged: true, Description: 'EFS mount target for fs-1', Attachment: null }, 'other'],
    ['nothing attached', { Attachment: null, Status: 'available' }, 'other'],
    [
      'a description that somebody wrote on an interface of their own',
      { Attachment: null, Description: 'ELB app/mine' },
      'other',
    ],
    ['an instance whose interface is described like a load balancer', { Description: 'ELB app/mine' }, 'instance'],
  ] as const;
  for (const [name, members, owner] of cases) {
    test(`${name}: ${owner}`, () => {
      expect(read(members).owner).toBe(owner);
    });
  }
});

describe('the rest of an interface', () => {
  test('unset members have the values that AWS starts with (RT-19)', () => {
    expect(
      read({ SourceDestCheck: null, DenyAllIgwTraffic: null, ConnectionTrackingConfiguration: null }),
    ).toMatchObject({
      sourceDestCheck: true,
      denyAllIgwTraffic: false,
      tracking: { tcpEstablished: null, udpStream: null, udp: null },
    });
  });

  test('set ones are read (IGW-05, CT-12)', () => {
    const times = { TcpEstablishedTimeout: 3600, UdpStreamTimeout: 120, UdpTimeout: 45 };
    expect(
      read({ SourceDestCheck: false, DenyAllIgwTraffic: true, ConnectionTrackingConfiguration: times }),
    ).toMatchObject({
      sourceDestCheck: false,
      denyAllIgwTraffic: true,
      tracking: { tcpEstablished: 3600, udpStream: 120, udp: 45 },
    });
  });

  test('a group that cannot be read is one whose rules are not known', () => {
    const network = load({
      NetworkInterfaces: [networkInterface({ Groups: [{ GroupId: 'sg-1' }, { GroupName: 'db' }] })],
    });
    expect(network.networkInterfaces[0]?.groupIds).toEqual(['sg-1', '(unreadable group of eni-1)']);
    expect(problemsOf(network)).toEqual([
      'error group without a GroupId at snapshot.json#/NetworkInterfaces/0/Groups/1',
    ]);
    expect(network.facts).toMatchObject([{ key: 'groups:eni-1' }]);
  });

  test('an interface of an instance without groups does not exist in AWS, one of a service does (SG-22)', () => {
    const network = load({ NetworkInterfaces: [networkInterface({ Groups: [] })] });
    expect(problemsOf(network)).toEqual([
      'error "eni-1" of an instance has no security group at snapshot.json#/NetworkInterfaces/0/Groups',
    ]);
    expect(network.networkInterfaces[0]?.groupIds).toEqual(['(unreadable group of eni-1)']);
    expect(read({ Groups: [], InterfaceType: 'nat_gateway' }).groupIds).toEqual([]);
  });

  test('a description that is no text costs only itself', () => {
    const network = load({ NetworkInterfaces: [networkInterface({ Description: 7 })] });
    expect(problemsOf(network)).toEqual([
      'warning Description is 7, not a text at snapshot.json#/NetworkInterfaces/0/Description',
    ]);
    expect(network.networkInterfaces[0]).toMatchObject({ id: 'eni-1', description: null });
    expect(listsOf(network)).toEqual(['networkInterfaces complete']);
  });

  test('a check that is neither on nor off costs the interface: nobody knows what it forwards', () => {
    const network = load({ NetworkInterfaces: [networkInterface({ SourceDestCheck: 'no' })] });
    expect(problemsOf(network)).toEqual([
      'error SourceDestCheck is "no", not true or false at snapshot.json#/NetworkInterfaces/0/SourceDestCheck',
    ]);
    expect(network.networkInterfaces).toEqual([]);
    expect(listsOf(network)).toEqual(['networkInterfaces cut off']);
  });
});

describe('Elastic IP addresses', () => {
  const elastic = (members: object): object => ({
    AllocationId: 'eipalloc-1',
    PublicIp: '198.51.100.10',
    PrivateIpAddress: '10.0.1.10',
    NetworkInterfaceId: 'eni-1',
    ...members,
  });

  test('one pairs a public address with an interface that does not show it', () => {
    const network = load({ NetworkInterfaces: [networkInterface()], Addresses: [elastic({})] });
    expect(addresses(network.networkInterfaces[0]!)).toEqual(['10.0.1.10* = 198.51.100.10']);
    expect(network.elasticAddresses).toMatchObject([{ id: 'eipalloc-1', interfaceId: 'eni-1' }]);
  });

  test('the interface is believed where it shows another one', () => {
    const own = [{ PrivateIpAddress: '10.0.1.10', Association: { PublicIp: '198.51.100.99' } }];
    const network = load({
      NetworkInterfaces: [networkInterface({ PrivateIpAddresses: own })],
      Addresses: [elastic({})],
    });
    expect(addresses(network.networkInterfaces[0]!)).toEqual(['10.0.1.10* = 198.51.100.99']);
    expect(problemsOf(network)).toEqual([
      'warning 198.51.100.10 is paired with 10.0.1.10 of "eni-1", which shows 198.51.100.99 at snapshot.json#/Addresses/0',
    ]);
  });

  test('one that is paired with nothing, or has no allocation, is kept', () => {
    const network = load({ Addresses: [{ PublicIp: '198.51.100.10' }] });
    expect(network.elasticAddresses).toMatchObject([{ id: '198.51.100.10', privateAddress: null, interfaceId: null }]);
  });
});
