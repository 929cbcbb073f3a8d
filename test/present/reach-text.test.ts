import { expect, test } from 'vitest';
import type { ReachAnswer } from '../../src/explain/reach-answer.ts';
import { PLAIN_RENDERING, render } from '../../src/present/layout.ts';
import { type ReachDetail, reachLines } from '../../src/present/reach-text.ts';
import { group, reachAnswer, stop, WEB_1 } from './drawn-reach.ts';
import { INTERNET, place } from './drawn-trace.ts';

function text(answer: ReachAnswer, detail?: ReachDetail): string {
  return render(reachLines(answer, detail), PLAIN_RENDERING);
}

const witness = { packet: 'tcp 10.0.1.10:49152 > 10.0.2.20:5432', verdict: 'delivered' };

test('all of it passes: what was asked, that it holds, and a packet to replay', () => {
  const open = group('all', { forward: ['tcp 22,5432'], roundTrip: ['tcp 22,5432'], witness });
  expect(text(reachAnswer('all', [open]))).toBe(`\
all  web-1 -> db-1 : tcp/22,5432
  everything asked about arrives, and its answers come back
  1 pair of addresses

  ✓ all  web-1  eni-1 → db-1  eni-9
      ✓ answered   tcp 22,5432
      ▸ witness    tcp 10.0.1.10:49152 > 10.0.2.20:5432  delivered
`);
});

test('part of it passes: what is answered, what only arrives, which client ports, and what stops the rest', () => {
  const part = group('some', {
    forward: ['tcp 5432', 'icmp echo'],
    roundTrip: ['tcp 5432'],
    clientPorts: ['tcp to client ports 32768-60999'],
    witness,
    blockers: [
      stop('forward'),
      stop('reply', {
        stage: 'nacl-out',
        code: 'SUBNET_ACL_RESTRICTION',
        place: place('subnet', 'subnet-3', 'db-a'),
        resource: 'acl-2',
        kills: ['tcp 5432', 'icmp echo'],
        text: 'all traffic to 0.0.0.0/0',
      }),
    ],
  });
  expect(text(reachAnswer('some', [part], { pairs: 4 }), { names: new Map([['acl-2', 'shop-db']]) })).toBe(`\
some  web-1 -> db-1 : tcp/22,5432
  part of what is asked about arrives and is answered
  4 pairs of addresses, all alike

  ◐ some  web-1  eni-1 → db-1  eni-9
      ✓ answered   tcp 5432
      → arrives    tcp 5432; icmp echo
      ◐ limited    tcp to client ports 32768-60999 only
      ▸ witness    tcp 10.0.1.10:49152 > 10.0.2.20:5432  delivered
      stopped on the way there
        ✗ group in   no inbound rule matches  sg-4, at db-1
                     stops tcp 22  ENI_SG_RULES_MISMATCH
      stopped on the way back
        ✗ acl out    all traffic to 0.0.0.0/0  shop-db, at db-a
                     stops answers to tcp 5432; icmp echo  SUBNET_ACL_RESTRICTION  acl-2
`);
});

test('nothing passes: who stops it, under which code', () => {
  const shut = group('none', { blockers: [stop('forward', { kills: ['tcp 22,5432'] })] });
  expect(text(reachAnswer('none', [shut]))).toBe(`\
none  web-1 -> db-1 : tcp/22,5432
  nothing of it arrives
  1 pair of addresses

  ✗ none  web-1  eni-1 → db-1  eni-9
      stopped on the way there
        ✗ group in   no inbound rule matches  sg-4, at db-1
                     stops tcp 22,5432  ENI_SG_RULES_MISMATCH
`);
});

test('what arrives and is never answered says so', () => {
  const printed = text(reachAnswer('some', [group('some', { forward: ['tcp 22'] })]));
  expect(printed).toContain('  what arrives of it is not answered\n');
  expect(printed).toContain('→ arrives    tcp 22, and is not answered\n');
});

test('what is open is told beside the fact that would settle it', () => {
  const fact = {
    key: 'transit-gateway:tgw-8',
    what: 'where transit gateway tgw-8 sends packets',
    remedy: 'transit gateways are not modelled yet',
    origin: { file: 'routes.json', pointer: '/RouteTables/0/Routes/1' },
  };
  const more = { unknowns: [fact], assumptions: ['OPEN-16'], notes: ['two interfaces are shut off'] };
  const answer = reachAnswer('unknown', [group('unknown', { open: ['tcp 22,5432'] })], more);
  expect(text(answer)).toBe(`\
unknown  web-1 -> db-1 : tcp/22,5432
  the snapshot lacks what decides
  1 pair of addresses

  ? unknown  web-1  eni-1 → db-1  eni-9
      ? open       tcp 22,5432

  missing
    ? where transit gateway tgw-8 sends packets
      at routes.json#/RouteTables/0/Routes/1
      transit gateways are not modelled yet

  assumes
    OPEN-16  a packet to a public address arrives even where the subnet has no route to the internet gateway; its answer does not leave

  notes
    two interfaces are shut off
`);
});

test('groups of pairs are counted by verdict', () => {
  const answer = reachAnswer('some', [group('all'), group('none'), group('none')], { pairs: 7 });
  expect(text(answer)).toContain('  7 pairs of addresses, in 3 groups that behave alike: 1 all, 2 none\n');
});

const servers = Array.from({ length: 5 }, (_, at) => place('network-interface', `eni-1${at}`, 'app'));
const others = Array.from({ length: 4 }, (_, at) => place('network-interface', `eni-2${at}`, `job-${at}`));

test('a blocker of many pairs is told at one of them', () => {
  const answer = reachAnswer('none', [group('none', { from: servers, blockers: [stop('forward')] })]);
  expect(text(answer)).toContain('✗ group in   no inbound rule matches  sg-4, e.g. at db-1\n');
});

test('many places are counted by name and shortened, and --all lists each with its id', () => {
  const answer = reachAnswer('none', [group('none', { from: [...servers, WEB_1, ...others] })]);
  expect(text(answer)).toContain('  ✗ none  app (5), job-0, job-1 and 3 more → db-1  eni-9\n');
  expect(text(answer, { all: true })).toContain(`\
  ✗ none  app (5), job-0, job-1 and 3 more → db-1  eni-9
        from       app  eni-10
                   app  eni-11
`);
  expect(text(answer, { all: true })).toContain('                   job-3  eni-23\n');
});

const internet: readonly (readonly [addresses: readonly string[], shown: string])[] = [
  [[], 'internet'],
  [['203.0.113.0/28'], 'internet 203.0.113.0/28'],
  [['203.0.113.0/28', '2001:db8::/64'], 'internet 203.0.113.0/28, internet 2001:db8::/64'],
  [
    ['198.51.100.1/32', '198.51.100.3/32', '198.51.100.5/32', '198.51.100.7/32', '198.51.100.9/32'],
    'internet 198.51.100.1/32, 198.51.100.3/32, 198.51.100.5/32 and 2 more',
  ],
];
for (const [addresses, shown] of internet) {
  test(`the internet as ${addresses.length} prefixes is told as "${shown}"`, () => {
    const answer = reachAnswer('none', [group('none', { from: [INTERNET], fromAddresses: addresses })]);
    expect(text(answer)).toContain(`  ✗ none  ${shown} → db-1`);
  });
}

test('a group of all but a few addresses of the internet is told by those', () => {
  const most = group('all', { from: [INTERNET], fromAddresses: ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'] });
  const few = group('none', { from: [INTERNET], fromAddresses: ['224.0.0.0/3'] });
  const question = { from: 'internet', to: 'db-1', service: 'any' };
  const printed = text(reachAnswer('some', [most, few], { question }));
  expect(printed).toContain('  ✓ all  IPv4 internet except 224.0.0.0/3 → db-1');
  expect(printed).toContain('  ✗ none  internet 224.0.0.0/3 → db-1');
});

test('more groups than fit a screen are counted, and --all lists them', () => {
  const answer = reachAnswer(
    'none',
    Array.from({ length: 20 }, (_, at) => group('none', { to: [place('network-interface', `eni-${at}`)] })),
  );
  expect(text(answer)).toContain('\n  and 8 more groups; --all lists them\n');
  expect(text(answer)).not.toContain('→ eni-12\n');
  expect(text(answer, { all: true })).toContain('→ eni-19\n');
});

test('a long list of what passes, or of what stops it, is shortened', () => {
  const forward = Array.from({ length: 9 }, (_, at) => `protocol ${at + 60}`);
  const blockers = Array.from({ length: 9 }, (_, at) => stop('forward', { resource: `sg-${at}` }));
  const answer = reachAnswer('some', [group('some', { forward, roundTrip: forward, blockers })]);
  expect(text(answer)).toContain('✓ answered   protocol 60; protocol 61; protocol 62; ');
  expect(text(answer)).toContain('protocol 65 and 3 more\n');
  expect(text(answer)).toContain('and 3 more that stop packets; --all lists them\n');
  expect(text(answer, { all: true })).toContain('sg-8, at db-1');
  expect(text(answer, { all: true })).toContain('protocol 68\n');
});

test('names with control characters and bidi marks come out written out, in every part of the answer', () => {
  const evil = '\u001b[2Jweb\u202e1\u200b\n';
  const at = place('network-interface', evil, evil);
  const words = [evil];
  const blocker = stop('forward', { stage: evil, code: evil, place: at, resource: evil, kills: words, text: evil });
  const one = group('some', {
    from: [at, at],
    to: [at],
    forward: words,
    roundTrip: [],
    clientPorts: words,
    open: words,
    witness: { packet: evil, verdict: evil },
    blockers: [blocker, { ...blocker, stage: '__proto__', direction: 'reply' }],
  });
  const answer = reachAnswer('some', [one], {
    question: { from: evil, to: evil, service: evil },
    assumptions: words,
    notes: words,
  });
  const printed = text(answer, { all: true });
  expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(printed).toContain('\\u{1b}[2Jweb\\u{202e}1\\u{200b}\\u{a}');
});
