import { expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

test('--help lists the commands and the exit codes', async () => {
  const { code, stdout, stderr } = await igwalk(['--help']);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  for (const word of ['inspect', 'trace', 'ask', 'session', 'demo', '--no-color', 'Exit codes:']) {
    expect(stdout).toContain(word);
  }
});

for (const command of ['inspect', 'trace', 'ask', 'session']) {
  test(`${command} --help shows examples that start with the command`, async () => {
    const { code, stdout } = await igwalk([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Examples:\n`);
    expect(stdout).toMatch(new RegExp(`igwalk ${command} `));
  });
}

test('--version is one line', async () => {
  const { code, stdout } = await igwalk(['--version']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\S+( \S+)?\n$/);
});

test('an unknown command is refused with a suggestion', async () => {
  const { code, stdout, stderr } = await igwalk(['trac', SAMPLE]);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain("unknown command 'trac'");
  expect(stderr).toContain('Did you mean trace?');
});

test('an unknown option is refused with a suggestion', async () => {
  const { code, stderr } = await igwalk(['trace', SAMPLE, 'tcp 10.0.0.10:1 > 10.0.20.30:2', '--expct', 'dropped']);
  expect(code).toBe(2);
  expect(stderr).toContain("unknown option '--expct'");
  expect(stderr).toContain('Did you mean --expect?');
});

test('a snapshot that does not exist is an error that names it', async () => {
  const { code, stdout, stderr } = await igwalk(['inspect', '/no/such/folder']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error: .*/);
  expect(stderr).toContain('/no/such/folder');
});

test('colour is for terminals, unless NO_COLOR or --no-color forbids it or FORCE_COLOR demands it', async () => {
  const colour = '\u001b[';
  const asked = ['inspect', SAMPLE];
  expect((await igwalk(asked)).stdout).not.toContain(colour);
  expect((await igwalk(asked, { columns: 100 })).stdout).toContain(colour);
  expect((await igwalk(asked, { columns: 100, env: { TERM: 'dumb' } })).stdout).not.toContain(colour);
  expect((await igwalk(asked, { columns: 100, env: { NO_COLOR: '1' } })).stdout).not.toContain(colour);
  expect((await igwalk([...asked, '--no-color'], { columns: 100 })).stdout).not.toContain(colour);
  expect((await igwalk(asked, { env: { FORCE_COLOR: '1' } })).stdout).toContain(colour);
  expect((await igwalk(asked, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(colour);
  expect((await igwalk(asked, { columns: 100, env: { FORCE_COLOR: '0' } })).stdout).not.toContain(colour);
});

test('on a terminal, lines are broken at its width', async () => {
  const { stdout } = await igwalk(['trace', SAMPLE, 'tcp 192.0.2.66:51515 > 198.51.100.10:443'], {
    columns: 60,
    env: { NO_COLOR: '1' },
  });
  const words = stdout.split('\n').filter((line) => line.length > 60);
  expect(words.filter((line) => line.trim().includes(' '))).toEqual([]);
});
