import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

/** Clears the screen, turns the writing direction, hides a character, rings, and ends the line. */
const EVIL = '\u001b[2J\u202e\u200b\u0007\n\u009b31m';
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const SHOP = 'tcp 203.0.113.200:40000 > 198.51.100.10:443';

let snapshot = '';
beforeAll(async () => {
  snapshot = await mkdtemp(join(tmpdir(), 'igwalk-hostile-'));
  await cp(join(SAMPLE, 'accounts'), snapshot, { recursive: true });
  const evil = JSON.stringify(EVIL).slice(1, -1);
  for (const file of ['Reservations', 'Subnets', 'NetworkAcls', 'SecurityGroups', 'RouteTables', 'InternetGateways']) {
    const path = join(snapshot, '111122223333', 'eu-west-1', `${file}.json`);
    const json = await readFile(path, 'utf8');
    await writeFile(path, json.replace(/("Key": "Name",\s*"Value": ")/g, `$1${evil}`));
  }
  await writeFile(join(snapshot, 'more.json'), JSON.stringify({ [EVIL]: [{}], Subnets: [{ SubnetId: EVIL }] }));
});
afterAll(() => rm(snapshot, { recursive: true, force: true }));

const commands: readonly (readonly string[])[] = [
  ['inspect'],
  ['inspect', '--all'],
  ['inspect', '--json'],
  ['trace', SHOP],
  ['trace', SHOP, '--sources'],
  ['trace', SHOP, '--json'],
  ['trace', `tcp 10.0.0.10:1@${EVIL.trim()}x > 10.0.20.30:2`],
];
for (const [command, ...rest] of commands) {
  test(`${JSON.stringify([command, ...rest])} prints hostile names without obeying them`, async () => {
    const { stdout, stderr } = await igwalk([command!, snapshot, ...rest]);
    expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
    expect(stdout.length + stderr.length).toBeGreaterThan(50);
  });
}

test('ask answers hostile questions and names in lines that a terminal does not obey', async () => {
  const questions = [SHOP, `tcp 10.0.0.10:1@web${EVIL} > 10.0.20.30:2`, EVIL].map((packet) =>
    JSON.stringify({ id: EVIL, packet }),
  );
  const { stdout } = await igwalk(['ask', snapshot], { stdin: `${questions.join('\n')}\n${EVIL}\n` });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.join('')).not.toMatch(UNPRINTABLE);
  expect(JSON.parse(lines[0]!)).toMatchObject({ id: EVIL, verdict: 'delivered' });
});

test('two names that differ only in a hidden character look different', async () => {
  const { stdout } = await igwalk(['trace', snapshot, SHOP]);
  expect(stdout).toContain('\\u{1b}[2J\\u{202e}\\u{200b}\\u{7}\\u{a}\\u{9b}31mweb-1');
});
