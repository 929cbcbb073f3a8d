import { expect, test } from 'vitest';
import { DEMO_QUESTIONS } from '../../src/cli/demo-questions.ts';
import { igwalk } from './command-line.ts';

test('without arguments, the demonstration answers every question and says how to ask one of your own', async () => {
  const { code, stdout, stderr } = await igwalk([]);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  const verdicts = stdout.match(/^(delivered|one-way|dropped|unknown)(?= )/gm);
  expect(verdicts).toEqual([
    'delivered',
    'dropped',
    'dropped',
    'dropped',
    'one-way',
    'delivered',
    'delivered',
    'delivered',
    'one-way',
    'unknown',
  ]);
  for (const { title, packet } of DEMO_QUESTIONS) {
    expect(stdout).toContain(`${title}\n\n`);
    expect(stdout).toContain(packet);
  }
  expect(stdout).toContain('  igwalk trace ');
});

test('started by npm, it says how to hand arguments on', async () => {
  const { stdout } = await igwalk(['demo'], { env: { npm_lifecycle_event: 'start' } });
  expect(stdout).toContain('  npm start -- trace ');
});
