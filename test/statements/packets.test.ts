/** PKT: what a packet is, and what rules can see of it. */

import { expect, test } from 'vitest';
import { loadDocuments } from '../../src/load/load.ts';
import { dualStackExample, example } from './example.ts';
import { asked, outcome, sent, sessionOf, walk } from './walks.ts';

test('PKT-01: an ACL that allows 0.0.0.0/0 lets no IPv6 packet through', () => {
  const v4Only = { in: ['100 allow all 0.0.0.0/0'], out: ['100 allow all 0.0.0.0/0'] };
  const drawing = dualStackExample({ subnets: { P: { nacl: v4Only } } });
  expect(outcome(walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.10:443'))).toBe('delivered');
  expect(outcome(walk(drawing, 'tcp [2001:db8:ffff::7]:40000 > [2001:db8:1:1::a]:443'))).toBe(
    'dropped: nacl-in acl-p * SUBNET_ACL_RESTRICTION',
  );
});

test('PKT-01: a route for 0.0.0.0/0 takes no IPv6 packet anywhere', () => {
  const drawing = dualStackExample({ subnets: { P: { routes: { '0.0.0.0/0': 'igw' } } } });
  expect(outcome(walk(drawing, 'tcp [2001:db8:1:1::a]:40000 > [2001:db8:ffff::7]:443'))).toBe(
    'dropped: route rtb-p NO_ROUTE_TO_DESTINATION',
  );
});

test('PKT-02: "6" and "tcp", "17" and "udp" mean the same protocol', () => {
  const permission = (protocol: string) => ({
    IpProtocol: protocol,
    FromPort: 22,
    ToPort: 22,
    IpRanges: [{ CidrIp: '203.0.113.0/24' }],
  });
  const network = loadDocuments([
    {
      file: 'SecurityGroups.json',
      json: {
        SecurityGroups: [
          {
            GroupId: 'sg-1',
            GroupName: 'one',
            VpcId: 'vpc-1',
            IpPermissions: ['6', 'tcp', '17', 'udp'].map(permission),
            IpPermissionsEgress: [],
          },
        ],
      },
    },
  ]);
  const traffic = network.securityGroups[0]?.rules.map((rule) => rule.traffic);
  const port22 = { firstPortOrIcmp: 22, lastPortOrIcmp: 22 };
  expect(traffic).toEqual([
    { protocol: 6, ...port22 },
    { protocol: 6, ...port22 },
    { protocol: 17, ...port22 },
    { protocol: 17, ...port22 },
  ]);
});

test('PKT-03, OPEN-02: ports of a rule for SCTP are ignored, and so are those of the packet', () => {
  const network = loadDocuments([
    {
      file: 'SecurityGroups.json',
      json: {
        SecurityGroups: [
          {
            GroupId: 'sg-1',
            GroupName: 'one',
            VpcId: 'vpc-1',
            IpPermissions: [
              { IpProtocol: '132', FromPort: 5000, ToPort: 5000, IpRanges: [{ CidrIp: '203.0.113.0/24' }] },
            ],
          },
        ],
      },
    },
  ]);
  expect(network.securityGroups[0]?.rules[0]?.traffic).toEqual({
    protocol: 132,
    firstPortOrIcmp: 0,
    lastPortOrIcmp: 65535,
  });
  const drawing = example({ groups: { sctp: { in: ['132 from 0.0.0.0/0'] } }, enis: { A: { groups: ['sctp'] } } });
  expect(outcome(walk(drawing, 'proto 132 203.0.113.7 > 198.51.100.10'))).toBe('delivered');
  expect(outcome(walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.10:9999'))).toBe(
    'dropped: security-group-in sg-sctp ENI_SG_RULES_MISMATCH',
  );
});

test('PKT-04: an outbound entry for port 443 does not let the answers of port 443 out', () => {
  const drawing = example({ subnets: { P: { nacl: { out: ['100 allow tcp/443 0.0.0.0/0'] } } } });
  expect(outcome(walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.10:443'))).toBe(
    'one-way: nacl-out acl-p * SUBNET_ACL_RESTRICTION',
  );
  // The same entry does let a client on A ask port 443.
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 203.0.113.7:443'))).toBe('delivered');
});

test('PKT-05: a rule for type 8 with any code matches an echo request and not an echo reply', () => {
  const drawing = example({ groups: { ping: { in: ['icmp/8 from 0.0.0.0/0'] } }, enis: { A: { groups: ['ping'] } } });
  expect(outcome(walk(drawing, 'icmp 8.0 203.0.113.7 > 198.51.100.10'))).toBe('delivered');
  expect(walk(drawing, 'icmp 8.3 203.0.113.7 > 198.51.100.10').forward.outcome).toBe('delivered');
  expect(outcome(walk(drawing, 'icmp 0.0 203.0.113.7 > 198.51.100.10'))).toBe(
    'dropped: security-group-in sg-ping ENI_SG_RULES_MISMATCH',
  );
});

test('PKT-05: a rule for type 3 code 4 matches no other code', () => {
  const drawing = example({ groups: { mtu: { in: ['icmp/3.4 from 0.0.0.0/0'] } }, enis: { A: { groups: ['mtu'] } } });
  expect(outcome(walk(drawing, 'icmp 3.4 203.0.113.7 > 198.51.100.10'))).toBe('delivered');
  expect(outcome(walk(drawing, 'icmp 3.3 203.0.113.7 > 198.51.100.10'))).toBe(
    'dropped: security-group-in sg-mtu ENI_SG_RULES_MISMATCH',
  );
});

test('PKT-07: a NAT gateway refuses ESP and carries IPsec inside UDP', () => {
  expect(outcome(walk(example(), 'proto 50 10.0.2.20 > 203.0.113.7'))).toMatch(/^dropped: .* PROTOCOL_RESTRICTION$/);
  expect(outcome(walk(example(), 'udp 10.0.2.20:4500 > 203.0.113.7:4500'))).toBe('delivered');
});

test('PKT-09: "fragmentation needed" about a tracked connection is stopped by an ACL without an entry for it', () => {
  const drawing = (entries: readonly string[]) =>
    example({
      groups: { client: { out: ['tcp/443 to 10.0.2.0/24'] } },
      enis: { A: { groups: ['client'] } },
      subnets: { P: { nacl: { in: entries } } },
    });
  const error = 'icmp 3.4 10.0.2.20 > 10.0.1.10 about (tcp 10.0.1.10:40000 > 10.0.2.20:443)';

  const closed = sessionOf(drawing(['100 allow tcp/1024-65535 0.0.0.0/0']));
  closed.send('tcp 10.0.1.10:40000 > 10.0.2.20:443', { at: 0 });
  expect(sent(closed.send(error, { at: 1 }))).toBe('dropped: nacl-in acl-p * SUBNET_ACL_RESTRICTION');

  const opened = sessionOf(drawing(['100 allow tcp/1024-65535 0.0.0.0/0', '110 allow icmp/3.4 0.0.0.0/0']));
  opened.send('tcp 10.0.1.10:40000 > 10.0.2.20:443', { at: 0 });
  expect(sent(opened.send(error, { at: 1 }))).toBe('delivered');
});

test('PKT-10: there is no broadcast: the last address of a subnet takes no packets', () => {
  expect(outcome(walk(example(), 'udp 10.0.1.10:40000 > 10.0.1.255:9'))).toMatch(
    /^dropped: .*NO_POSSIBLE_DESTINATION$/,
  );
});

test('PKT-11: answers to a client pass where its source port is in the range that the ACL admits', () => {
  const drawing = example({ subnets: { P: { nacl: { in: ['100 allow tcp/32768-61000 0.0.0.0/0'] } } } });
  const linux = walk(drawing, 'tcp 10.0.1.10:32768 > 203.0.113.7:443');
  expect(outcome(linux)).toBe('delivered');
  expect(asked(linux.reply, 'nacl-in')).toEqual(['nacl-in acl-p 100']);
  // The first port of Windows Server 2008 and later is in it, the last one is not.
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:49152 > 203.0.113.7:443'))).toBe('delivered');
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:65535 > 203.0.113.7:443'))).toBe(
    'one-way: nacl-in acl-p * SUBNET_ACL_RESTRICTION',
  );
});
