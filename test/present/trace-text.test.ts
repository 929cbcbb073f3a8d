import { expect, test } from 'vitest';
import type { Trace } from '../../src/explain/trace.ts';
import { PLAIN_RENDERING, render } from '../../src/present/layout.ts';
import { type TraceDetail, traceLines } from '../../src/present/trace-text.ts';
import { blocker, delivered, dropped, hop, INTERNET, leg, place, step, tcp, trace } from './drawn-trace.ts';

const igw = place('internet-gateway', 'igw-7', 'main');
const web = place('subnet', 'subnet-3', 'public-a');
const server = place('network-interface', 'eni-5', 'web-1');

const asked = tcp('203.0.113.7:40000', '198.51.100.10:443');
const arrived = tcp('203.0.113.7:40000', '10.0.1.10:443');
const answered = tcp('10.0.1.10:443', '203.0.113.7:40000');
const returned = tcp('198.51.100.10:443', '203.0.113.7:40000');

const translated = step('translate', 'rewrite', '10.0.1.10 is paired with 198.51.100.10', {
  resource: 'igw-7',
  header: arrived,
});
const letIn = step('nacl-in', 'allow', 'tcp 443 from 0.0.0.0/0', {
  resource: 'acl-2',
  rule: '100',
  source: 'acls.json#/NetworkAcls/0/Entries/4',
});
const admitted = step('security-group-in', 'allow', 'tcp 443 from ::/0', {
  resource: 'sg-4',
  rule: 'sgr-6',
  source: 'groups.json#/SecurityGroups/1/IpPermissions/0/IpRanges/0',
  tracking: 'untracked',
});

const wayIn = [hop(INTERNET), hop(igw, translated), hop(web, letIn)] as const;
const forward = delivered(asked, arrived, ...wayIn, hop(server, admitted, step('deliver', 'arrive', 'arrives')));
const reply = delivered(
  answered,
  returned,
  hop(
    server,
    step('security-group-out', 'allow', 'answers a tracked connection', {
      resource: 'sg-4, sg-5',
      tracking: 'reply',
    }),
  ),
  hop(
    igw,
    step('route', 'forward', '0.0.0.0/0 to igw-7', {
      resource: 'rtb-1',
      rule: '0.0.0.0/0',
      because: ['OPEN-16'],
    }),
  ),
  hop(INTERNET),
);

function text(answer: Trace, detail?: TraceDetail): string {
  return render(traceLines(answer, detail), PLAIN_RENDERING);
}

test('a delivered packet: verdict, sentence, the way there, the way back', () => {
  expect(text(trace('delivered', forward, reply, { assumptions: ['OPEN-16'] }))).toBe(`\
delivered  tcp 203.0.113.7:40000 > 198.51.100.10:443
  reaches web-1 as tcp 203.0.113.7:40000 > 10.0.1.10:443, and the answer comes back

  → packet
    internet
    main  igw-7
      ⇄ translate  10.0.1.10 is paired with 198.51.100.10  now 203.0.113.7:40000 > 10.0.1.10:443
    public-a  subnet-3
      ✓ acl in     tcp 443 from 0.0.0.0/0                  entry 100 of acl-2
    web-1  eni-5
      ✓ group in   tcp 443 from ::/0                       sgr-6 of sg-4, untracked
      ● deliver    arrives

  ← answer  tcp 10.0.1.10:443 > 203.0.113.7:40000
    web-1  eni-5
      ✓ group out  answers a tracked connection  reply
    main  igw-7
      → route      0.0.0.0/0 to igw-7            table rtb-1, assuming OPEN-16
    internet

  assumes
    OPEN-16  a packet to a public address arrives even where the subnet has no route to the internet gateway; its answer does not leave
`);
});

const refused = step('nacl-in', 'deny', 'all traffic from 203.0.113.0/24', {
  resource: 'acl-2',
  rule: '90',
  source: 'acls.json#/NetworkAcls/0/Entries/3',
  code: 'SUBNET_ACL_RESTRICTION',
});
const notAdmitted = step('security-group-in', 'deny', 'no inbound rule matches', {
  resource: 'sg-4',
  source: 'groups.json#/SecurityGroups/1',
  code: 'ENI_SG_RULES_MISMATCH',
});

test('a dropped packet: what stopped it, its code and its place in the input, and what would stop it next', () => {
  const stopped = dropped(
    asked,
    [hop(INTERNET), hop(web, refused)],
    [blocker(web, refused), blocker(server, notAdmitted)],
  );
  expect(text(trace('dropped', stopped, null))).toBe(`\
dropped  tcp 203.0.113.7:40000 > 198.51.100.10:443
  dropped at public-a by entry 90 of acl-2

  → packet
    internet
    public-a  subnet-3
      ✗ acl in     all traffic from 203.0.113.0/24  entry 90 of acl-2
                   SUBNET_ACL_RESTRICTION  acls.json#/NetworkAcls/0/Entries/3
    and past that, this refuses it too
      ✗ group in   no inbound rule matches  sg-4, at web-1
                   ENI_SG_RULES_MISMATCH  groups.json#/SecurityGroups/1
`);
});

test('a one-way packet arrives, and its answer names what stopped it', () => {
  const lost = dropped(answered, [hop(server), hop(web, refused)], [blocker(web, refused)]);
  expect(text(trace('one-way', forward, lost), { brief: true })).toBe(`\
one-way  tcp 203.0.113.7:40000 > 198.51.100.10:443
  reaches web-1 as tcp 203.0.113.7:40000 > 10.0.1.10:443, but the answer is dropped at public-a by entry 90 of acl-2

  ← answer  tcp 10.0.1.10:443 > 203.0.113.7:40000
    ✗ acl in     all traffic from 203.0.113.0/24  entry 90 of acl-2, at public-a
                 SUBNET_ACL_RESTRICTION  acls.json#/NetworkAcls/0/Entries/3
`);
});

test('an unknown verdict names the missing fact, where the gap shows, and what would supply it', () => {
  const fact = {
    key: 'transit-gateway:tgw-8',
    what: 'where transit gateway tgw-8 sends packets',
    remedy: 'transit gateways are not modelled yet',
    origin: { file: 'routes.json', pointer: '/RouteTables/0/Routes/1' },
  };
  const stuck = step('route', 'unknown', '192.168.0.0/16 to tgw-8', { because: [fact.key] });
  const open = leg('unknown', asked, asked, [hop(INTERNET), hop(web, stuck)], []);
  expect(text(trace('unknown', open, null, { unknowns: [fact], notes: ['the path MTU is 8500'] }))).toBe(`\
unknown  tcp 203.0.113.7:40000 > 198.51.100.10:443
  gets as far as public-a: the snapshot lacks what decides there

  → packet
    internet
    public-a  subnet-3
      ? route      192.168.0.0/16 to tgw-8

  missing
    ? where transit gateway tgw-8 sends packets
      at routes.json#/RouteTables/0/Routes/1
      transit gateways are not modelled yet

  notes
    the path MTU is 8500
`);
});

test('ACLs, groups and tables go by their names, with the id beside the place in the input', () => {
  const names = new Map([['acl-2', 'public']]);
  const stopped = dropped(asked, [hop(web, refused)], [blocker(web, refused)]);
  expect(text(trace('dropped', stopped, null), { names })).toBe(`\
dropped  tcp 203.0.113.7:40000 > 198.51.100.10:443
  dropped at public-a by entry 90 of public

  → packet
    public-a  subnet-3
      ✗ acl in     all traffic from 203.0.113.0/24  entry 90 of public
                   SUBNET_ACL_RESTRICTION  acl-2  acls.json#/NetworkAcls/0/Entries/3
`);
});

test('with sources, every step names its place in the input', () => {
  expect(text(trace('delivered', forward, null), { sources: true })).toContain(`\
      ✓ acl in     tcp 443 from 0.0.0.0/0                  entry 100 of acl-2
                   acls.json#/NetworkAcls/0/Entries/4
`);
});

test('a packet of a kind that nobody answers says so', () => {
  expect(text(trace('delivered', forward, null))).toContain('and packets of its kind are not answered\n');
});

test('an answer whose fate is unknown says where it is lost sight of', () => {
  const open = leg('unknown', answered, answered, [hop(server), hop(web)], []);
  expect(text(trace('unknown', forward, open))).toContain('but whether the answer gets past public-a is unknown\n');
});

test('names with control characters and bidi marks come out written out, in every part of the answer', () => {
  const evil = '\u001b[2Jweb\u202e1\u200b\n';
  const at = place('network-interface', evil, evil);
  const bad = step('security-group-in', 'deny', evil, { resource: evil, source: evil, code: evil, because: [evil] });
  const facts = [{ key: evil, what: evil, remedy: evil, origin: { file: evil, pointer: evil } }];
  const stopped = dropped(
    { ...asked, source: evil },
    [hop(at, bad)],
    [blocker(at, bad), blocker(at, { ...bad, rule: '1' })],
  );
  const answer = trace('dropped', stopped, stopped, { unknowns: facts, notes: [evil], assumptions: [evil] });
  const printed = text(answer, { sources: true });
  expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(printed).toContain('\\u{1b}[2Jweb\\u{202e}1\\u{200b}\\u{a}');
});
