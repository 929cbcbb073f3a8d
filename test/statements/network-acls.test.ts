/** NACL: numbered, stateless, asked at the border of a subnet. */

import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { loadDocuments } from '../../src/load/load.ts';
import type { Network } from '../../src/model/network.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import { networkOf } from '../support/network.ts';
import { dualStackExample, example } from './example.ts';
import { asked, blockers, NACLS, netOf, outcome, sent, sessionOf, walk } from './walks.ts';

const TO_A = 'tcp 203.0.113.7:40000 > 198.51.100.10:443';

test('NACL-01: a subnet that no ACL names uses the default ACL of its VPC', () => {
  const network = networkOf(example({ defaultNacl: { in: ['100 deny all 0.0.0.0/0'] } }));
  const unnamed: Network = {
    ...network,
    networkAcls: network.networkAcls.map((acl) => (acl.isDefault ? { ...acl, subnetIds: [] } : acl)),
  };
  expect(outcome(createNet(unnamed).walk(TO_A))).toBe('dropped: nacl-in acl-default-1 100 SUBNET_ACL_RESTRICTION');
});

test('NACL-01: an ACL may serve several subnets', () => {
  const drawing = example({
    nacls: { shared: { in: ['100 deny tcp/443 0.0.0.0/0'] } },
    subnets: { P: { nacl: 'acl-shared' }, Q: { nacl: 'acl-shared' } },
  });
  expect(outcome(walk(drawing, TO_A))).toBe('dropped: nacl-in acl-shared 100 SUBNET_ACL_RESTRICTION');
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.2.20:443'))).toBe(
    'dropped: nacl-in acl-shared 100 SUBNET_ACL_RESTRICTION',
  );
});

const inOrder = [
  // entries                                                            outcome
  [['100 deny tcp/22 0.0.0.0/0', '110 allow all 0.0.0.0/0'], 'dropped: nacl-in acl-p 100 SUBNET_ACL_RESTRICTION'],
  [['110 deny tcp/22 0.0.0.0/0', '100 allow all 0.0.0.0/0'], 'delivered'],
] as const;
for (const [entries, expected] of inOrder) {
  test(`NACL-02: the lowest number that matches decides: ${entries.join(', ')}`, () => {
    const drawing = example({ subnets: { P: { nacl: { in: entries } } } });
    const trace = walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.10:22');
    expect(outcome(trace)).toBe(expected);
    expect(asked(trace.forward, 'nacl-in')).toEqual(['nacl-in acl-p 100']);
  });
}

test('NACL-02: inbound and outbound entries are lists of their own', () => {
  const drawing = example({
    subnets: { P: { nacl: { out: ['100 deny tcp/443 0.0.0.0/0', '110 allow all 0.0.0.0/0'] } } },
  });
  expect(outcome(walk(drawing, TO_A))).toBe('delivered');
});

const unreadable = [
  // an entry that could not be read may match anything, from its place in the order on
  [['90 deny unreadable', '100 allow all 0.0.0.0/0'], 'unknown'],
  [['100 allow all 0.0.0.0/0', '110 deny unreadable'], 'delivered'],
  [['90 allow unreadable', '100 allow all 0.0.0.0/0'], 'delivered'],
  [['90 allow unreadable', '100 deny all 0.0.0.0/0'], 'unknown'],
  [['90 unreadable', '100 allow all 0.0.0.0/0'], 'unknown'],
  [['80 deny tcp/443 0.0.0.0/0', '90 allow unreadable'], 'dropped'],
] as const;
for (const [entries, expected] of unreadable) {
  test(`NACL-02: with an entry that could not be read, ${entries.join(', ')}: ${expected}`, () => {
    expect(walk(example({ subnets: { P: { nacl: { in: entries } } } }), TO_A).verdict).toBe(expected);
  });
}

test('NACL-03: the same number may stand in both directions, and only once in each', () => {
  const entry = (number: number, egress: boolean, action: 'allow' | 'deny') => ({
    RuleNumber: number,
    Egress: egress,
    RuleAction: action,
    Protocol: '-1',
    CidrBlock: '0.0.0.0/0',
  });
  const acl = { NetworkAclId: 'acl-1', VpcId: 'vpc-1', IsDefault: false, Associations: [] };
  const entries = [entry(100, false, 'allow'), entry(100, true, 'deny'), entry(100, false, 'deny')];
  const network = loadDocuments([{ file: 'NetworkAcls.json', json: { NetworkAcls: [{ ...acl, Entries: entries }] } }]);
  const read = network.networkAcls[0]?.entries.filter(({ number }) => number === 100);
  expect(read?.map(({ direction, action }) => `${direction} ${action}`)).toEqual(['in allow', 'out deny']);
  expect(network.problems.map(({ origin }) => origin.pointer)).toContainEqual(
    expect.stringMatching(/^\/NetworkAcls\/0\/Entries\/2/),
  );
});

test('NACL-04: what no entry matches is denied by *, in either family', () => {
  const drawing = dualStackExample({
    subnets: { P: { nacl: { in: ['100 allow tcp/80 0.0.0.0/0', '101 allow tcp/80 ::/0'] } } },
  });
  expect(outcome(walk(drawing, TO_A))).toBe('dropped: nacl-in acl-p * SUBNET_ACL_RESTRICTION');
  expect(outcome(walk(drawing, 'tcp [2001:db8:ffff::7]:40000 > [2001:db8:1:1::a]:443'))).toBe(
    'dropped: nacl-in acl-p * SUBNET_ACL_RESTRICTION',
  );
});

test('NACL-05: where the input has no closing entries they are added, two in each direction', () => {
  const acl = { NetworkAclId: 'acl-1', VpcId: 'vpc-1', IsDefault: false, Associations: [], Entries: [] };
  const network = loadDocuments([{ file: 'NetworkAcls.json', json: { NetworkAcls: [acl] } }]);
  const closing = network.networkAcls[0]?.entries.map(
    ({ direction, number, action, peer }) => `${direction} ${number} ${action} ${formatPrefix(peer)}`,
  );
  expect(closing).toEqual([
    'in 32767 deny 0.0.0.0/0',
    'in 32768 deny ::/0',
    'out 32767 deny 0.0.0.0/0',
    'out 32768 deny ::/0',
  ]);
});

test('NACL-06: a default ACL edited before IPv6 came denies IPv6 in that direction only', () => {
  const drawing = dualStackExample({
    defaultNacl: {
      in: ['100 allow all 0.0.0.0/0'],
      out: ['100 allow all 0.0.0.0/0', '101 allow all ::/0'],
    },
  });
  const entering = walk(drawing, 'tcp [2001:db8:ffff::7]:40000 > [2001:db8:1:1::a]:443');
  expect(outcome(entering)).toBe('dropped: nacl-in acl-default-1 * SUBNET_ACL_RESTRICTION');
  const leaving = walk(drawing, 'tcp [2001:db8:1:1::a]:40000 > [2001:db8:ffff::7]:443');
  expect(asked(leaving.forward, 'nacl-out')).toEqual(['nacl-out acl-default-1 101']);
  expect(outcome(leaving)).toBe('one-way: nacl-in acl-default-1 * SUBNET_ACL_RESTRICTION');
});

test('NACL-07: a custom ACL without entries stops whatever crosses the border', () => {
  const drawing = example({ subnets: { P: { nacl: { in: [], out: [] } } } });
  expect(outcome(walk(drawing, TO_A))).toBe('dropped: nacl-in acl-p * SUBNET_ACL_RESTRICTION');
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 203.0.113.7:443'))).toBe(
    'dropped: nacl-out acl-p * SUBNET_ACL_RESTRICTION',
  );
});

/** The entries of one ACL, from the one entry given. */
function entriesFrom(entry: Readonly<Record<string, unknown>>): string[] {
  const acl = { NetworkAclId: 'acl-1', VpcId: 'vpc-1', IsDefault: false, Associations: [] };
  const Entries = [{ RuleNumber: 100, Egress: false, RuleAction: 'allow', ...entry }];
  const network = loadDocuments([{ file: 'NetworkAcls.json', json: { NetworkAcls: [{ ...acl, Entries }] } }]);
  return (network.networkAcls[0]?.entries ?? [])
    .filter(({ number }) => number === 100)
    .map(
      ({ traffic, peer }) =>
        `${traffic.protocol} ${traffic.firstPortOrIcmp}-${traffic.lastPortOrIcmp} ${formatPrefix(peer)}`,
    );
}

test('NACL-08: host bits of an entry are cleared, as AWS does', () => {
  expect(entriesFrom({ Protocol: '-1', CidrBlock: '100.68.0.18/18' })).toEqual(['-1 0-65535 100.68.0.0/18']);
});

test('NACL-08: entries of both families share one numbering', () => {
  const drawing = dualStackExample({
    subnets: { P: { nacl: { in: ['100 deny tcp/443 ::/0', '110 allow all 0.0.0.0/0', '120 allow all ::/0'] } } },
  });
  expect(outcome(walk(drawing, TO_A))).toBe('delivered');
  expect(outcome(walk(drawing, 'tcp [2001:db8:ffff::7]:40000 > [2001:db8:1:1::a]:443'))).toBe(
    'dropped: nacl-in acl-p 100 SUBNET_ACL_RESTRICTION',
  );
});

test('NACL-09: protocol -1 with ports 22-22 allows tcp/80', () => {
  expect(entriesFrom({ Protocol: '-1', CidrBlock: '0.0.0.0/0', PortRange: { From: 22, To: 22 } })).toEqual([
    '-1 0-65535 0.0.0.0/0',
  ]);
  expect(entriesFrom({ Protocol: '50', CidrBlock: '0.0.0.0/0', PortRange: { From: 22, To: 22 } })).toEqual([
    '50 0-65535 0.0.0.0/0',
  ]);
  const drawing = example({ subnets: { P: { nacl: { in: ['100 allow all 0.0.0.0/0'] } } } });
  expect(outcome(walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.10:80'))).toBe('delivered');
});

const portRange = [
  [1023, 'dropped: nacl-in acl-p * SUBNET_ACL_RESTRICTION'],
  [1024, 'delivered'],
  [65535, 'delivered'],
] as const;
for (const [port, expected] of portRange) {
  test(`NACL-10: an entry for 1024-65535 and port ${port}: ${expected}`, () => {
    const drawing = example({ subnets: { P: { nacl: { in: ['100 allow tcp/1024-65535 0.0.0.0/0'] } } } });
    expect(outcome(walk(drawing, `tcp 203.0.113.7:40000 > 198.51.100.10:${port}`))).toBe(expected);
  });
}

test('NACL-10: an entry for TCP or UDP without a port range cannot be read', () => {
  expect(entriesFrom({ Protocol: '6', CidrBlock: '0.0.0.0/0' })).toEqual([]);
  expect(entriesFrom({ Protocol: '17', CidrBlock: '0.0.0.0/0', PortRange: { From: 53, To: 53 } })).toEqual([
    '17 53-53 0.0.0.0/0',
  ]);
});

test('NACL-11: ICMP entries need type and code; protocol 58 on a v4 block means every type and code', () => {
  expect(entriesFrom({ Protocol: '1', CidrBlock: '0.0.0.0/0', IcmpTypeCode: { Type: 8, Code: -1 } })).toEqual([
    '1 2048-2303 0.0.0.0/0',
  ]);
  expect(entriesFrom({ Protocol: '1', CidrBlock: '0.0.0.0/0' })).toEqual([]);
  expect(entriesFrom({ Protocol: '58', Ipv6CidrBlock: '::/0' })).toEqual([]);
  expect(entriesFrom({ Protocol: '58', CidrBlock: '10.0.0.0/8' })).toEqual(['58 0-65535 10.0.0.0/8']);
});

test('NACL-12: between two interfaces of one subnet no ACL is asked, however strict', () => {
  const drawing = example({
    subnets: { P: { nacl: { in: [], out: [] } } },
    enis: { A2: { subnet: 'P', address: '10.0.1.11', groups: ['open'] } },
  });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.1.11:443');
  expect(outcome(trace)).toBe('delivered');
  expect(asked(trace.forward, ...NACLS)).toEqual([]);
  expect(asked(trace.reply, ...NACLS)).toEqual([]);
});

test('NACL-13: a TCP exchange between two subnets meets four lists', () => {
  const drawing = example({ subnets: { P: { nacl: {} }, Q: { nacl: {} } } });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.2.20:443');
  expect(asked(trace.forward, ...NACLS)).toEqual(['nacl-out acl-p 100', 'nacl-in acl-q 100']);
  expect(asked(trace.reply, ...NACLS)).toEqual(['nacl-out acl-q 100', 'nacl-in acl-p 100']);
});

test('NACL-13: without an inbound entry for the client’s port the SYN passes and the SYN-ACK does not', () => {
  const drawing = example({ subnets: { P: { nacl: { in: ['100 allow tcp/0-1023 0.0.0.0/0'] } } } });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.2.20:443');
  expect(trace.forward.outcome).toBe('delivered');
  expect(outcome(trace)).toBe('one-way: nacl-in acl-p * SUBNET_ACL_RESTRICTION');
});

test('NACL-14: an outbound deny added to an open connection stops its next answer', () => {
  const before = example({
    groups: { web: { in: ['tcp/443 from 203.0.113.0/24'] } },
    enis: { A: { groups: ['web'] } },
  });
  const after = {
    ...before,
    defaultNacl: { out: ['90 deny tcp/1024-65535 203.0.113.0/24', '100 allow all 0.0.0.0/0'] },
  };
  const session = sessionOf(before);
  session.send(TO_A, { at: 0 });
  expect(sent(session.answer({ at: 1 }))).toBe('delivered');
  session.apply({ kind: 'replace', network: { networkAcls: networkOf(after).networkAcls } });
  expect(sent(session.send(`${TO_A} flags A`, { at: 2 }))).toBe('delivered');
  expect(sent(session.answer({ at: 3 }))).toBe('dropped: nacl-out acl-default-1 90 SUBNET_ACL_RESTRICTION');
});

test('NACL-15: inbound entries match the client’s public address, outbound entries never match the own one', () => {
  const drawing = example({
    subnets: {
      P: {
        nacl: {
          in: ['100 allow tcp/443 203.0.113.0/24'],
          out: ['90 deny all 198.51.100.10/32', '100 allow all 203.0.113.0/24'],
        },
      },
    },
  });
  const trace = walk(drawing, TO_A);
  expect(outcome(trace)).toBe('delivered');
  expect(asked(trace.forward, 'nacl-in')).toEqual(['nacl-in acl-p 100']);
  expect(asked(trace.reply, 'nacl-out')).toEqual(['nacl-out acl-p 100']);
});

const CLOSED = example({
  groups: { none: { in: [], out: [] } },
  enis: { A: { groups: ['none'] }, D: { subnet: 'Q', address: '10.0.2.53', groups: ['open'] } },
  subnets: { P: { nacl: { in: [], out: [] } } },
});
const neverFiltered = [
  ['Amazon DNS', 'udp 10.0.1.10:40000 > 10.0.0.2:53'],
  ['Amazon DNS, link-local', 'udp 10.0.1.10:40000 > 169.254.169.253:53'],
  ['instance metadata', 'tcp 10.0.1.10:40000 > 169.254.169.254:80'],
  ['ECS task metadata', 'tcp 10.0.1.10:40000 > 169.254.170.2:80'],
  ['Amazon Time Sync', 'udp 10.0.1.10:40000 > 169.254.169.123:123'],
  ['Windows licensing', 'tcp 10.0.1.10:40000 > 169.254.169.250:1688'],
  ['Windows licensing, second address', 'tcp 10.0.1.10:40000 > 169.254.169.251:1688'],
] as const;
for (const [service, packet] of neverFiltered) {
  test(`NACL-16: ${service} is reached although ACL and group deny everything`, () => {
    const trace = walk(CLOSED, packet);
    expect(outcome(trace)).toBe('delivered');
    expect(asked(trace.forward, ...NACLS)).toEqual([]);
    expect(trace.forward.to.kind).toBe('aws-service');
  });
}

test('NACL-16: the addresses of the services in IPv6', () => {
  const drawing = dualStackExample({
    groups: { none: { in: [], out: [] } },
    enis: { A: { groups: ['none'] } },
    subnets: { P: { nacl: { in: [], out: [] } } },
  });
  const asks = (address: string, port: number): string =>
    outcome(walk(drawing, `udp [2001:db8:1:1::a]:40000 > [${address}]:${port}`));
  expect([asks('fd00:ec2::253', 53), asks('fd00:ec2::123', 123)]).toEqual(['delivered', 'delivered']);
  expect(outcome(walk(drawing, 'tcp [2001:db8:1:1::a]:40000 > [fd00:ec2::254]:80'))).toBe('delivered');
});

test('NACL-16, OPEN-03: any other address of the link-local services is exempt too, and the answer says so', () => {
  const trace = walk(CLOSED, 'tcp 10.0.1.10:40000 > 169.254.171.9:80');
  expect(outcome(trace)).toBe('delivered');
  expect(trace.assumptions).toContain('OPEN-03');
});

test('NACL-17: an own DNS server gets no exemption', () => {
  expect(outcome(walk(CLOSED, 'udp 10.0.1.10:40000 > 10.0.2.53:53'))).toMatch(/^dropped: security-group-out sg-none/);
  const onlyAcl = example({
    enis: { D: { subnet: 'Q', address: '10.0.2.53', groups: ['open'] } },
    subnets: { P: { nacl: { in: [], out: [] } } },
  });
  expect(outcome(walk(onlyAcl, 'udp 10.0.1.10:40000 > 10.0.2.53:53'))).toBe(
    'dropped: nacl-out acl-p * SUBNET_ACL_RESTRICTION',
  );
});

test('NACL-18: replies to a NAT gateway need 1024-65535 in the inbound list of its subnet', () => {
  const without = example({
    subnets: { N: { nacl: { in: ['100 allow all 10.0.0.0/16', '110 allow tcp/0-1023 0.0.0.0/0'] } } },
  });
  expect(outcome(walk(without, 'tcp 10.0.2.20:40000 > 203.0.113.7:443'))).toBe(
    'one-way: nacl-in acl-n * SUBNET_ACL_RESTRICTION',
  );
  const withThem = example({
    subnets: { N: { nacl: { in: ['100 allow all 10.0.0.0/16', '110 allow tcp/1024-65535 0.0.0.0/0'] } } },
  });
  expect(outcome(walk(withThem, 'tcp 10.0.2.20:40000 > 203.0.113.7:443'))).toBe('delivered');
});

test('NACL-18: a list that admits only part of 1024-65535 leaves it open whether the reply gets in', () => {
  const drawing = example({
    subnets: { N: { nacl: { in: ['100 allow all 10.0.0.0/16', '110 allow tcp/32768-65535 0.0.0.0/0'] } } },
  });
  expect(walk(drawing, 'tcp 10.0.2.20:40000 > 203.0.113.7:443').verdict).toBe('unknown');
});

/**
 * A and the NAT gateway H in one subnet. Its only table would send H's own packets back to H, were it not for NAT64: what A sends to
 * 64:ff9b::/96 leaves H as IPv4 and takes another route.
 */
const ownGateway = (nacl: { readonly in?: readonly string[]; readonly out?: readonly string[] }) =>
  dualStackExample({
    subnets: { P: { routes: { '64:ff9b::/96': 'nat-h', '0.0.0.0/0': 'igw' }, nacl } },
    nats: {
      G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' },
      H: { subnet: 'P', address: '10.0.1.5', public: '198.51.100.98' },
    },
  });
const BY_NAT64 = 'tcp [2001:db8:1:1::a]:40000 > [64:ff9b::c000:201]:443';

test('NACL-23, OPEN-05: to a NAT gateway in its own subnet a sender meets the outbound list, then the inbound one', () => {
  const { forward, reply, ...trace } = walk(ownGateway({}), BY_NAT64);
  expect(trace.verdict).toBe('delivered');
  expect(trace.assumptions).toContain('OPEN-05');
  expect(asked(forward, ...NACLS)).toEqual(['nacl-out acl-p 101', 'nacl-in acl-p 101', 'nacl-out acl-p 100']);
  // From the internet to the gateway, and then nothing on the last step, to A.
  expect(asked(reply, ...NACLS)).toEqual(['nacl-in acl-p 100']);
});

test('NACL-23, OPEN-05: a deny that only this reading finds is no "delivered"', () => {
  const trace = walk(
    ownGateway({ in: ['90 deny all 2001:db8:1:1::/64', '100 allow all 0.0.0.0/0', '101 allow all ::/0'] }),
    BY_NAT64,
  );
  expect(trace.verdict).not.toBe('delivered');
  expect(trace.assumptions).toContain('OPEN-05');
});

test('NACL-26: across a peering connection the lists see both private addresses', () => {
  const drawing = {
    vpcs: {
      X: {
        vpc: '10.0.0.0/16',
        subnets: { P: { cidr: '10.0.1.0/24', routes: { '10.1.0.0/16': 'pcx-xy' } } },
        groups: { open: { in: ['all from 0.0.0.0/0'] } },
        enis: { A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] } },
      },
      Y: {
        vpc: '10.1.0.0/16',
        subnets: {
          R: {
            cidr: '10.1.1.0/24',
            routes: { '10.0.0.0/16': 'pcx-xy' },
            nacl: { in: ['100 allow tcp/443 10.0.1.10/32'], out: ['100 allow tcp/1024-65535 10.0.1.10/32'] },
          },
        },
        groups: { openy: { in: ['all from 0.0.0.0/0'] } },
        enis: { C: { subnet: 'R', address: '10.1.1.30', groups: ['openy'] } },
      },
    },
    peerings: { XY: { from: 'X', to: 'Y' } },
  };
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.1.1.30:443'))).toBe('delivered');
});

test('NACL-27: when ACL and group both deny what enters, the ACL is named first and the group with it', () => {
  const drawing = example({
    groups: { none: { in: [], out: [] } },
    enis: { A: { groups: ['none'] } },
    subnets: { P: { nacl: { in: [], out: [] } } },
  });
  expect(blockers(walk(drawing, TO_A).forward)).toEqual([
    'nacl-in acl-p * SUBNET_ACL_RESTRICTION',
    'security-group-in sg-none SG_HAS_NO_RULES',
  ]);
});

test('NACL-27: what leaves meets the group first, then the ACL, then the route table', () => {
  const drawing = example({
    groups: { none: { in: [], out: [] } },
    enis: { A: { groups: ['none'] } },
    subnets: { P: { nacl: { in: [], out: [] }, routes: {} } },
  });
  expect(blockers(walk(drawing, 'tcp 10.0.1.10:40000 > 203.0.113.7:443').forward)).toEqual([
    'security-group-out sg-none SG_HAS_NO_RULES',
    'nacl-out acl-p * SUBNET_ACL_RESTRICTION',
    'route rtb-p NO_ROUTE_TO_DESTINATION',
  ]);
  const net = netOf(example({ subnets: { P: { nacl: {} } } }));
  expect(
    asked(net.walk('tcp 10.0.1.10:40000 > 203.0.113.7:443').forward, 'security-group-out', 'nacl-out', 'route'),
  ).toEqual(['security-group-out sg-open sg-open/out/0.0', 'nacl-out acl-p 100', 'route rtb-p 0.0.0.0/0']);
});
