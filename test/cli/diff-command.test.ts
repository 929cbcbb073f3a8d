import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

const SSH = ['--edit', 'allow shop-web in tcp/22 from 0.0.0.0/0'];
const NO_HTTPS = ['--edit', 'remove shop-public/in/110'];

const folder = mkdtempSync(join(tmpdir(), 'igwalk-diff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The sample with its text changed, as a folder. */
function sampleWith(name: string, change: (text: string) => string): string {
  const copy = join(folder, name);
  cpSync(SAMPLE, copy, { recursive: true });
  for (const path of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.json')) writeFileSync(join(copy, path), change(readFileSync(join(copy, path), 'utf8')));
  }
  return copy;
}

test('an edit is told with what it opens, a packet, the step where the walks part, and the record', async () => {
  const { code, stdout, stderr } = await igwalk(['diff', SAMPLE, ...SSH]);
  expect(stdout).toBe(`\
differs  anywhere -> anywhere : any
  what passes or is answered in one network does not in the other
  132 pairs of addresses compared (all that the change can touch), 4 differ, in one group: 1 opened

opened
  + internet 203.0.113.32/27, 203.0.113.80/28, 203.0.113.96/27, 203.0.113.128/25 → web-1, web-2
      + packets    tcp 22  dropped before, delivered after
      ▸ witness    tcp 203.0.113.33:49152 > 198.51.100.11:22
      the walks part on the way there, where shop-web differs
        ✗ before     group in: no inbound rule matches  shop-web, at web-2, sg-0ab9c37e7cf290ea4
        ✓ after      group in: tcp 22 from 0.0.0.0/0  sg-0ab9c37e7cf290ea4/in/added.0 of shop-web, at web-2, sg-0ab9c37e7cf290ea4

resources
  ~ security group shop-web  sg-0ab9c37e7cf290ea4
      rules  + in tcp 22 from 0.0.0.0/0
`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('what an edit closes is narrowed by a question in parts', async () => {
  const { stdout } = await igwalk(['diff', SAMPLE, ...NO_HTTPS, '--from', 'internet', '--service', 'https']);
  expect(stdout).toBe(`\
differs  internet -> anywhere : https
  what passes or is answered in one network does not in the other
  168 pairs of addresses compared, 34 differ, in one group: 1 closed

closed
  - IPv4 internet except 192.0.2.0/24 → web-1, web-2
      - packets    tcp 443  delivered before, dropped after
      ▸ witness    tcp 8.8.8.8:49152 > 198.51.100.11:443
      the walks part on the way there, where shop-public differs
        ✓ before     acl in: tcp 443 from 0.0.0.0/0  entry 110 of shop-public, at shop-public-b, acl-09743fec1dcd95b87
        ✗ after      acl in: all traffic from 0.0.0.0/0  entry * of shop-public, at shop-public-b, acl-09743fec1dcd95b87

resources
  ~ network ACL shop-public  acl-09743fec1dcd95b87
      entries  - in 110 allow tcp 443 from 0.0.0.0/0
`);
});

test('two snapshots are compared; ids may differ where names do not', async () => {
  const renumbered = sampleWith('renumbered', (text) => text.replaceAll(/\b(eni|i|subnet|vpc|sg|acl|rtb)-0/g, '$1-9'));
  const { code, stdout } = await igwalk(['diff', SAMPLE, renumbered, '--fail-on', 'any']);
  expect(stdout).toBe(`\
same  anywhere -> anywhere : any
  the same packets pass and are answered in both networks
  404 pairs of addresses compared, none differs
  interfaces: 8 matched by name; 1 matched by address
`);
  expect(code).toBe(0);
});

test('a snapshot that lacks facts makes flows unknown, and exits with 3 unless that is allowed', async () => {
  const lists = sampleWith('without-acls', (text) => text);
  const find = (name: string): string =>
    readdirSync(lists, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(name))!;
  rmSync(join(lists, find('NetworkAcls.json')));
  const question = ['--to', 'db-1', '--service', 'postgres'];
  const { code, stdout } = await igwalk(['diff', SAMPLE, lists, ...question]);
  expect(stdout).toMatch(/^unknown {2}anywhere -> db-1 : postgres\n/);
  expect(stdout).toContain('\nunknown after, known before\n');
  expect(stdout).toContain('aws ec2 describe-network-acls');
  expect(code).toBe(3);
  expect((await igwalk(['diff', SAMPLE, lists, ...question, '--allow-unknown'])).code).toBe(0);
  expect((await igwalk(['diff', SAMPLE, lists, ...question, '--fail-on', 'any'])).code).toBe(3);
});

const codes: readonly (readonly [argv: readonly string[], code: number, stderr: string])[] = [
  [[...SSH, '--fail-on', 'opened'], 1, 'flows were opened\n'],
  [[...SSH, '--fail-on', 'closed'], 0, ''],
  [[...SSH, '--fail-on', 'any'], 1, 'flows were opened\n'],
  [[...NO_HTTPS, '--fail-on', 'closed'], 1, 'flows were closed\n'],
  [[...NO_HTTPS, '--fail-on', 'opened'], 0, ''],
  [[...SSH, ...NO_HTTPS, '--fail-on', 'any'], 1, 'flows were opened and closed\n'],
  [[...SSH, '--service', 'tcp/23', '--fail-on', 'any'], 0, ''],
];
for (const [argv, code, stderr] of codes) {
  test(`${argv.join(' ')} exits with ${code}`, async () => {
    expect(await igwalk(['diff', SAMPLE, ...argv])).toMatchObject({ code, stderr });
  });
}

test('--json is the answer as a document, in a fixed order of keys', async () => {
  const { stdout } = await igwalk(['diff', SAMPLE, ...SSH, '--json']);
  const answer = JSON.parse(stdout);
  expect(Object.keys(answer)).toEqual([
    'verdict',
    'question',
    'internet',
    'groups',
    'resources',
    'interfaces',
    'pairs',
    'assumptions',
    'unknowns',
    'notes',
  ]);
  expect(answer.groups).toMatchObject([
    {
      kind: 'opened',
      before: 'dropped',
      after: 'delivered',
      family: 4,
      to: [{ name: 'web-2' }, { name: 'web-1' }],
      packets: ['tcp 22'],
      witness: { packet: 'tcp 203.0.113.33:49152 > 198.51.100.11:22' },
      cause: { direction: 'forward', resources: ['sg-0ab9c37e7cf290ea4'] },
    },
  ]);
});

test('every witness fares as told, before and after the edit', async () => {
  const edit = ['--edit', 'unroute shop-public 0.0.0.0/0'];
  const { groups } = JSON.parse((await igwalk(['diff', SAMPLE, ...edit, '--json'])).stdout);
  expect(groups.length).toBeGreaterThan(5);
  for (const { witness, before, after } of groups) {
    const was = await igwalk(['trace', SAMPLE, witness.packet, '--expect', before]);
    const is = await igwalk(['trace', SAMPLE, witness.packet, '--expect', after, ...edit]);
    expect([was.code, is.code], witness.packet).toEqual([0, 0]);
  }
});

test('--all lists every place with its addresses', async () => {
  const { stdout } = await igwalk(['diff', SAMPLE, ...SSH, '--all']);
  expect(stdout).toContain('to         web-1  eni-078372b1ebb424666  10.0.0.10\n');
  expect(stdout).toContain('from       203.0.113.32/27\n');
});

test('reach asks about an edited network, too', async () => {
  const question = 'internet -> web-1 : tcp/22';
  expect((await igwalk(['reach', SAMPLE, question, ...SSH])).stdout).toContain('internet 203.0.113.0/24 → web-1');
  expect((await igwalk(['reach', SAMPLE, question])).stdout).not.toContain('internet 203.0.113.0/24 → web-1');
});

describe('refused with what went wrong:', () => {
  const other = join(folder, 'other.json');
  const eni = {
    NetworkInterfaceId: 'eni-q',
    VpcId: 'vpc-q',
    SubnetId: 'subnet-q',
    Status: 'in-use',
    PrivateIpAddresses: [{ PrivateIpAddress: '10.9.9.9', Primary: true }],
    Groups: [],
  };
  writeFileSync(other, JSON.stringify({ NetworkInterfaces: [eni] }));

  test.each([
    ['a missing snapshot', [SAMPLE], `nothing to compare ${SAMPLE} with: give a second snapshot`],
    ['two snapshots and an edit', [SAMPLE, SAMPLE, ...SSH], '--edit changes one snapshot'],
    ['three snapshots', [SAMPLE, SAMPLE, SAMPLE], '3 snapshots given, two are compared'],
    [
      'networks that share nothing',
      [SAMPLE, other],
      'cannot be aligned: no interface of BEFORE has the id, name or address',
    ],
    [
      'a misspelt edit',
      [SAMPLE, '--edit', 'alow sg-1'],
      'expected remove, allow, entry, route or unroute\n  alow sg-1\n  ^',
    ],
    ['an edit of nothing', [SAMPLE, '--edit', 'remove sgr-77'], 'no rule "sgr-77"'],
    [
      'too many pairs',
      [SAMPLE, ...SSH, '--max-pairs', '2'],
      'over the limit of 2: narrow it with --from, --to, or raise --max-pairs',
    ],
    ['an unknown place', [SAMPLE, ...SSH, '--from', 'web-77'], 'web-77'],
  ])('%s', async (_, argv, message) => {
    const { code, stderr, stdout } = await igwalk(['diff', ...argv]);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
