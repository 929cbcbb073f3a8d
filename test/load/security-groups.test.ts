/** Security groups from describe-security-groups and describe-security-group-rules (SG-07, SG-08, SG-09, PKT-02). */

import { describe, expect, test } from 'vitest';
import type { SecurityGroup, SecurityGroupRule } from '../../src/model/security-group.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import { listsOf, load, loadFiles, problemsOf, securityGroup } from '../support/documents.ts';

const anywhere = [{ CidrIp: '0.0.0.0/0' }];

/** A rule as `id direction protocol first-last peer`. */
function line({ id, direction, traffic, peer }: SecurityGroupRule): string {
  const what =
    traffic === null ? 'unreadable' : `${traffic.protocol} ${traffic.firstPortOrIcmp}-${traffic.lastPortOrIcmp}`;
  switch (peer.kind) {
    case 'cidr':
      return `${id} ${direction} ${what} ${formatPrefix(peer.prefix)}`;
    case 'prefix-list':
      return `${id} ${direction} ${what} ${peer.id}`;
    case 'group':
      return `${id} ${direction} ${what} ${peer.groupId}`;
    case 'unreadable':
      return `${id} ${direction} ${what} unreadable`;
  }
}

function read(permissions: unknown): SecurityGroup {
  return load({ SecurityGroups: [securityGroup(permissions)] }).securityGroups[0]!;
}

test('a permission is one rule for each peer, counted over all its lists (SG-07)', () => {
  const permissions = [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [] },
    {
      IpProtocol: 'tcp',
      FromPort: 80,
      ToPort: 443,
      UserIdGroupPairs: [{ GroupId: 'sg-2' }],
      PrefixListIds: [{ PrefixListId: 'pl-1' }],
      Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'inside' }, { CidrIp: '192.0.2.0/24' }],
    },
  ];
  const group = read(permissions);
  expect(group.rules.map(line)).toEqual([
    'sg-1/in/1.0 in 6 80-443 10.0.0.0/8',
    'sg-1/in/1.1 in 6 80-443 192.0.2.0/24',
    'sg-1/in/1.2 in 6 80-443 ::/0',
    'sg-1/in/1.3 in 6 80-443 pl-1',
    'sg-1/in/1.4 in 6 80-443 sg-2',
  ]);
  expect(group.rules[0]).toMatchObject({
    description: 'inside',
    origin: { pointer: '/SecurityGroups/0/IpPermissions/1/IpRanges/0' },
  });
});

test('outbound permissions are outbound rules', () => {
  const egress = { IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: anywhere }] };
  const [group] = load({ SecurityGroups: [securityGroup([], egress)] }).securityGroups;
  expect(group?.rules.map(line)).toEqual(['sg-1/out/0.0 out -1 0-65535 0.0.0.0/0']);
});

describe('protocols and ports', () => {
  const cases = [
    ['a name (PKT-02)', { IpProtocol: 'tcp', FromPort: 80, ToPort: 81 }, '6 80-81'],
    ['a number as text (PKT-02)', { IpProtocol: '6', FromPort: 80, ToPort: 81 }, '6 80-81'],
    ['all protocols, whatever the ports (SG-08)', { IpProtocol: '-1', FromPort: 22, ToPort: 22 }, '-1 0-65535'],
    [
      'another protocol, whatever the ports (PKT-03)',
      { IpProtocol: '132', FromPort: 5000, ToPort: 5000 },
      '132 0-65535',
    ],
    ['echo requests of any code (SG-09)', { IpProtocol: 'icmp', FromPort: 8, ToPort: -1 }, '1 2048-2303'],
    ['one icmp type and code (SG-09)', { IpProtocol: 'icmp', FromPort: 3, ToPort: 4 }, '1 772-772'],
    ['all icmp (PKT-05)', { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 }, '1 0-65535'],
    ['icmpv6 without types is all of it (SG-09)', { IpProtocol: 'icmpv6' }, '58 0-65535'],
    ['one icmpv6 type', { IpProtocol: '58', FromPort: 128, ToPort: 0 }, '58 32768-32768'],
  ] as const;
  for (const [name, members, traffic] of cases) {
    test(name, () => {
      expect(read([{ ...members, IpRanges: anywhere }]).rules.map(line)).toEqual([
        `sg-1/in/0.0 in ${traffic} 0.0.0.0/0`,
      ]);
    });
  }

  const bad = [
    ['tcp without ports (SG-09)', { IpProtocol: 'tcp' }, 'tcp without ports', ''],
    ['udp with one port', { IpProtocol: 'udp', FromPort: 53, ToPort: null }, 'udp without ports', ''],
    ['tcp with a port as text', { IpProtocol: 'tcp', FromPort: '80', ToPort: 80 }, 'ports "80" to 80 are no range', ''],
    ['icmp without type and code', { IpProtocol: 'icmp' }, 'icmp without type and code', ''],
    ['no protocol', {}, 'IpProtocol is missing', '/IpProtocol'],
    ['a protocol that does not exist', { IpProtocol: 'tpc' }, 'protocol "tpc" is not known', '/IpProtocol'],
  ] as const;
  for (const [name, members, what, pointer] of bad) {
    test(`${name} may allow anything from its peer, and costs nothing else`, () => {
      const good = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
      const network = load({ SecurityGroups: [securityGroup([{ ...members, IpRanges: anywhere }, good])] });
      expect(problemsOf(network)).toEqual([
        `error ${what} at snapshot.json#/SecurityGroups/0/IpPermissions/0${pointer}`,
      ]);
      expect(network.securityGroups[0]?.rules.map(line)).toEqual([
        'sg-1/in/0.0 in unreadable 0.0.0.0/0',
        'sg-1/in/1.0 in 6 22-22 10.0.0.0/8',
      ]);
      expect(listsOf(network)).toEqual(['securityGroups complete']);
    });
  }
});

describe('peers that cannot be read', () => {
  const cases = [
    [
      'a v4 block',
      { IpRanges: [{ CidrIp: '10.0.0.0/33' }] },
      'prefix "10.0.0.0/33": length 33 is over 32',
      '/IpRanges/0/CidrIp',
    ],
    ['a v6 block', { Ipv6Ranges: [{}] }, 'prefix is missing', '/Ipv6Ranges/0/CidrIpv6'],
    [
      'a prefix list',
      { PrefixListIds: [{ PrefixListId: '' }] },
      'PrefixListId is "", not a text with something in it',
      '/PrefixListIds/0/PrefixListId',
    ],
    ['a group', { UserIdGroupPairs: [{ GroupName: 'web' }] }, 'GroupId is missing', '/UserIdGroupPairs/0/GroupId'],
    ['nothing at all', { IpRanges: [null] }, 'prefix is missing', '/IpRanges/0/CidrIp'],
  ] as const;
  for (const [name, peers, what, pointer] of cases) {
    test(`${name}: the rule may name anyone`, () => {
      const network = load({
        SecurityGroups: [securityGroup([{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...peers }])],
      });
      expect(problemsOf(network)).toEqual([
        `error ${what} at snapshot.json#/SecurityGroups/0/IpPermissions/0${pointer}`,
      ]);
      expect(network.securityGroups[0]?.rules.map(line)).toEqual(['sg-1/in/0.0 in 6 22-22 unreadable']);
      expect(network.facts).toMatchObject([{ key: 'rule:sg-1/in/0.0' }]);
    });
  }

  const gaps = [
    ['permissions that are no list', 'x', '/SecurityGroups/0/IpPermissions'],
    ['a permission that is no object', [7], '/SecurityGroups/0/IpPermissions/0'],
    [
      'a list of peers that is none',
      [{ IpProtocol: '-1', IpRanges: 'x' }],
      '/SecurityGroups/0/IpPermissions/0/IpRanges',
    ],
  ] as const;
  for (const [name, permissions, pointer] of gaps) {
    test(`${name}: the direction is open, the other one is not`, () => {
      const network = load({ SecurityGroups: [securityGroup(permissions)] });
      expect(network.problems).toMatchObject([{ severity: 'error', origin: { pointer } }]);
      expect(network.securityGroups[0]?.gaps).toMatchObject([{ direction: 'in', fact: { origin: { pointer } } }]);
    });
  }
});

describe('references to groups', () => {
  const reference = (pair: object, owner: string | null = '111122223333'): unknown => {
    const permissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-2', ...pair }] }];
    return load({ SecurityGroups: [securityGroup(permissions, { OwnerId: owner })] }).securityGroups[0]?.rules[0]?.peer;
  };
  const none = { account: null, vpcId: null, peeringId: null, peeringStatus: null };

  test('the own account is not told', () => {
    expect(reference({ UserId: '111122223333' })).toEqual({ kind: 'group', groupId: 'sg-2', ...none });
  });
  test('another account is', () => {
    expect(reference({ UserId: '444455556666' })).toEqual({
      kind: 'group',
      groupId: 'sg-2',
      ...none,
      account: '444455556666',
    });
  });
  test('a peered VPC is, with the state of the peering (SG-16)', () => {
    const pair = { UserId: '111122223333', VpcId: 'vpc-2', VpcPeeringConnectionId: 'pcx-1', PeeringStatus: 'deleted' };
    expect(reference(pair)).toEqual({
      kind: 'group',
      groupId: 'sg-2',
      account: '111122223333',
      vpcId: 'vpc-2',
      peeringId: 'pcx-1',
      peeringStatus: 'deleted',
    });
  });
});

describe('describe-security-group-rules', () => {
  const rule = (members: object): object => ({
    SecurityGroupRuleId: 'sgr-1',
    GroupId: 'sg-1',
    GroupOwnerId: '111122223333',
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    CidrIpv4: '10.0.0.0/8',
    ...members,
  });
  const ssh = {
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    IpRanges: [{ CidrIp: '192.0.2.0/24' }, { CidrIp: '10.0.0.0/8' }],
  };

  test('rules lend their ids to the permissions that say the same', () => {
    const network = load({ SecurityGroups: [securityGroup([ssh])], SecurityGroupRules: [rule({})] });
    expect(network.securityGroups[0]?.rules.map(line)).toEqual([
      'sg-1/in/0.0 in 6 22-22 192.0.2.0/24',
      'sgr-1 in 6 22-22 10.0.0.0/8',
    ]);
    expect(problemsOf(network)).toEqual([]);
    expect(listsOf(network)).toEqual(['securityGroups complete']);
  });

  test('a rule that the group does not have leaves the group open in its direction', () => {
    const network = load({
      SecurityGroups: [securityGroup([ssh])],
      SecurityGroupRules: [rule({ FromPort: 23, ToPort: 23 })],
    });
    expect(problemsOf(network)).toEqual([
      'warning sgr-1 is not among the permissions of sg-1 at snapshot.json#/SecurityGroupRules/0',
    ]);
    expect(network.securityGroups[0]?.gaps).toMatchObject([{ direction: 'in' }]);
  });

  test('a group that only rules tell of is built from them', () => {
    const rules = [
      rule({}),
      rule({
        SecurityGroupRuleId: 'sgr-2',
        IsEgress: true,
        IpProtocol: '-1',
        FromPort: -1,
        ToPort: -1,
        CidrIpv4: null,
        CidrIpv6: '::/0',
      }),
      rule({ SecurityGroupRuleId: 'sgr-3', CidrIpv4: null, PrefixListId: 'pl-1' }),
      rule({
        SecurityGroupRuleId: 'sgr-4',
        CidrIpv4: null,
        ReferencedGroupInfo: { GroupId: 'sg-2', UserId: '111122223333' },
      }),
    ];
    const network = load({ SecurityGroupRules: rules });
    const [group] = network.securityGroups;
    expect(group).toMatchObject({ id: 'sg-1', vpcId: null, account: '111122223333', gaps: [] });
    expect(group?.rules.map(line)).toEqual([
      'sgr-1 in 6 22-22 10.0.0.0/8',
      'sgr-2 out -1 0-65535 ::/0',
      'sgr-3 in 6 22-22 pl-1',
      'sgr-4 in 6 22-22 sg-2',
    ]);
    // Groups without rules are not in this list, so it proves nothing about groups.
    expect(listsOf(network)).toEqual(['securityGroups cut off']);
  });

  test('a list of rules that was cut off leaves such a group open in both directions', () => {
    const network = load({ SecurityGroupRules: [rule({})], NextToken: 'more' });
    expect(network.securityGroups[0]?.gaps.map(({ direction }) => direction)).toEqual(['in', 'out']);
  });

  test('a rule that several accounts describe counts once', () => {
    const network = loadFiles({
      'a.json': { SecurityGroupRules: [rule({})] },
      'b.json': { SecurityGroupRules: [rule({})] },
    });
    expect(network.securityGroups[0]?.rules).toHaveLength(1);
  });
});
