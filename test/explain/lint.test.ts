/** What `lint` finds, beside the nearest thing that it rightly leaves alone. */

import { expect, test } from 'vitest';
import type { LintProof, LintReport } from '../../src/explain/lint-finding.ts';
import { createNet } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Drawing, GroupDrawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

/** A and B in one VPC, A with a public address. */
const BASE: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
    Q: { cidr: '10.0.2.0/24' },
  },
  groups: { web: { in: ['tcp/443 from 0.0.0.0/0'] }, db: { in: ['tcp/5432 from sg-web'] } },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20', groups: ['db'] },
  },
};

function lintOf(changes: Drawing, rule: string): LintReport {
  const network = networkOf({ ...BASE, ...changes });
  const isDefault = (id: string): boolean => id.startsWith('sg-default-');
  const securityGroups = network.securityGroups.map((group) =>
    // What AWS calls it; drawings tell the defaults of several VPCs apart.
    isDefault(group.id) ? { ...group, groupName: 'default' } : group,
  );
  return createNet({ ...network, securityGroups }).lint({ rules: [rule] });
}

/** `severity subject < what proves it`. */
function told(changes: Drawing, rule: string): readonly string[] {
  return lintOf(changes, rule).findings.map(({ severity, resource, subject, proof }) => {
    return `${severity} ${resource.id}${subject === null ? '' : ` ${subject.text}`} < ${provedBy(proof)}`;
  });
}

function provedBy(proof: LintProof): string {
  switch (proof.kind) {
    case 'covered':
      return `${proof.by.map((by) => by.text).join(', ')}${proof.holds === 'snapshot' ? ' (now)' : ''}`;
    case 'covered-where-used':
      return proof.sets.map(({ groups, by }) => `${groups}: ${by.map(({ text }) => text)}`).join('; ');
    case 'state':
      return `${proof.id} ${proof.state}, used by ${proof.affects.join(' ') || 'nobody'}`;
    case 'absent':
      return 'nowhere';
    default:
      return proof.kind;
  }
}

const withAcl = (...lines: readonly string[]): Drawing => ({
  subnets: { ...BASE.subnets, P: { cidr: '10.0.1.0/24', nacl: { in: lines } } },
});
const SHADOWED = 'nacl-entry-shadowed';
const REDUNDANT_ENTRY = 'nacl-entry-redundant';

test.each<[string, string, readonly string[], readonly string[]]>([
  // what                                              rule             entries                                                         findings
  [
    'a deny behind an allow is dangerous',
    SHADOWED,
    ['100 allow tcp/22 0.0.0.0/0', '200 deny tcp/22 10.0.0.0/8'],
    ['dangerous acl-p deny tcp 22 from 10.0.0.0/8 < allow tcp 22 from 0.0.0.0/0'],
  ],
  [
    'a deny of one port more is not shadowed',
    SHADOWED,
    ['100 allow tcp/22 0.0.0.0/0', '200 deny tcp/22-23 10.0.0.0/8'],
    [],
  ],
  [
    'an allow behind a deny is misleading',
    SHADOWED,
    ['100 deny all 10.0.0.0/8', '200 allow tcp/443 10.1.0.0/16'],
    ['misleading acl-p allow tcp 443 from 10.1.0.0/16 < deny all traffic from 10.0.0.0/8'],
  ],
  [
    'an allow behind an allow is harmless',
    SHADOWED,
    ['100 allow all 0.0.0.0/0', '200 allow tcp/443 10.1.0.0/16'],
    ['harmless acl-p allow tcp 443 from 10.1.0.0/16 < allow all traffic from 0.0.0.0/0'],
  ],
  [
    'two halves shadow the whole',
    SHADOWED,
    ['100 allow tcp/22 10.0.0.0/9', '110 allow tcp/22 10.128.0.0/9', '200 deny tcp/22 10.0.0.0/8'],
    ['dangerous acl-p deny tcp 22 from 10.0.0.0/8 < allow tcp 22 from 10.0.0.0/9, allow tcp 22 from 10.128.0.0/9'],
  ],
  [
    'an address between the halves keeps it alive',
    SHADOWED,
    ['100 allow tcp/22 10.0.0.0/9', '110 allow tcp/22 10.128.0.0/10', '200 deny tcp/22 10.0.0.0/8'],
    [],
  ],
  ['v4 entries say nothing of v6', SHADOWED, ['100 allow all 0.0.0.0/0', '200 deny tcp/22 ::/0'], []],
  [
    'v6 entries shadow each other',
    SHADOWED,
    ['100 allow all ::/0', '200 deny tcp/22 2001:db8::/32'],
    ['dangerous acl-p deny tcp 22 from 2001:db8::/32 < allow all traffic from ::/0'],
  ],
  [
    'an exception from both does not make a repetition dangerous',
    SHADOWED,
    ['100 allow tcp/22 10.0.0.5/32', '200 deny tcp/22 0.0.0.0/0', '300 deny tcp/22 10.0.0.0/24'],
    ['harmless acl-p deny tcp 22 from 10.0.0.0/24 < deny tcp 22 from 0.0.0.0/0'],
  ],
  [
    'what no repetition covers is dangerous',
    SHADOWED,
    ['100 deny tcp/22 10.0.0.0/25', '200 allow tcp/0-100 0.0.0.0/0', '300 deny tcp/22 10.0.0.0/24'],
    ['dangerous acl-p deny tcp 22 from 10.0.0.0/24 < allow tcp 0-100 from 0.0.0.0/0'],
  ],
  [
    'a deny before the closing entry changes nothing',
    REDUNDANT_ENTRY,
    ['100 allow tcp/443 0.0.0.0/0', '200 deny all 0.0.0.0/0'],
    ['harmless acl-p deny all traffic from 0.0.0.0/0 < deny all traffic from 0.0.0.0/0'],
  ],
  [
    'a deny before a wider allow changes much',
    REDUNDANT_ENTRY,
    ['100 deny tcp/22 0.0.0.0/0', '200 allow all 0.0.0.0/0'],
    [],
  ],
  [
    'an allow before a wider allow changes nothing',
    REDUNDANT_ENTRY,
    ['100 allow tcp/443 0.0.0.0/0', '200 allow all 0.0.0.0/0'],
    ['harmless acl-p allow tcp 443 from 0.0.0.0/0 < allow all traffic from 0.0.0.0/0'],
  ],
  [
    'a deny between them makes the difference',
    REDUNDANT_ENTRY,
    ['100 allow tcp/443 0.0.0.0/0', '150 deny tcp/1-1023 0.0.0.0/0', '200 allow all 0.0.0.0/0'],
    [],
  ],
  [
    'of two equal entries one is told, as shadowed',
    REDUNDANT_ENTRY,
    ['100 allow tcp/443 0.0.0.0/0', '200 allow tcp/443 0.0.0.0/0'],
    [],
  ],
  [
    'a deny that keeps an allow from deciding is needed',
    REDUNDANT_ENTRY,
    ['100 deny all 0.0.0.0/0', '200 allow all 0.0.0.0/0'],
    [],
  ],
])('%s', (_, rule, entries, findings) => {
  expect(told(withAcl(...entries), rule)).toEqual(findings);
});

test('a dangerous entry is shown with a packet that gets through in spite of it', () => {
  const [finding] = lintOf(withAcl('100 allow tcp/22 10.0.0.0/16', '200 deny tcp/22 10.0.0.0/24'), SHADOWED).findings;
  expect(finding!.text).toBe('inbound entry 200 looks as if it denies packets that entry 100 before it allows');
  expect(finding!.proof).toMatchObject({ contradicted: { packet: 'tcp 22 from 10.0.0.0', by: { rule: 'in 100' } } });
});

test("AWS's own entries are no findings, even where a deny shadows them", () => {
  const defaultNacl = { in: ['50 deny all 0.0.0.0/0', '100 allow all 0.0.0.0/0', '101 allow all ::/0'] };
  expect(told({ defaultNacl }, SHADOWED)).toEqual([]);
  expect(told({ defaultNacl }, REDUNDANT_ENTRY)).toEqual([]);
  expect(told(withAcl('50 deny all 0.0.0.0/0', '100 allow all 0.0.0.0/0'), SHADOWED)).toHaveLength(1);
});

test('a direction with an entry that could not be read is not judged, and the notes say so', () => {
  const lines = ['100 allow all 0.0.0.0/0', '200 deny tcp/22 0.0.0.0/0'];
  const { findings, notes } = lintOf(withAcl(...lines, '150 deny unreadable'), SHADOWED);
  expect(findings).toEqual([]);
  expect(notes).toEqual([
    'one direction of a network ACL was not judged: an entry there could not be read, and may decide anything',
  ]);
  expect(lintOf(withAcl(...lines), SHADOWED)).toMatchObject({ findings: [{}], notes: [] });
});

const withWeb = (web: GroupDrawing): Drawing => ({ groups: { ...BASE.groups, web } });
const REDUNDANT = 'group-rule-redundant';

test.each<[string, Drawing, readonly string[]]>([
  [
    'a port of a range',
    withWeb({ in: ['tcp/443 from 10.0.0.0/8', 'tcp/400-500 from 10.0.0.0/8'] }),
    ['harmless sg-web tcp 443 from 10.0.0.0/8 < tcp 400-500 from 10.0.0.0/8'],
  ],
  ['a port beside the range', withWeb({ in: ['tcp/443 from 10.0.0.0/8', 'tcp/444-500 from 10.0.0.0/8'] }), []],
  [
    'a block that two others cover',
    withWeb({ in: ['tcp/443 from 10.0.0.0/8', 'tcp from 10.0.0.0/9', 'tcp from 10.128.0.0/9'] }),
    ['harmless sg-web tcp 443 from 10.0.0.0/8 < tcp from 10.0.0.0/9, tcp from 10.128.0.0/9'],
  ],
  ['the other direction', withWeb({ in: ['tcp/443 from 10.0.0.0/8'], out: ['all to 10.0.0.0/8'] }), []],
  [
    'a reference that everyone of both families has',
    withWeb({ in: ['tcp/443 from sg-db', 'tcp/443 from 0.0.0.0/0', 'tcp/443 from ::/0'] }),
    ['harmless sg-web tcp 443 from sg-db < tcp 443 from 0.0.0.0/0, tcp 443 from ::/0'],
  ],
  [
    'a reference whose members a block holds',
    withWeb({ in: ['tcp/443 from sg-db', 'tcp/443 from 10.0.2.0/24'] }),
    ['harmless sg-web tcp 443 from sg-db < tcp 443 from 10.0.2.0/24 (now)'],
  ],
  [
    'a reference with a member outside the block',
    withWeb({ in: ['tcp/443 from sg-db', 'tcp/443 from 10.0.2.0/28'] }),
    [],
  ],
  [
    'a reference of more ports to the same group',
    withWeb({ in: ['tcp/443 from sg-db', 'tcp from sg-db'] }),
    ['harmless sg-web tcp 443 from sg-db < tcp from sg-db'],
  ],
  [
    'a block is not covered by a reference',
    withWeb({ in: ['tcp/443 from 10.0.2.20/32', 'tcp/443 from sg-db'] }),
    ['harmless sg-web tcp 443 from sg-db < tcp 443 from 10.0.2.20/32 (now)'],
  ],
  [
    'what halves of everyone would keep tracked',
    withWeb({ in: ['tcp/443 from 0.0.0.0/0', 'tcp/443 from 0.0.0.0/1', 'tcp/443 from 128.0.0.0/1'] }),
    [
      'harmless sg-web tcp 443 from 128.0.0.0/1 < tcp 443 from 0.0.0.0/0',
      'harmless sg-web tcp 443 from 0.0.0.0/1 < tcp 443 from 0.0.0.0/0',
    ],
  ],
  [
    "AWS's default egress beside its equal",
    withWeb({ in: [], out: ['all to 0.0.0.0/0', 'tcp/443 to 10.0.0.0/8'] }),
    ['harmless sg-web tcp 443 to 10.0.0.0/8 < all traffic to 0.0.0.0/0'],
  ],
])('redundant in its group: %s', (_, changes, findings) => {
  expect(told(changes, REDUNDANT)).toEqual(findings);
});

const both = (groups: Drawing['groups']): Drawing => ({
  groups: { ...BASE.groups, ...groups },
  enis: { ...BASE.enis, C: { subnet: 'Q', address: '10.0.2.21', groups: ['one', 'two'] } },
});
const WHERE_USED = 'group-rule-redundant-where-used';

test('a rule that the other groups of every interface imply is redundant where it is used', () => {
  const one = { in: ['tcp/443 from 10.0.1.0/24'] };
  const two = { in: ['tcp/443 from 10.0.0.0/16'] };
  expect(told(both({ one, two }), WHERE_USED)).toEqual([
    'harmless sg-one tcp 443 from 10.0.1.0/24 < sg-one,sg-two: tcp 443 from 10.0.0.0/16',
  ]);
  const alone = { D: { subnet: 'Q', address: '10.0.2.22', groups: ['one'] } };
  const drawing = both({ one, two });
  expect(told({ ...drawing, enis: { ...drawing.enis, ...alone } }, WHERE_USED)).toEqual([]);
});

test('halves of everyone do not stand for everyone, who leaves flows untracked (CT-03)', () => {
  const one = { in: ['tcp/443 from 0.0.0.0/0'] };
  const two = { in: ['tcp/443 from 0.0.0.0/1', 'tcp/443 from 128.0.0.0/1'] };
  expect(told(both({ one, two }), WHERE_USED)).toEqual([
    'harmless sg-two tcp 443 from 128.0.0.0/1 < sg-one,sg-two: tcp 443 from 0.0.0.0/0',
    'harmless sg-two tcp 443 from 0.0.0.0/1 < sg-one,sg-two: tcp 443 from 0.0.0.0/0',
  ]);
});

test('of two groups that say the same and are always together, one is told', () => {
  const same = { in: ['tcp/443 from 10.0.1.0/24'] };
  expect(told(both({ one: same, two: same }), WHERE_USED)).toHaveLength(1);
});

test('without the whole list of interfaces nobody knows where a group is used', () => {
  const same = { in: ['tcp/443 from 10.0.1.0/24'] };
  const drawing: Drawing = { ...both({ one: same, two: same }), incomplete: ['networkInterfaces'] };
  expect(told(drawing, WHERE_USED)).toEqual([]);
  expect(lintOf(drawing, WHERE_USED).notes).toEqual([
    '2 security groups were not judged where used: the list of network interfaces is not whole',
  ]);
});

test('the default group and the CDK rule for "nothing" are no findings', () => {
  const none = 'icmp/252.86 from 255.255.255.255/32';
  const changes = withWeb({ in: [none, 'icmp from 0.0.0.0/0'], out: [none.replace('from', 'to'), 'all to 0.0.0.0/0'] });
  for (const rule of [REDUNDANT, 'group-rule-never-used']) expect(told(changes, rule)).toEqual([]);
  expect(told({ enis: { A: { subnet: 'P', address: '10.0.1.10' } } }, 'group-rule-never-used')).toEqual([]);
});

test('a group that nothing carries or names is unused; one that only itself names is, too', () => {
  const unused = (groups: Drawing['groups']): readonly string[] =>
    told({ groups: { ...BASE.groups, ...groups } }, 'group-unused');
  expect(unused({})).toEqual([]);
  expect(unused({ old: { in: ['tcp/1 from sg-old'] } })).toEqual(['harmless sg-old < nowhere']);
  expect(unused({ old: {}, other: { in: ['tcp/1 from sg-old'] } })).toEqual(['harmless sg-other < nowhere']);
  const { findings, notes } = lintOf(
    { groups: { ...BASE.groups, old: {} }, incomplete: ['networkInterfaces'] },
    'group-unused',
  );
  expect(findings).toEqual([]);
  expect(notes).toEqual([
    'one security group that seems unused may be used: the lists of network interfaces and security groups are not whole',
  ]);
});

test('an ACL without subnets is unused, unless it is the default', () => {
  expect(told({ nacls: { spare: { in: [] } } }, 'network-acl-unused')).toEqual(['harmless acl-spare < nowhere']);
  expect(told({}, 'network-acl-unused')).toEqual([]);
});

test('a blackhole is told with what is left of its target and who runs into it', () => {
  const blackhole = (target: string): readonly string[] =>
    told(
      { subnets: { P: BASE.subnets!.P!, Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': target } } } },
      'route-blackhole',
    );
  expect(blackhole('nat-g blackhole')).toEqual([
    'misleading rtb-q 0.0.0.0/0 to nat-g < nat-g not in the snapshot, used by subnet-q',
  ]);
  expect(blackhole('igw')).toEqual([]);
  expect(told({ tables: { spare: { '0.0.0.0/0': 'nat-g blackhole' } } }, 'route-blackhole')).toEqual([
    'harmless rtb-spare 0.0.0.0/0 to nat-g < nat-g not in the snapshot, used by nobody',
  ]);
});

const STALE = 'stale-reference';

test('a rule whose peering is gone, or whose group is, is stale', () => {
  const peered: Drawing = {
    vpcs: { 2: { vpc: '10.2.0.0/16', groups: { far: {} } } },
    peerings: { '12': { from: '1', to: '2' } },
  };
  const rule = (text: string): readonly string[] => told({ ...peered, ...withWeb({ in: [text] }) }, STALE);
  expect(rule('tcp/443 from sg-far via pcx-12')).toEqual([]);
  expect(rule('tcp/443 from sg-far via pcx-12 deleted')).toEqual([
    'misleading sg-web tcp 443 from sg-far < pcx-12 deleted, used by nobody',
  ]);
  expect(rule('tcp/443 from sg-gone')).toEqual(['misleading sg-web tcp 443 from sg-gone < nowhere']);
  expect(rule('tcp/443 from sg-gone of 222222222222')).toEqual([]);
  expect(rule('tcp/443 from pl-gone')).toEqual(['misleading sg-web tcp 443 from pl-gone < nowhere']);
  const expired = { ...peered, peerings: { '12': { from: '1', to: '2', state: 'expired' } } };
  expect(told({ ...expired, ...withWeb({ in: ['tcp/443 from sg-far via pcx-12'] }) }, STALE)).toEqual([
    'misleading sg-web tcp 443 from sg-far < pcx-12 expired, used by nobody',
  ]);
});

test('what a list that was cut off lacks may be there', () => {
  const changes = withWeb({ in: ['tcp/443 from sg-gone'] });
  expect(told(changes, STALE)).toHaveLength(1);
  expect(told({ ...changes, incomplete: ['securityGroups'] }, STALE)).toEqual([]);
});

test('a route to what is gone, and an interface with a group that is gone, are stale', () => {
  const subnets = { ...BASE.subnets, Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-gone' } } };
  expect(told({ subnets }, STALE)).toEqual(['misleading rtb-q 0.0.0.0/0 to nat-gone < nowhere']);
  expect(told({ absent: ['sg-db'] }, STALE)).toEqual(['misleading eni-b < nowhere']);
});

test('a rule that does not exist is refused with what was meant', () => {
  const ask = (): unknown => createNet(networkOf(BASE)).lint({ rules: ['group-unusd'] });
  expect(ask).toThrow(QuestionError);
  expect(ask).toThrow('no lint rule "group-unusd"');
});
