/** `igwalk matrix` as its users see it. */

import { expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

test('tells the groups of pairs that behave alike', async () => {
  const { code, stdout } = await igwalk([
    'matrix',
    SAMPLE,
    '--from',
    'name:app-*',
    '--to',
    'name:db-*',
    '--service',
    'postgres',
  ]);
  expect(stdout).toBe(`name:app-* -> name:db-* : postgres
  4 of 4 pairs of addresses let something through

  ◐ some  app-1, app-2 → db-1, db-2  IPv4, 4 pairs
      ✓ answered   tcp 5432
      ◐ limited    tcp to client ports 32768-60999 only
`);
  expect(code).toBe(0);
});

test('writes one row a pair as CSV, and no formula of a name', async () => {
  const { stdout } = await igwalk(['matrix', SAMPLE, '--from', 'app-1', '--to', 'db-1', '--csv']);
  expect(stdout).toBe(`from,from_name,to,to_name,family,verdict,arrives,answered,client_ports,open
eni-07c76e590ad1c4b9f,app-1,eni-0257e1980be2ba143,db-1,ipv4,some,tcp 5432,tcp 5432,tcp to client ports 32768-60999,
`);
});

test('writes JSON', async () => {
  const { stdout } = await igwalk(['matrix', SAMPLE, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ pairs: 110, reaching: 64, open: 0 });
});

test('refuses a place that is not there, with a caret under it', async () => {
  const { code, stderr } = await igwalk(['matrix', SAMPLE, '--from', 'app-9']);
  expect(stderr).toMatch(/"app-9"[\s\S]*\^/);
  expect(code).toBe(2);
});

test('refuses two forms at once', async () => {
  const { code } = await igwalk(['matrix', SAMPLE, '--csv', '--json']);
  expect(code).toBe(2);
});
