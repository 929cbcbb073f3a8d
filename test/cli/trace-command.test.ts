import { expect, test } from 'vitest';
import type { Verdict } from '../../src/explain/trace.ts';
import { igwalk, SAMPLE } from './command-line.ts';

const SHOP = 'tcp 203.0.113.200:40000 > 198.51.100.10:443';
const BLOCKED = 'tcp 192.0.2.66:51515 > 198.51.100.10:443';
const WAREHOUSE = 'tcp 10.0.10.20:40008 > 192.168.7.7:443';
const WINDOWS = 'tcp 10.0.11.20:61044 > 10.0.20.30:5432';

test('a trace is answered on standard output, with nothing on standard error', async () => {
  const { code, stdout, stderr } = await igwalk(['trace', SAMPLE, SHOP]);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^delivered {2}tcp 203\.0\.113\.200:40000 > 198\.51\.100\.10:443\n {2}reaches web-1 as /);
});

test('a dropped packet names the entry that denies it, its code, and its place in the snapshot', async () => {
  const { code, stdout } = await igwalk(['trace', SAMPLE, BLOCKED]);
  expect(code).toBe(0);
  expect(stdout).toBe(`\
dropped  tcp 192.0.2.66:51515 > 198.51.100.10:443
  dropped at shop-public-a by entry 50 of shop-public

  → packet
    internet
    shop  igw-0ad5dc6f2f940300b
      ⇄ translate  10.0.0.10 is paired with 198.51.100.10  now 192.0.2.66:51515 > 10.0.0.10:443
    shop-public-a  subnet-00f2c1627f44180e5
      ✗ acl in     all traffic from 192.0.2.0/24           entry 50 of shop-public
                   SUBNET_ACL_RESTRICTION  acl-09743fec1dcd95b87  accounts/111122223333/eu-west-1/NetworkAcls.json#/NetworkAcls/1/Entries/2
`);
});

test('--brief leaves the hops out and keeps what refuses the packet', async () => {
  const { stdout } = await igwalk(['trace', SAMPLE, BLOCKED, '--brief']);
  expect(stdout).toContain('SUBNET_ACL_RESTRICTION');
  expect(stdout).not.toContain('    internet\n');
});

const codes: readonly (readonly [string, string, Verdict, number])[] = [
  [SHOP, 'delivered', 'delivered', 0],
  [SHOP, 'dropped', 'delivered', 1],
  [BLOCKED, 'dropped', 'dropped', 0],
  [BLOCKED, 'delivered', 'dropped', 1],
  [WINDOWS, 'one-way', 'one-way', 0],
  [WINDOWS, 'delivered', 'one-way', 1],
  [WAREHOUSE, 'delivered', 'unknown', 3],
  [WAREHOUSE, 'unknown', 'unknown', 0],
];
for (const [packet, expected, verdict, code] of codes) {
  test(`expecting ${expected} of what is ${verdict} exits with ${code}`, async () => {
    const ran = await igwalk(['trace', SAMPLE, packet, '--expect', expected]);
    expect(ran.stdout).toMatch(new RegExp(`^${verdict} `));
    expect(ran.code).toBe(code);
    expect(ran.stderr).toBe(code === 1 ? `expected ${expected}, but the verdict is ${verdict}\n` : '');
  });
}

test('an unknown verdict exits with 3, and with 0 when that is allowed', async () => {
  expect((await igwalk(['trace', SAMPLE, WAREHOUSE])).code).toBe(3);
  expect((await igwalk(['trace', SAMPLE, WAREHOUSE, '--allow-unknown'])).code).toBe(0);
});

test('--json is the trace as a document, in a fixed order of keys', async () => {
  const { stdout } = await igwalk(['trace', SAMPLE, SHOP, '--json']);
  const answer = JSON.parse(stdout);
  expect(Object.keys(answer)).toEqual(['verdict', 'forward', 'reply', 'assumptions', 'unknowns', 'notes']);
  expect(answer.forward.to.name).toBe('web-1');
  expect(answer.reply.outcome).toBe('delivered');
  const brief = JSON.parse((await igwalk(['trace', SAMPLE, SHOP, '--json', '--brief'])).stdout);
  expect(brief.forward).toEqual({ outcome: 'delivered', blockers: [] });
});

test('a packet without quotes is refused with what went wrong', async () => {
  const { code, stderr } = await igwalk(['trace', SAMPLE, 'tcp', '203.0.113.7:40000']);
  expect(code).toBe(2);
  expect(stderr).toBe(
    'error: the packet came in pieces: put it in quotes, because the shell takes ">" for the name of a file to write\n',
  );
});

test('a packet without a snapshot, and a snapshot without a packet, are refused with what to write', async () => {
  expect((await igwalk(['trace', SHOP])).stderr).toBe(
    `error: no snapshot given: write igwalk trace SNAPSHOT '${SHOP}'\n`,
  );
  expect((await igwalk(['trace', 'snapshot/'])).stderr).toBe(
    "error: no packet given: write igwalk trace snapshot/ 'tcp 203.0.113.7:40000 > 10.0.1.10:443'\n",
  );
});

test('a packet that cannot be read is shown with a caret under the place', async () => {
  const { code, stdout, stderr } = await igwalk(['trace', SAMPLE, 'tcp 203.0.113.7:40000 > 198.51.100.10:99999']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  const [what, packet, caret] = stderr.split('\n');
  expect(what).toMatch(/^error: .*a port from 0 to 65535/);
  expect(packet!.slice(caret!.indexOf('^'))).toBe('99999');
});

test('a misspelt place is refused with the nearest names', async () => {
  const { code, stderr } = await igwalk(['trace', SAMPLE, 'tcp 10.0.10.20:40000@ap-1 > 10.0.20.30:5432']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/did you mean .*app-1/);
});

test('--assume must say what it is about, and be about the snapshot', async () => {
  const wrong = await igwalk(['trace', SAMPLE, SHOP, '--assume', 'eni-1=forwards']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('write appliance:ENI=forwards or appliance:ENI=drops');
  const stranger = await igwalk(['trace', SAMPLE, SHOP, '--assume', 'appliance:eni-1=forwards']);
  expect(stranger.code).toBe(2);
  expect(stranger.stderr).toContain('the snapshot has no network interface "eni-1"');
});
