import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

const APPLICATION = 'app-2 -> db-1 : postgres';
const WEB = 'web-1 -> db-1 : postgres';

test('what stops a question is told with the changes that open it and what they open besides', async () => {
  const { code, stdout, stderr } = await igwalk(['explain', SAMPLE, APPLICATION]);
  expect(stdout).toBe(`\
some  app-2 -> db-1 : postgres
  part of what is asked about does not arrive, or is not answered
  1 pair of addresses

  stopped on the way back
    ✗ acl out    all traffic to 0.0.0.0/0  entry * of shop-db, at shop-db-a
                 stops answers tcp 1024-32767,61000-65535  SUBNET_ACL_RESTRICTION  acl-01a36a525903b402b

  one way to let all of it through
    1.  1 change, opens 1 pair of places besides
        + acl-01a36a525903b402b (shop-db): add outbound entry 120, allow tcp 1024-65535 to 10.0.11.20/32
        opens app-2 → db-2 : tcp 5432

  --format aws-cli and --format terraform print the first, --proposal N another
`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('the first proposal is printed as commands, and another where it is chosen', async () => {
  const first = await igwalk(['explain', SAMPLE, WEB, '--format', 'aws-cli']);
  expect(first.stdout).toBe(`\
# web-1 -> db-1 : postgres: proposal 1 of 2, lets all of it through
aws ec2 create-network-acl-entry --network-acl-id acl-01a36a525903b402b --ingress --rule-number 89 --protocol 6 --port-range From=5432,To=5432 --cidr-block 10.0.0.10/32 --rule-action allow --region eu-west-1
aws ec2 create-network-acl-entry --network-acl-id acl-01a36a525903b402b --egress --rule-number 120 --protocol 6 --port-range From=1024,To=65535 --cidr-block 10.0.0.10/32 --rule-action allow --region eu-west-1
aws ec2 authorize-security-group-ingress --group-id sg-0423c72f3e7e4ded7 --ip-permissions '[{"IpProtocol":"tcp","FromPort":5432,"ToPort":5432,"IpRanges":[{"CidrIp":"10.0.0.10/32"}]}]' --region eu-west-1
`);
  const second = await igwalk(['explain', SAMPLE, WEB, '--format', 'terraform', '--proposal', '2']);
  expect(second.stdout).toContain('# web-1 -> db-1 : postgres: proposal 2 of 2');
  expect(second.stdout).toContain('  referenced_security_group_id = "sg-0ab9c37e7cf290ea4"');
  const third = await igwalk(['explain', SAMPLE, WEB, '--format', 'aws-cli', '--proposal', '3']);
  expect(third.stderr).toBe('error: there is no proposal 3: there are 2\n');
  expect(third.code).toBe(2);
});

test('--close tells what lets a question through, and how to shut it', async () => {
  const { code, stdout } = await igwalk(['explain', SAMPLE, 'internet -> web-1 : https', '--close']);
  expect(stdout).toContain('\n  what lets it through\n    ✓ acl in     tcp 443 from 0.0.0.0/0');
  expect(stdout).toContain(
    '- sg-0ab9c37e7cf290ea4 (shop-web): remove sgr-0666d1d5d11708649, inbound tcp 443 from 0.0.0.0/0',
  );
  expect(code).toBe(0);
});

test('JSON holds the commands and the Terraform of every proposal', async () => {
  const { stdout } = await igwalk([
    'explain',
    SAMPLE,
    '--from',
    'web-1',
    '--to',
    'db-1',
    '--service',
    'postgres',
    '--json',
  ]);
  const answer = JSON.parse(stdout);
  expect(answer).toMatchObject({ verdict: 'none', goal: 'open', pairs: 1 });
  expect(answer.proposals).toHaveLength(2);
  for (const { size, words, changes, awsCli, terraform } of answer.proposals) {
    expect([words.length, changes.length, awsCli.length]).toEqual([size, size, size]);
    expect(terraform.filter((line: string) => line.startsWith('resource '))).toHaveLength(size);
  }
});

const refused: readonly (readonly [what: string, argv: readonly string[], ...told: string[]])[] = [
  ['a question that does not parse', [SAMPLE, 'app-2 -> db-1 : tcp/99999'], 'app-2 -> db-1 : tcp/99999', '^'],
  ['a place that is not there', [SAMPLE, 'app-9 -> db-1 : postgres'], 'app-9 -> db-1 : postgres', '^', 'app-1'],
  ['a missing question', [SAMPLE], `no question given: write igwalk explain ${SAMPLE} 'internet -> web-1 : tcp/443'`],
  ['a missing snapshot', [WEB], `no snapshot given: write igwalk explain SNAPSHOT '${WEB}'`],
  ['a proposal chosen for text', [SAMPLE, WEB, '--proposal', '2'], '--proposal chooses what --format aws-cli'],
  ['two formats', [SAMPLE, WEB, '--json', '--format', 'aws-cli'], '--json holds every format already'],
];
for (const [what, argv, ...told] of refused) {
  test(`${what} is refused with what went wrong`, async () => {
    const { code, stdout, stderr } = await igwalk(['explain', ...argv]);
    expect(stderr).toMatch(/^error: /);
    for (const words of told) expect(stderr).toContain(words);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
}

test('a missing fact that decides exits with 3 unless that is allowed', async () => {
  const lists = readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
  const withoutAcls = lists.filter((path) => !path.endsWith('NetworkAcls.json')).map((path) => join(SAMPLE, path));
  const strict = await igwalk(['explain', ...withoutAcls, APPLICATION]);
  expect(strict.code).toBe(3);
  expect(strict.stdout).toContain('which network ACL filters');
  expect((await igwalk(['explain', ...withoutAcls, APPLICATION, '--allow-unknown'])).code).toBe(0);
});

test('nothing to change is said in a comment', async () => {
  const ran = await igwalk(['explain', SAMPLE, APPLICATION, '--client-ports', '32768-60999', '--format', 'aws-cli']);
  expect(ran.stdout).toBe(`# nothing to change for ${APPLICATION}: --format text says why\n`);
  expect(ran.code).toBe(0);
});
