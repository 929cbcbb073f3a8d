/** docs/tour.md prints what its commands print, about networks that are all there and all made up. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { idsIn } from '../../scripts/semantics-page.ts';
import { READING_IDS, STATEMENT_IDS } from '../../scripts/statements.ts';
import { tourCommands, tourPage } from '../../scripts/tour-page.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import { prefixCovers } from '../../src/net/prefix.ts';
import { igwalk, type Ran } from '../cli/command-line.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NETWORKS = 'corpus/tour';
const page = readFileSync(join(ROOT, 'docs/tour.md'), 'utf8');

/** As from the root of the repository, wherever the tests are started. */
const ask = (argv: readonly string[]): Promise<Ran> =>
  igwalk(argv.map((word) => (word.startsWith(`${NETWORKS}/`) ? join(ROOT, word) : word)));

const sections = page.split(/^## /m).slice(1);
for (const section of sections) {
  const title = section.split('\n', 1)[0]!;
  describe(title, () => {
    test('prints what its commands print', async () => {
      expect(tourCommands(section).length).toBeGreaterThan(0);
      expect(section, 'the page is out of date: npm run docs').toBe(await tourPage(section, ask));
    });

    test('names statements that there are', () => {
      const known = new Set([...STATEMENT_IDS, ...READING_IDS]);
      const named = [...section.matchAll(/\b[A-Z]{2,4}-\d\d\b/g)].map(([id]) => id);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((id) => !known.has(id))).toEqual([]);
      expect(idsIn(section)).toEqual(named);
    });
  });
}

test('every part of AWS has a section of its own', () => {
  const titles = sections.map((section) => section.split('\n', 1)[0]!);
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.length).toBeGreaterThanOrEqual(23);
});

test('every network is asked about, and every network asked about is there', () => {
  const asked = tourCommands(page).map((argv) => argv[1]!);
  const there = readdirSync(join(ROOT, NETWORKS), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect([...new Set(asked)].sort()).toEqual(there.map(({ name }) => `${NETWORKS}/${name}`).sort());
});

test('every network is read without a problem', async () => {
  for (const network of new Set(tourCommands(page).map((argv) => argv[1]!))) {
    const { code, stdout } = await ask(['inspect', network, '--json']);
    expect([network, code, JSON.parse(stdout).problems]).toEqual([network, 0, []]);
  }
});

/** RFC 5737, RFC 3849; RFC 1918. */
const MADE_UP = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const EVERYTHING = ['0.0.0.0/0', '::/0'];

test('no network holds an address that may be somebody’s', () => {
  const allowed = [...MADE_UP, ...PRIVATE].map((text) => parsePrefix(text).prefix);
  const files = readdirSync(join(ROOT, NETWORKS), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  const prefixes = files
    .flatMap((name) => textsIn(readFileSync(join(ROOT, NETWORKS, name), 'utf8')))
    .filter((text) => /^[\d.]+\.\d+(\/\d+)?$|^[\da-f]*:[\da-f:/]+$/.test(text));
  expect(prefixes.length).toBeGreaterThan(100);
  const others = prefixes.filter((text) => {
    if (EVERYTHING.includes(text)) return false;
    const { prefix } = parsePrefix(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
    return !allowed.some((block) => prefixCovers(block, prefix));
  });
  expect(others).toEqual([]);
});

function textsIn(json: string): readonly string[] {
  const texts: string[] = [];
  JSON.parse(json, (_, value) => {
    if (typeof value === 'string') texts.push(value);
  });
  return texts;
}

test('an example that fails, or that a shell would read otherwise, is not written down', async () => {
  const example = (command: string): string => `\`\`\`sh\nigwalk ${command}\n\`\`\`\n\n\`\`\`text\n\`\`\`\n`;
  await expect(tourPage(example('trace nowhere x'), igwalk)).rejects.toThrow('ends with 2');
  await expect(tourPage(example('trace a b > c'), igwalk)).rejects.toThrow('single quotes');
  const told = await tourPage(example("reach 'a -> b : any' --all"), async (argv) => {
    return { code: 0, stdout: `${argv.join('\n')}\n`, stderr: '' };
  });
  expect(told).toContain('```text\nreach\na -> b : any\n--all\n```\n');
});
