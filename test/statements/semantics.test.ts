/** docs/semantics.md says what the repository says: no more, and nothing that has gone. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { idsIn, semanticsPage, testNames } from '../../scripts/semantics-page.ts';
import { READING_IDS, STATEMENT_IDS } from '../../scripts/statements.ts';
import { shared } from '../corpus/shared.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

test('docs/semantics.md is what `npm run docs` writes', () => {
  const written = readFileSync(join(ROOT, 'docs/semantics.md'), 'utf8');
  expect(written === semanticsPage(ROOT), 'docs/semantics.md is out of date: npm run docs').toBe(true);
});

test('every statement is cited somewhere, or the page says why not', () => {
  expect(
    semanticsPage(ROOT)
      .split('\n')
      .filter((line) => line.includes('not covered yet')),
  ).toEqual([]);
});

test('the page knows a test by the ids in its name, however the name is quoted', () => {
  const named = (name: string, method = '') => `test${method}(${name}, () => {});`;
  const source = [
    named("'NACL-02: the first match decides'"),
    named('`NACL-10, OPEN-05: port $' + '{port}`'),
    named('"SG-01: it\'s quoted"', '.skipIf(absent)'),
    "expect('RT-01: no test').toBe('RT-02: nor this');",
  ].join('\n');
  expect(testNames(source).flatMap(idsIn)).toEqual(['NACL-02', 'NACL-10', 'OPEN-05', 'SG-01']);
});

test('there are 250 statements and 32 readings, each with its own id', () => {
  const ids = [...STATEMENT_IDS, ...READING_IDS];
  expect([STATEMENT_IDS.length, READING_IDS.length, new Set(ids).size]).toEqual([250, 32, 282]);
});

test('the statements are those of the reference, where that is at hand', ({ skip }) => {
  const reference = shared('aws-semantics.md');
  if (!existsSync(reference)) skip(`no ${reference}: set IGWALK_SHARED to the folder that holds it`);
  const text = readFileSync(reference, 'utf8');
  const statements = [...text.matchAll(/^\*\*([A-Z]+-\d\d)\*\*/gm)].map((match) => match[1]);
  const readings = [...text.matchAll(/^\| (OPEN-\d\d) \|/gm)].map((match) => match[1]);
  expect([...STATEMENT_IDS].sort()).toEqual(statements.sort());
  expect(READING_IDS).toEqual(readings);
});
