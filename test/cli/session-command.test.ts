import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

const SSH = 'tcp 203.0.113.7:40000 > 198.51.100.10:22';
/** Lets the offices in on port 22 of web-1. */
const OFFICE_RULE = 'sgr-04f62bc2a950ccf1a';
const WAREHOUSE = 'tcp 10.0.10.20:40008 > 192.168.7.7:443';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'igwalk-session-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function play(script: string, ...options: readonly string[]) {
  const file = join(folder, 'script.yaml');
  await writeFile(file, script);
  const { code, stdout, stderr } = await igwalk(['session', SAMPLE, file, ...options]);
  return { code, stdout, stderr: stderr.replaceAll(`${folder}/`, '') };
}

test('CT-08: a tracked connection outlives the rule that let it in, and a new one does not get in', async () => {
  const { code, stdout, stderr } = await play(`
- send: ${SSH}
  expect: delivered
- answer: true
  expect: delivered
- remove: ${OFFICE_RULE}
- send: ${SSH} flags A
  at: 60s
  expect: delivered
- send: tcp 203.0.113.7:40001 > 198.51.100.10:22
  expect: dropped
`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toBe(`\
     0s  delivered  tcp 203.0.113.7:40000 > 198.51.100.10:22
         reaches web-1; group in new, as expected
     0s  delivered  answer  tcp 10.0.0.10:22 > 203.0.113.7:40000 flags SA
         reaches the internet; group out reply, as expected
     0s  removed ${OFFICE_RULE}
    60s  delivered  tcp 203.0.113.7:40000 > 198.51.100.10:22 flags A
         reaches web-1; group in established, as expected
    60s  dropped  tcp 203.0.113.7:40001 > 198.51.100.10:22
         dropped at web-1, as expected
         ✗ group in   no inbound rule matches  shop-web, at web-1
                      ENI_SG_RULES_MISMATCH  sg-0ab9c37e7cf290ea4
    60s  connections
         interface              protocol  opened by          answered by   state        idle  expires in
         eni-078372b1ebb424666  tcp       203.0.113.7:40000  10.0.0.10:22  established  0s    5d
`);
});

test('the script beside the sample network holds', async () => {
  const { code, stderr } = await igwalk(['session', SAMPLE, join(SAMPLE, 'session.yaml')]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('an expectation that does not hold is shown under its packet, and exits with 1', async () => {
  const { code, stdout } = await play(`- { send: "${SSH}", expect: dropped }`);
  expect(stdout).toContain('         expected dropped\n');
  expect(code).toBe(1);
});

test('an unknown verdict exits with 3, with 0 when allowed or expected', async () => {
  expect((await play(`- send: ${WAREHOUSE}`)).code).toBe(3);
  expect((await play(`- { send: "${WAREHOUSE}", expect: delivered }`)).code).toBe(3);
  expect((await play(`- { send: "${WAREHOUSE}", expect: unknown }`)).code).toBe(0);
  expect((await play(`- send: ${WAREHOUSE}`, '--allow-unknown')).code).toBe(0);
});

test('an update replaces records by their ids, and the rest of the network stays', async () => {
  const { code, stdout, stderr } = await play(`
- { send: "${SSH}", expect: delivered }
- update:
    SecurityGroups:
      - GroupId: sg-0ab9c37e7cf290ea4
        GroupName: shop-web
        VpcId: vpc-0a8ca1763aecf02a8
        OwnerId: '111122223333'
        IpPermissions: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: 192.0.2.0/24 }] }]
        IpPermissionsEgress: []
- { send: "tcp 203.0.113.7:40001 > 198.51.100.10:22", expect: dropped }
- { send: "tcp 203.0.113.7:40001 > 198.51.100.50:443", expect: delivered }
`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('     0s  updated sg-0ab9c37e7cf290ea4\n');
});

test('--json is a line an event', async () => {
  const { stdout } = await play(`[{ send: "${SSH}", expect: delivered }, { wait: 5m }]`, '--json');
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ event, at }) => [event, at])).toEqual([
    ['packet', 0],
    ['wait', 300],
    ['connections', 300],
  ]);
  expect(events[0]).toMatchObject({ verdict: 'delivered', expected: 'delivered', asExpected: true });
  expect(events[2].connections).toHaveLength(1);
});

test('--hops shows the way of every packet', async () => {
  const { stdout } = await play(`- send: ${SSH}`, '--hops');
  expect(stdout).toContain('           ✓ acl in     tcp 22 from 203.0.113.0/24');
});

test('the script may come on standard input', async () => {
  const { code, stdout } = await igwalk(['session', SAMPLE, '-'], { stdin: JSON.stringify({ send: SSH }) });
  expect(code).toBe(0);
  expect(stdout).toContain('delivered  tcp 203.0.113.7:40000');
});

describe('what goes wrong is told with the line of the script', () => {
  const cases = [
    ['- wait: 1s\n- send: tcp 203.0.113.7 > 198.51.100.10', /^error: script\.yaml:2: packet: expected /],
    ['- send: tcp 10.0.10.20:1@ap-1 > 10.0.20.30:2', /^error: script\.yaml:1: .*\n {2}did you mean .*app-1/],
    ['- wait: 1s\n\n- answer: true', 'error: script.yaml:3: nothing was delivered yet that could be answered\n'],
    [`- wait: 60s\n- { send: "${SSH}", at: 59s }`, /^error: script\.yaml:2: /],
    ['- remove: sgr-04f62bc2a950ccf1b', /^error: script\.yaml:1: no rule .*\n {2}did you mean sgr-04f62bc2a950ccf1a\?/],
    ['- update: { Frobs: [] }', /^error: script\.yaml:1: /],
    ['- update: { CustomerGateways: [] }', 'error: script.yaml:1: "update" holds no record that igwalk models\n'],
    [
      '- update: { SecurityGroups: [{ GroupId: 5 }] }',
      /^error: script\.yaml:1: .*\n {2}at script\.yaml#\/SecurityGroups/,
    ],
  ] as const;
  for (const [script, message] of cases) {
    test(JSON.stringify(script), async () => {
      const { code, stderr } = await play(script);
      if (typeof message === 'string') expect(stderr).toBe(message);
      else expect(stderr).toMatch(message);
      expect(code).toBe(2);
    });
  }
});

test('a script that is not there is an error, before the snapshot is read', async () => {
  const { code, stderr } = await igwalk(['session', '/no/such/snapshot', '/no/such/script.yaml']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: script "\/no\/such\/script\.yaml" cannot be read/);
  expect((await igwalk(['session', SAMPLE])).stderr).toMatch(/^error: no script given: write igwalk session /);
});
