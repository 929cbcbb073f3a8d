import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SAMPLE } from './command-line.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'dist', 'cli.js');
const SHOP = 'tcp 203.0.113.200:40000 > 198.51.100.10:443';

let folder = '';
beforeAll(() => {
  execFileSync(process.execPath, ['build.mjs', '--cli'], { cwd: ROOT });
  folder = mkdtempSync(join(tmpdir(), 'igwalk-built-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the built file answers when it is started through a link, as package managers do', () => {
  const link = join(folder, 'igwalk');
  symlinkSync(CLI, link);
  const { status, stdout, stderr } = spawnSync(process.execPath, [link, 'trace', SAMPLE, SHOP], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^delivered {2}tcp /);
});

test('--version is the version of the package', () => {
  const { version } = JSON.parse(
    execFileSync(process.execPath, ['-p', 'JSON.stringify(require("./package.json"))'], {
      cwd: ROOT,
      encoding: 'utf8',
    }),
  );
  expect(spawnSync(process.execPath, [CLI, '--version'], { encoding: 'utf8' }).stdout).toBe(`${version}\n`);
});

test('a reader that goes away leaves no error behind', () => {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      '"$NODE" "$CLI" ask "$SAMPLE" < <(yes "{\\"packet\\":\\"$PACKET\\"}") | head -n 2 | wc -l; echo "$PIPESTATUS"',
    ],
    { encoding: 'utf8', env: { ...process.env, NODE: process.execPath, CLI, SAMPLE, PACKET: SHOP }, timeout: 20_000 },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.trim().split('\n').map(Number)).toEqual([2, 0]);
});

test('an interrupt ends it as interrupts do: exit code 130 in a shell', async () => {
  const child = spawn(process.execPath, [CLI, 'ask', SAMPLE, '--brief'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`${JSON.stringify({ packet: SHOP })}\n`);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGINT');
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('exit', (...how) => resolve(how)),
  );
  expect(signal === 'SIGINT' || code === 130).toBe(true);
});
