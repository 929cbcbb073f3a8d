/** SG: stateful, allow only, unordered, on the interface. */

import { expect, test } from 'vitest';
import { loadDocuments } from '../../src/load/load.ts';
import type { SecurityGroupRule } from '../../src/model/security-group.ts';
import type { Drawing } from '../support/drawing.ts';
import { dualStackExample, example } from './example.ts';
import { asked, GROUPS, outcome, sent, sessionOf, walk } from './walks.ts';

const toA = (port: number): string => `tcp 203.0.113.7:40000 > 198.51.100.10:${port}`;

test('SG-01: what no rule allows is denied, and the order of rules means nothing', () => {
  const rules = ['tcp/443 from 203.0.113.0/24', 'tcp/22 from 203.0.113.7/32'];
  for (const inbound of [rules, rules.toReversed()]) {
    const drawing = example({ groups: { web: { in: inbound } }, enis: { A: { groups: ['web'] } } });
    expect([22, 443].map((port) => outcome(walk(drawing, toA(port))))).toEqual(['delivered', 'delivered']);
    expect(outcome(walk(drawing, toA(80)))).toBe('dropped: security-group-in sg-web ENI_SG_RULES_MISMATCH');
  }
});

test('SG-02: two groups of an interface allow what either allows', () => {
  const drawing = example({
    groups: { one: { in: ['tcp/22 from 0.0.0.0/0'] }, two: { in: ['tcp/443 from 0.0.0.0/0'] } },
    enis: { A: { groups: ['one', 'two'] } },
  });
  expect(asked(walk(drawing, toA(22)).forward, 'security-group-in')).toEqual([
    'security-group-in sg-one sg-one/in/0.0',
  ]);
  expect(asked(walk(drawing, toA(443)).forward, 'security-group-in')).toEqual([
    'security-group-in sg-two sg-two/in/0.0',
  ]);
  expect(outcome(walk(drawing, toA(80)))).toBe('dropped: security-group-in sg-one, sg-two ENI_SG_RULES_MISMATCH');
});

test('SG-03: two interfaces of one instance may have different groups', () => {
  const drawing = example({
    groups: { ssh: { in: ['tcp/22 from 10.0.2.20/32'] }, web: { in: ['tcp/80 from 10.0.2.20/32'] } },
    enis: {
      A: { groups: ['ssh'] },
      A2: { subnet: 'P', address: '10.0.1.11', groups: ['web'], instance: 'A' },
    },
  });
  const forward = (address: string, port: number) =>
    walk(drawing, `tcp 10.0.2.20:40000 > ${address}:${port}`).forward.outcome;
  expect([forward('10.0.1.10', 22), forward('10.0.1.10', 80)]).toEqual(['delivered', 'dropped']);
  expect([forward('10.0.1.11', 22), forward('10.0.1.11', 80)]).toEqual(['dropped', 'delivered']);
});

test('SG-04: without outbound rules nothing new leaves, and answers do', () => {
  const drawing = example({
    groups: { silent: { in: ['tcp/443 from 203.0.113.0/24'], out: [] } },
    enis: { A: { groups: ['silent'] } },
  });
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 203.0.113.7:443'))).toBe(
    'dropped: security-group-out sg-silent SG_HAS_NO_RULES',
  );
  expect(outcome(walk(drawing, toA(443)))).toBe('delivered');
});

test('SG-04: a new group lets everything out, in both families, and nothing in', () => {
  const drawing = dualStackExample({ groups: { fresh: {} }, enis: { A: { groups: ['fresh'] } } });
  expect(outcome(walk(drawing, 'udp 10.0.1.10:40000 > 203.0.113.7:53'))).toBe('delivered');
  expect(outcome(walk(drawing, 'udp [2001:db8:1:1::a]:40000 > [2001:db8:ffff::7]:53'))).toBe('delivered');
  expect(outcome(walk(drawing, toA(443)))).toBe('dropped: security-group-in sg-fresh SG_HAS_NO_RULES');
});

test('SG-05: the default group lets its members in and nobody else', () => {
  const drawing = example({
    enis: {
      A: { groups: ['default-1'] },
      B: { groups: ['default-1'] },
      C: { subnet: 'Q', address: '10.0.2.21', groups: ['open'] },
    },
  });
  expect(outcome(walk(drawing, 'tcp 10.0.2.20:40000 > 10.0.1.10:22'))).toBe('delivered');
  expect(outcome(walk(drawing, 'tcp 10.0.2.21:40000 > 10.0.1.10:22'))).toBe(
    'dropped: security-group-in sg-default-1 ENI_SG_RULES_MISMATCH',
  );
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 203.0.113.7:443'))).toBe('delivered');
});

test('SG-06: groups apply inside a subnet, at both ends', () => {
  const drawing = example({
    groups: { strict: { in: [], out: ['all to 0.0.0.0/0'] }, other: {} },
    enis: {
      A: { groups: ['default-1'] },
      A2: { subnet: 'P', address: '10.0.1.11', groups: ['default-1'] },
      A3: { subnet: 'P', address: '10.0.1.12', groups: ['other'] },
    },
  });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.1.11:22');
  expect(outcome(trace)).toBe('delivered');
  expect(asked(trace.forward, ...GROUPS)).toEqual([
    'security-group-out sg-default-1 sg-default-1/out/0.0',
    'security-group-in sg-default-1 sg-default-1/in/0.0',
  ]);
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.1.12:22'))).toBe(
    'dropped: security-group-in sg-other SG_HAS_NO_RULES',
  );
});

test('SG-06, OPEN-28: what an interface sends to its own address is never filtered', () => {
  const drawing = example({ groups: { none: { in: [], out: [] } }, enis: { A: { groups: ['none'] } } });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.1.10:22');
  expect(outcome(trace)).toBe('delivered');
  expect(trace.assumptions).toContain('OPEN-28');
});

/** The rules of one group, from its inbound permissions as the API gives them. */
function rulesFrom(...permissions: readonly Readonly<Record<string, unknown>>[]): readonly SecurityGroupRule[] {
  const group = { GroupId: 'sg-1', GroupName: 'one', VpcId: 'vpc-1', IpPermissions: permissions };
  return (
    loadDocuments([{ file: 'SecurityGroups.json', json: { SecurityGroups: [group] } }]).securityGroups[0]?.rules ?? []
  );
}

test('SG-07: a permission is one rule for each of its peers, of whatever kind', () => {
  const rules = rulesFrom({
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    IpRanges: [{ CidrIp: '203.0.113.0/24' }, { CidrIp: '192.0.2.0/24' }],
    Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
    PrefixListIds: [{ PrefixListId: 'pl-1' }],
    UserIdGroupPairs: [{ GroupId: 'sg-2', UserId: '111111111111' }],
  });
  expect(rules.map(({ peer }) => peer.kind)).toEqual(['cidr', 'cidr', 'cidr', 'prefix-list', 'group']);
  const port443 = { protocol: 6, firstPortOrIcmp: 443, lastPortOrIcmp: 443 };
  expect(rules.map(({ traffic }) => traffic)).toEqual(Array.from({ length: 5 }, () => port443));
});

test('SG-07: a permission without a peer matches nothing', () => {
  const peerless = { IpProtocol: '-1', IpRanges: [], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };
  expect(rulesFrom(peerless)).toEqual([]);
});

test('SG-08: protocol -1 with ports 22-22 allows udp/53', () => {
  const [rule] = rulesFrom({ IpProtocol: '-1', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
  expect(rule?.traffic).toEqual({ protocol: -1, firstPortOrIcmp: 0, lastPortOrIcmp: 65535 });
  const drawing = example({ groups: { all: { in: ['all from 0.0.0.0/0'] } }, enis: { A: { groups: ['all'] } } });
  expect(outcome(walk(drawing, 'udp 203.0.113.7:40000 > 198.51.100.10:53'))).toBe('delivered');
});

test('SG-09: ports are an inclusive range; -1 is a wildcard for ICMP; ICMPv6 without a range is all of it', () => {
  const anyone = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  const rules = rulesFrom(
    { IpProtocol: 'tcp', FromPort: 30, ToPort: 50, ...anyone },
    { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, ...anyone },
    { IpProtocol: 'icmp', FromPort: 3, ToPort: 4, ...anyone },
    { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, ...anyone },
    { IpProtocol: 'icmpv6', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  );
  const ranges = rules.map(({ traffic }) => traffic && [traffic.firstPortOrIcmp, traffic.lastPortOrIcmp]);
  expect(ranges).toEqual([
    [30, 50],
    [8 * 256, 8 * 256 + 255],
    [3 * 256 + 4, 3 * 256 + 4],
    [0, 65535],
    [0, 65535],
  ]);
});

const edges = [
  [29, 'dropped: security-group-in sg-range ENI_SG_RULES_MISMATCH'],
  [30, 'delivered'],
  [50, 'delivered'],
  [51, 'dropped: security-group-in sg-range ENI_SG_RULES_MISMATCH'],
] as const;
for (const [port, expected] of edges) {
  test(`SG-09: a rule for 30-50 and port ${port}: ${expected}`, () => {
    const drawing = example({
      groups: { range: { in: ['tcp/30-50 from 0.0.0.0/0'] } },
      enis: { A: { groups: ['range'] } },
    });
    expect(outcome(walk(drawing, toA(port)))).toBe(expected);
  });
}

test('SG-09: a rule for ICMP type 8 allows an echo request only', () => {
  const drawing = example({ groups: { ping: { in: ['icmp/8 from 0.0.0.0/0'] } }, enis: { A: { groups: ['ping'] } } });
  expect(outcome(walk(drawing, 'icmp echo 203.0.113.7 > 198.51.100.10'))).toBe('delivered');
  expect(outcome(walk(drawing, 'icmp timestamp 203.0.113.7 > 198.51.100.10'))).toBe(
    'dropped: security-group-in sg-ping ENI_SG_RULES_MISMATCH',
  );
});

const DATABASE = example({
  groups: { web: {}, db: { in: ['tcp/3306 from sg-web'] }, toweb: { out: ['tcp/8080 to sg-web'] } },
  enis: {
    A: { groups: ['web'] },
    A99: { subnet: 'P', address: '10.0.1.99', groups: ['open'] },
    B: { groups: ['db'] },
    C: { subnet: 'Q', address: '10.0.2.30', groups: ['toweb'] },
    W: { subnet: 'P', address: '10.0.1.50', groups: ['web', 'open'] },
  },
});

test('SG-10: a rule from sg-web matches whoever carries sg-web, and nobody else', () => {
  const trace = walk(DATABASE, 'tcp 10.0.1.10:40000 > 10.0.2.20:3306');
  expect(outcome(trace)).toBe('delivered');
  expect(asked(trace.forward, 'security-group-in')).toEqual(['security-group-in sg-db sg-db/in/0.0']);
  expect(outcome(walk(DATABASE, 'tcp 10.0.1.99:40000 > 10.0.2.20:3306'))).toBe(
    'dropped: security-group-in sg-db ENI_SG_RULES_MISMATCH',
  );
});

test('SG-10: an outbound rule to sg-web matches destinations that carry it', () => {
  expect(outcome(walk(DATABASE, 'tcp 10.0.2.30:40000 > 10.0.1.50:8080'))).toBe('delivered');
  expect(outcome(walk(DATABASE, 'tcp 10.0.2.30:40000 > 10.0.1.99:8080'))).toBe(
    'dropped: security-group-out sg-toweb ENI_SG_RULES_MISMATCH',
  );
});

test('SG-10: sharing a group gives its members nothing unless a rule names it', () => {
  const drawing = example({
    groups: { shared: {} },
    enis: { A: { groups: ['shared'] }, B: { groups: ['shared'] } },
  });
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.2.20:22'))).toBe(
    'dropped: security-group-in sg-shared SG_HAS_NO_RULES',
  );
});

test('SG-10, OPEN-06: a group stands for secondary, delegated and IPv6 addresses of its members too', () => {
  const drawing = dualStackExample({
    groups: { web: {}, db: { in: ['tcp/3306 from sg-web'] } },
    enis: {
      A: { address: ['10.0.1.10', '10.0.1.11'], public: {}, delegated: '10.0.1.64/28', groups: ['web'] },
      B: { groups: ['db'] },
    },
  });
  for (const source of ['10.0.1.11', '10.0.1.70']) {
    const trace = walk(drawing, `tcp ${source}:40000 > 10.0.2.20:3306`);
    expect(outcome(trace)).toBe('delivered');
    expect(trace.assumptions).toContain('OPEN-06');
  }
  const v6 = walk(drawing, 'tcp [2001:db8:1:1::a]:40000 > [2001:db8:1:2::b]:3306');
  expect(outcome(v6)).toBe('delivered');
  expect(v6.assumptions).toContain('OPEN-06');
});

/** A and B in their subnets, all traffic between them by way of the appliance M, which has a subnet of its own. */
function behindAppliance(inbound: readonly string[]): Drawing {
  return example({
    groups: { a: {}, b: { in: inbound } },
    subnets: {
      P: { routes: { '10.0.2.0/24': 'eni-m', '0.0.0.0/0': 'igw' } },
      Q: { routes: { '10.0.1.0/24': 'eni-m', '0.0.0.0/0': 'nat-g' } },
      I: { cidr: '10.0.5.0/24', routes: {} },
    },
    enis: {
      A: { groups: ['a'] },
      B: { groups: ['b'] },
      M: { subnet: 'I', address: '10.0.5.5', groups: ['open'], check: false },
    },
  });
}
const FORWARDS = { appliances: new Map([['eni-m', 'forwards' as const]]) };

test('SG-11: through a middlebox a group as peer does not match, an address does', () => {
  const packet = 'tcp 10.0.1.10:40000 > 10.0.2.20:443';
  expect(outcome(walk(behindAppliance(['tcp/443 from sg-a']), packet, FORWARDS))).toBe(
    'dropped: security-group-in sg-b SG_REFERENCES_NOT_PRESERVED',
  );
  const byAddress = walk(behindAppliance(['tcp/443 from 10.0.1.0/24']), packet, FORWARDS);
  expect(byAddress.forward.outcome).toBe('delivered');
  expect(outcome(byAddress)).toBe('delivered');
});

test('SG-12: behind a NAT gateway a group as peer does not match', () => {
  const drawing = example({
    groups: { a: {}, b: { in: ['tcp/443 from sg-a'] } },
    subnets: { P: { routes: { '10.0.2.0/24': 'nat-g', '0.0.0.0/0': 'igw' } } },
    enis: { A: { groups: ['a'] }, B: { groups: ['b'] } },
  });
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.2.20:443'))).toBe(
    'dropped: security-group-in sg-b SG_REFERENCES_NOT_PRESERVED',
  );
});

test('SG-13, OPEN-17: at its public address a neighbour does not see the sender’s group', () => {
  const drawing = example({
    groups: { a: {}, b: { in: ['tcp/443 from sg-a'] } },
    enis: {
      A: { groups: ['a'] },
      B: { subnet: 'P', address: '10.0.1.20', public: '198.51.100.20', groups: ['b'] },
    },
  });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 198.51.100.20:443');
  expect(outcome(trace)).toMatch(
    /^dropped: security-group-in sg-b (SG_REFERENCES_NOT_PRESERVED|ENI_SG_RULES_MISMATCH)$/,
  );
  expect(trace.assumptions).toContain('OPEN-17');
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.1.20:443'))).toBe('delivered');
});

/** VPC X with A (sg-a) and VPC Y with C, whose group names A's. */
function peered(rule: string, more: { readonly region?: string; readonly account?: string } = {}): Drawing {
  return {
    vpcs: {
      X: {
        vpc: '10.0.0.0/16',
        subnets: { P: { cidr: '10.0.1.0/24', routes: { '10.1.0.0/16': 'pcx-xy' } } },
        groups: { a: {} },
        enis: { A: { subnet: 'P', address: '10.0.1.10', groups: ['a'] } },
      },
      Y: {
        ...more,
        vpc: '10.1.0.0/16',
        subnets: { R: { cidr: '10.1.1.0/24', routes: { '10.0.0.0/16': 'pcx-xy' } } },
        groups: { c: { in: [rule] } },
        enis: { C: { subnet: 'R', address: '10.1.1.30', groups: ['c'] } },
      },
    },
    peerings: { XY: { from: 'X', to: 'Y' } },
  };
}
const A_TO_C = 'tcp 10.0.1.10:40000 > 10.1.1.30:443';

test('SG-14: a group as peer matches across an active peering connection', () => {
  expect(outcome(walk(peered('tcp/443 from sg-a via pcx-xy'), A_TO_C))).toBe('delivered');
  const otherAccount = peered('tcp/443 from sg-a of 111111111111', { account: '222222222222' });
  expect(outcome(walk(otherAccount, A_TO_C))).toBe('delivered');
});

test('SG-14: a group as peer does not match across Regions, an address does', () => {
  const elsewhere = { region: 'eu-west-1' };
  expect(outcome(walk(peered('tcp/443 from sg-a via pcx-xy', elsewhere), A_TO_C))).toMatch(
    /^dropped: security-group-in sg-c /,
  );
  expect(outcome(walk(peered('tcp/443 from 10.0.0.0/16', elsewhere), A_TO_C))).toBe('delivered');
});

test('SG-16: a rule whose peering is deleted matches no packet', () => {
  expect(outcome(walk(peered('tcp/443 from sg-a via pcx-xy deleted'), A_TO_C))).toMatch(
    /^dropped: security-group-in sg-c /,
  );
});

test('SG-16, OPEN-26: a rule from a group of a VPC that the snapshot lacks leaves the answer open', () => {
  const drawing: Drawing = {
    vpc: '10.1.0.0/16',
    subnets: { R: { cidr: '10.1.1.0/24', routes: { '10.0.0.0/16': 'pcx-x1' } } },
    groups: { c: { in: ['tcp/443 from sg-a via pcx-x1'] } },
    enis: { C: { subnet: 'R', address: '10.1.1.30', groups: ['c'] } },
    peerings: { X1: { from: 'X', to: '1', foreign: { cidrs: ['10.0.0.0/16'], account: '222222222222' } } },
  };
  const trace = walk(drawing, 'tcp 10.0.1.10:40000@pcx-x1 > 10.1.1.30:443');
  expect(trace.verdict).toBe('unknown');
});

const OFFICE = example({
  prefixLists: { office: ['203.0.113.0/28', '192.0.2.0/24'] },
  groups: { staff: { in: ['tcp/22 from pl-office'] } },
  enis: { A: { groups: ['staff'] } },
});
const fromOffice = [
  ['203.0.113.0', 'delivered'],
  ['203.0.113.15', 'delivered'],
  ['203.0.113.16', 'dropped: security-group-in sg-staff ENI_SG_RULES_MISMATCH'],
  ['192.0.2.200', 'delivered'],
] as const;
for (const [source, expected] of fromOffice) {
  test(`SG-20: a prefix list of 203.0.113.0/28 and 192.0.2.0/24, and ${source}: ${expected}`, () => {
    expect(outcome(walk(OFFICE, `tcp ${source}:40000 > 198.51.100.10:22`))).toBe(expected);
  });
}

test('SG-20: a list whose entries the snapshot lacks leaves the answer open, unless another rule allows it', () => {
  const without = { ...OFFICE, prefixLists: { office: null } };
  const trace = walk(without, toA(22));
  expect(trace.verdict).toBe('unknown');
  expect(trace.unknowns.map(({ key }) => key)).toEqual(['prefix-list:pl-office']);
  const besides = {
    ...without,
    groups: { ...without.groups, staff: { in: ['tcp/22 from pl-office', 'tcp/22 from 203.0.113.7/32'] } },
  };
  expect(outcome(walk(besides, toA(22)))).toBe('delivered');
});

test('SG-21: a group without rules filters neither DNS nor metadata', () => {
  const drawing = example({ groups: { none: { in: [], out: [] } }, enis: { A: { groups: ['none'] } } });
  for (const packet of ['udp 10.0.1.10:40000 > 10.0.0.2:53', 'tcp 10.0.1.10:40000 > 169.254.169.254:80']) {
    const trace = walk(drawing, packet);
    expect(outcome(trace)).toBe('delivered');
    expect(asked(trace.forward, ...GROUPS)).toEqual([]);
  }
});

test('SG-22: a NAT gateway carries no group: nothing but its subnet’s ACL filters there', () => {
  const trace = walk(example(), 'tcp 10.0.2.20:40000 > 203.0.113.7:443');
  expect(asked(trace.forward, ...GROUPS)).toEqual(['security-group-out sg-open sg-open/out/0.0']);
});

test('SG-04: an interface whose groups the snapshot does not hold whole: unknown, unless a known rule allows it', () => {
  const drawing = example({
    groups: { partly: { in: ['tcp/443 from 0.0.0.0/0'], gaps: ['in'] } },
    enis: { A: { groups: ['partly'] } },
  });
  expect(outcome(walk(drawing, toA(443)))).toBe('delivered');
  expect(walk(drawing, toA(22)).verdict).toBe('unknown');
});

test('SG-01: removing the only rule that allows denies what comes new', () => {
  const session = sessionOf(
    example({ groups: { web: { in: ['tcp/443 from 203.0.113.0/24'] } }, enis: { A: { groups: ['web'] } } }),
  );
  session.apply({ kind: 'remove-rule', rule: 'sg-web/in/0.0' });
  expect(sent(session.send(toA(443), { at: 0 }))).toBe('dropped: security-group-in sg-web SG_HAS_NO_RULES');
});
