import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReachVerdict } from '../../src/explain/reach-answer.ts';
import { igwalk, SAMPLE } from './command-line.ts';

const SHOP = 'internet -> web-1 : https';
const DATABASE = 'internet -> db-1 : tcp/5432';
const APPLICATION = 'app-2 -> db-1 : postgres';
/** The ports that shop-db lets answers go to. */
const LINUX = ['--client-ports', '32768-60999'];

const refused: readonly (readonly [what: string, argv: readonly string[], message: string])[] = [
  [
    'a question whose arrow the shell took away',
    ['internet', '-', ':', 'tcp/443'],
    'the question came in pieces: put it in quotes, because the shell takes ">" for the name of a file to write',
  ],
  ['a missing question', [], `no question given: write igwalk reach ${SAMPLE} 'internet -> web-1 : tcp/443'`],
  ['half a question in parts', ['--from', 'internet'], '--to is missing: a question in parts has both ends'],
  ['a service alone', ['--service', 'tcp/443'], '--from is missing: a question in parts has both ends'],
  [
    'a question said twice',
    [SHOP, '--from', 'internet', '--to', 'web-1'],
    `ask either '${SHOP}' or with --from and --to, not both`,
  ],
];
for (const [what, argv, message] of refused) {
  test(`${what} is refused with what went wrong`, async () => {
    const { code, stderr, stdout } = await igwalk(['reach', SAMPLE, ...argv]);
    expect(stderr).toBe(`error: ${message}\n`);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
}

test('a question without a snapshot is refused', async () => {
  const { code, stderr } = await igwalk(['reach', SHOP]);
  expect(stderr).toBe(`error: no snapshot given: write igwalk reach SNAPSHOT '${SHOP}'\n`);
  expect(code).toBe(2);
});

test('what is allowed for some client ports is answered with the ports, the witness and what stops the rest', async () => {
  const { code, stdout, stderr } = await igwalk(['reach', SAMPLE, APPLICATION]);
  expect(stdout).toBe(`\
some  app-2 -> db-1 : postgres
  part of what is asked about arrives and is answered
  1 pair of addresses

  ◐ some  app-2  eni-05c306be655d84a15 → db-1  eni-0257e1980be2ba143
      ✓ answered   tcp 5432
      ◐ limited    tcp to client ports 32768-60999 only
      ▸ witness    tcp 10.0.11.20:49152 > 10.0.20.30:5432  delivered
      stopped on the way back
        ✗ acl out    all traffic to 0.0.0.0/0  shop-db, at shop-db-a
                     stops answers to tcp 5432  SUBNET_ACL_RESTRICTION  acl-01a36a525903b402b
`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('a question in parts is the same question', async () => {
  const whole = await igwalk(['reach', SAMPLE, APPLICATION]);
  const parts = await igwalk(['reach', SAMPLE, '--from', 'app-2', '--to', 'db-1', '--service', 'postgres']);
  expect(parts).toEqual(whole);
  const anything = await igwalk(['reach', SAMPLE, '--from', 'app-2', '--to', 'db-1']);
  expect(anything.stdout).toMatch(/^some {2}app-2 -> db-1 : any\n/);
});

const lists = readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
const withoutAcls = lists.filter((path) => !path.endsWith('NetworkAcls.json')).map((path) => join(SAMPLE, path));

const codes: readonly (readonly [argv: readonly string[], expected: ReachVerdict, ReachVerdict, number])[] = [
  [[SAMPLE, APPLICATION, ...LINUX], 'all', 'all', 0],
  [[SAMPLE, APPLICATION, ...LINUX], 'none', 'all', 1],
  [[SAMPLE, APPLICATION], 'some', 'some', 0],
  [[SAMPLE, APPLICATION], 'all', 'some', 1],
  [[SAMPLE, SHOP], 'some', 'some', 0],
  [[SAMPLE, DATABASE], 'none', 'none', 0],
  [[SAMPLE, DATABASE], 'some', 'none', 1],
  [[...withoutAcls, APPLICATION], 'all', 'unknown', 3],
  [[...withoutAcls, APPLICATION], 'unknown', 'unknown', 0],
  [[...withoutAcls, APPLICATION, '--allow-unknown'], 'all', 'unknown', 0],
];
for (const [argv, expected, verdict, code] of codes) {
  const options = argv.filter((word) => word.startsWith('--')).join(' ');
  test(`expecting ${expected} of what is ${verdict} exits with ${code} ${options}`, async () => {
    const ran = await igwalk(['reach', ...argv, '--expect', expected]);
    expect(ran.stdout).toMatch(new RegExp(`^${verdict} `));
    expect(ran.code).toBe(code);
    expect(ran.stderr).toBe(code === 1 ? `expected ${expected}, but the verdict is ${verdict}\n` : '');
  });
}

test('an unknown verdict names the missing fact and the call that supplies it', async () => {
  const { code, stdout } = await igwalk(['reach', ...withoutAcls, APPLICATION]);
  expect(stdout).toContain('? open       tcp 5432\n');
  expect(stdout).toContain('? which network ACL filters subnet-007eda97311e1e79d\n');
  expect(stdout).toContain('aws ec2 describe-network-acls');
  expect(code).toBe(3);
});

test('every witness and its verdict are what a walk says of the packet', async () => {
  const { stdout } = await igwalk(['reach', SAMPLE, 'internet | name:* -> name:* : any', '--all']);
  const witnesses = [...stdout.matchAll(/▸ witness {4}(.+?) {2}(\S+)$/gm)];
  expect(witnesses.length).toBeGreaterThan(10);
  const stdin = witnesses.map(([, packet]) => `${JSON.stringify({ packet })}\n`).join('');
  const walked = await igwalk(['ask', SAMPLE, '--brief'], { stdin });
  const verdicts = walked.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).verdict);
  expect(verdicts).toEqual(witnesses.map(([, , verdict]) => verdict));
});

test('--json is the answer as a document, in a fixed order of keys', async () => {
  const { stdout } = await igwalk(['reach', SAMPLE, APPLICATION, '--json']);
  const answer = JSON.parse(stdout);
  expect(Object.keys(answer)).toEqual(['verdict', 'question', 'groups', 'pairs', 'assumptions', 'unknowns', 'notes']);
  expect(answer).toMatchObject({
    verdict: 'some',
    question: { from: 'app-2', to: 'db-1', service: 'postgres' },
    groups: [{ from: [{ name: 'app-2' }], to: [{ name: 'db-1' }], roundTrip: ['tcp 5432'] }],
    pairs: 1,
  });
});

test('a misspelt place is refused with the nearest names', async () => {
  const { code, stderr } = await igwalk(['reach', SAMPLE, 'ap-1 -> db-1 : postgres']);
  expect(stderr).toMatch(/did you mean .*app-1/);
  expect(code).toBe(2);
});

test('a question about more pairs than allowed is refused, and the flag that allows them works', async () => {
  const few = await igwalk(['reach', SAMPLE, SHOP, '--max-pairs', '1']);
  expect(few.stderr).toMatch(/over the limit of 1: /);
  expect(few.code).toBe(2);
  expect((await igwalk(['reach', SAMPLE, SHOP, '--max-pairs', '1000'])).code).toBe(0);
});
