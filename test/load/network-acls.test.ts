/** Network ACL entries, good and bad (NACL-03, -04, -05, -08, -09, -10, -11). */

import { describe, expect, test } from 'vitest';
import { CLOSING_V4, CLOSING_V6, type NetworkAcl } from '../../src/model/network-acl.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import { entry, listsOf, load, networkAcl, problemsOf } from '../support/documents.ts';

function read(entries: unknown): NetworkAcl {
  return load({ NetworkAcls: [networkAcl(entries)] }).networkAcls[0]!;
}

/** Entries as `direction number action protocol first-last peer`, without the closing ones. */
function lines({ entries }: NetworkAcl): readonly string[] {
  return entries
    .filter(({ number }) => number < CLOSING_V4)
    .map(({ direction, number, action, traffic, peer }) => {
      const range = `${traffic.firstPortOrIcmp}-${traffic.lastPortOrIcmp}`;
      return `${direction} ${number} ${action} ${traffic.protocol} ${range} ${formatPrefix(peer)}`;
    });
}

describe('what an entry matches', () => {
  const cases = [
    [
      'tcp with ports (NACL-10)',
      { Protocol: '6', PortRange: { From: 1024, To: 65535 } },
      'in 100 allow 6 1024-65535 0.0.0.0/0',
    ],
    [
      'udp with ports (NACL-10)',
      { Protocol: '17', PortRange: { From: 53, To: 53 } },
      'in 100 allow 17 53-53 0.0.0.0/0',
    ],
    [
      'every protocol, whatever the ports (NACL-09)',
      { Protocol: '-1', PortRange: { From: 22, To: 22 } },
      'in 100 allow -1 0-65535 0.0.0.0/0',
    ],
    [
      'every protocol, even with ports that are none',
      { PortRange: 'x', IcmpTypeCode: 3 },
      'in 100 allow -1 0-65535 0.0.0.0/0',
    ],
    [
      'another protocol, whatever the ports (NACL-09)',
      { Protocol: '50', PortRange: { From: 22, To: 22 } },
      'in 100 allow 50 0-65535 0.0.0.0/0',
    ],
    [
      'icmp of one type, any code (NACL-11)',
      { Protocol: '1', IcmpTypeCode: { Type: 8, Code: -1 } },
      'in 100 allow 1 2048-2303 0.0.0.0/0',
    ],
    [
      'icmp of one type and code (NACL-11)',
      { Protocol: '1', IcmpTypeCode: { Type: 3, Code: 4 } },
      'in 100 allow 1 772-772 0.0.0.0/0',
    ],
    [
      'icmp of any type (PKT-05)',
      { Protocol: '1', IcmpTypeCode: { Type: -1, Code: -1 } },
      'in 100 allow 1 0-65535 0.0.0.0/0',
    ],
    [
      'icmpv6 with a v6 block (NACL-11)',
      { Protocol: '58', CidrBlock: null, Ipv6CidrBlock: '::/0', IcmpTypeCode: { Type: 2, Code: 0 } },
      'in 100 allow 58 512-512 ::/0',
    ],
    ['icmpv6 with a v4 block, every type (NACL-11)', { Protocol: '58' }, 'in 100 allow 58 0-65535 0.0.0.0/0'],
    ['outbound', { Egress: true, RuleNumber: 32766, RuleAction: 'deny' }, 'out 32766 deny -1 0-65535 0.0.0.0/0'],
    ['an empty text for the other family', { Ipv6CidrBlock: '' }, 'in 100 allow -1 0-65535 0.0.0.0/0'],
  ] as const;
  for (const [name, members, line] of cases) {
    test(name, () => {
      const acl = read([entry(members)]);
      expect(lines(acl)).toEqual([line]);
      expect(acl.unreadable).toEqual([]);
    });
  }
});

describe('entries that cannot be read', () => {
  const cases = [
    ['length over 32', { CidrBlock: '10.0.0.0/33' }, 'prefix "10.0.0.0/33": length 33 is over 32', '/CidrBlock'],
    ['no block', { CidrBlock: null }, 'entry with neither CidrBlock nor Ipv6CidrBlock', ''],
    ['two blocks (NACL-08)', { Ipv6CidrBlock: '::/0' }, 'entry with both CidrBlock and Ipv6CidrBlock', ''],
    ['tcp without ports (NACL-10)', { Protocol: '6' }, 'tcp without ports', '/PortRange'],
    [
      'ports upside down',
      { Protocol: '6', PortRange: { From: 90, To: 80 } },
      'ports 90 to 80 are no range',
      '/PortRange',
    ],
    [
      'a port over 65535',
      { Protocol: '17', PortRange: { From: 1, To: 65536 } },
      'ports 1 to 65536 are no range',
      '/PortRange',
    ],
    ['icmp without type and code (NACL-11)', { Protocol: '1' }, 'icmp without type and code', '/IcmpTypeCode'],
    [
      'icmpv6 with a v6 block without type and code (NACL-11)',
      { Protocol: '58', CidrBlock: null, Ipv6CidrBlock: '::/0' },
      'icmpv6 without type and code',
      '/IcmpTypeCode',
    ],
    [
      'an icmp type that does not exist',
      { Protocol: '1', IcmpTypeCode: { Type: 256, Code: 0 } },
      'ICMP type 256, code 0 is out of bounds',
      '/IcmpTypeCode',
    ],
    ['a protocol that does not exist', { Protocol: '256' }, 'protocol "256" is not known', '/Protocol'],
    [
      'an action that does not exist',
      { RuleAction: 'permit' },
      'RuleAction is "permit", not "allow" or "deny"',
      '/RuleAction',
    ],
    ['no direction', { Egress: null }, 'Egress is missing', '/Egress'],
    ['a number as text', { RuleNumber: '100' }, 'RuleNumber is "100", not a number', '/RuleNumber'],
    [
      'a number that AWS reserves (NACL-03)',
      { RuleNumber: 40000 },
      'rule number 40000 is not from 1 to 32766',
      '/RuleNumber',
    ],
  ] as const;
  for (const [name, members, what, pointer] of cases) {
    test(name, () => {
      const network = load({ NetworkAcls: [networkAcl([entry(members), entry({ RuleNumber: 110 })])] });
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#/NetworkAcls/0/Entries/0${pointer}`]);
      const [acl] = network.networkAcls;
      // The other entry, the list and its place in the snapshot stand.
      expect(lines(acl!)).toEqual(['in 110 allow -1 0-65535 0.0.0.0/0']);
      expect(acl!.unreadable).toHaveLength(1);
      expect(network.facts).toMatchObject([{ key: 'nacl-entry:acl-1/0' }]);
      expect(listsOf(network)).toEqual(['networkAcls complete']);
    });
  }

  test('what can be read of it stays: its place decides what it may hide', () => {
    const [acl] = load({
      NetworkAcls: [networkAcl([entry({ Egress: true, RuleAction: 'deny', CidrBlock: 'x' })])],
    }).networkAcls;
    expect(acl?.unreadable).toMatchObject([{ number: 100, direction: 'out', action: 'deny' }]);
  });

  test('what cannot be read of it is open', () => {
    expect(read([{ RuleNumber: 0, Egress: 'no', RuleAction: 7 }, null]).unreadable).toMatchObject([
      { number: 0, direction: null, action: null },
      { number: 0, direction: null, action: null },
    ]);
  });

  test('they are sorted by number', () => {
    const bad = [300, 100, 200].map((RuleNumber) => entry({ RuleNumber, CidrBlock: 'x' }));
    expect(read(bad).unreadable.map(({ number }) => number)).toEqual([100, 200, 300]);
  });

  test('two entries of one number: the first counts, the second may match anything there (NACL-03)', () => {
    const twice = [entry({ RuleAction: 'deny' }), entry(), entry({ Egress: true })];
    const network = load({ NetworkAcls: [networkAcl(twice)] });
    expect(problemsOf(network)).toEqual([
      'error entry number 100 is there twice in direction in, the first is used at snapshot.json#/NetworkAcls/0/Entries/1/RuleNumber',
    ]);
    expect(lines(network.networkAcls[0]!)).toEqual([
      'in 100 deny -1 0-65535 0.0.0.0/0',
      'out 100 allow -1 0-65535 0.0.0.0/0',
    ]);
    expect(network.networkAcls[0]?.unreadable).toMatchObject([{ number: 100, direction: 'in', action: 'allow' }]);
  });

  test('one entry written twice is one entry', () => {
    const network = load({ NetworkAcls: [networkAcl([entry(), entry()])] });
    expect(problemsOf(network)).toHaveLength(1);
    expect(network.networkAcls[0]?.unreadable).toEqual([]);
  });

  test('entries that are no list leave the whole ACL open', () => {
    for (const [entries, what] of [
      ['x', 'Entries is "x", not a list'],
      [undefined, 'Entries is missing'],
    ] as const) {
      const network = load({ NetworkAcls: [networkAcl(entries)] });
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#/NetworkAcls/0/Entries`]);
      expect(network.networkAcls[0]?.unreadable).toMatchObject([{ number: 0, direction: null, action: null }]);
    }
  });

  test('an association that cannot be read may be any subnet’s, so the list proves nothing', () => {
    const associations = [{ SubnetId: 'subnet-1' }, { SubnetId: 7 }];
    const network = load({ NetworkAcls: [networkAcl([], { Associations: associations })] });
    expect(network.networkAcls[0]?.subnetIds).toEqual(['subnet-1']);
    expect(listsOf(network)).toEqual(['networkAcls cut off']);
    expect(problemsOf(network)).toEqual([
      'error SubnetId is 7, not the id of a subnet at snapshot.json#/NetworkAcls/0/Associations/1',
    ]);
  });
});

describe('closing entries (NACL-04, NACL-05)', () => {
  const closing = (acl: NetworkAcl): readonly string[] =>
    acl.entries
      .filter(({ number }) => number >= CLOSING_V4)
      .map(
        ({ direction, number, action, peer, origin }) =>
          `${direction} ${number} ${action} ${formatPrefix(peer)} ${origin?.pointer ?? 'added'}`,
      );

  test('those that the input leaves out are added, for both directions and families', () => {
    expect(closing(read([]))).toEqual([
      'in 32767 deny 0.0.0.0/0 added',
      'in 32768 deny ::/0 added',
      'out 32767 deny 0.0.0.0/0 added',
      'out 32768 deny ::/0 added',
    ]);
  });

  test('those that it has keep their place in it', () => {
    const given = entry({ RuleNumber: CLOSING_V4, RuleAction: 'deny' });
    const v6 = entry({
      RuleNumber: CLOSING_V6,
      RuleAction: 'deny',
      Egress: true,
      CidrBlock: null,
      Ipv6CidrBlock: '::/0',
    });
    expect(closing(read([given, v6]))).toEqual([
      'in 32767 deny 0.0.0.0/0 /NetworkAcls/0/Entries/0',
      'in 32768 deny ::/0 added',
      'out 32767 deny 0.0.0.0/0 added',
      'out 32768 deny ::/0 /NetworkAcls/0/Entries/1',
    ]);
  });

  for (const members of [
    { RuleAction: 'allow' },
    { RuleAction: 'deny', CidrBlock: '10.0.0.0/8' },
    { RuleAction: 'deny', Protocol: '50' },
  ]) {
    test(`a closing entry that does not deny everything is a problem: ${JSON.stringify(members)}`, () => {
      const network = load({ NetworkAcls: [networkAcl([entry({ RuleNumber: CLOSING_V4, ...members })])] });
      expect(problemsOf(network)).toEqual([
        'error closing entry 32767 does more than deny everything at snapshot.json#/NetworkAcls/0/Entries/0',
      ]);
      expect(network.networkAcls[0]?.unreadable).toMatchObject([{ number: CLOSING_V4, direction: 'in' }]);
      expect(closing(network.networkAcls[0]!)[0]).toBe('in 32767 deny 0.0.0.0/0 added');
    });
  }
});

test('host bits are cleared, with a warning (NACL-08)', () => {
  const network = load({ NetworkAcls: [networkAcl([entry({ CidrBlock: '100.68.0.18/18' })])] });
  expect(lines(network.networkAcls[0]!)).toEqual(['in 100 allow -1 0-65535 100.68.0.0/18']);
  expect(problemsOf(network)).toEqual([
    'warning prefix "100.68.0.18/18" has host bits set, read with them cleared at snapshot.json#/NetworkAcls/0/Entries/0/CidrBlock',
  ]);
});
