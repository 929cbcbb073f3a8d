import { expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

test('inspect tells what the sample network holds', async () => {
  const { code, stdout, stderr } = await igwalk(['inspect', SAMPLE]);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toContain('111122223333  eu-west-1  2 VPCs, 9 network interfaces\n');
  expect(stdout).toContain('      8 subnets\n');
  expect(stdout).toContain('      1 egress-only internet gateway\n');
  expect(stdout).toContain('      1 transit gateway\n');
  expect(stdout).not.toContain('error');
});

test('inspect --json is the same as data', async () => {
  const { code, stdout } = await igwalk(['inspect', SAMPLE, '--json']);
  expect(code).toBe(0);
  const overview = JSON.parse(stdout);
  expect(Object.keys(overview)).toEqual(['places', 'kinds', 'parts', 'unmodelled', 'problems', 'facts']);
  expect(overview.kinds).toContainEqual({ kind: 'vpcs', count: 2, read: 'whole' });
  expect(overview.unmodelled).toEqual([]);
});
