/** docs/dispositions.md tells of every way in which a walk can end, and of no other. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PAGE = readFileSync(join(ROOT, 'docs/dispositions.md'), 'utf8');
const TRACE = readFileSync(join(ROOT, 'src/explain/trace.ts'), 'utf8');
const STAGES = readFileSync(join(ROOT, 'src/compile/stage.ts'), 'utf8');
const CODES = 'src/compile/explanation-code.ts';

test('every explanation code that the sources give is told of', () => {
  expect(listedUnder('Explanation codes')).toEqual([...codesGiven()].sort());
});

test('every verdict, outcome and stage of a trace is told of', () => {
  expect(listedUnder('Verdicts')).toEqual(choices(/type Verdict =([^;]+);/));
  expect(listedUnder('Outcomes of a leg')).toEqual(choices(/readonly outcome:([^;]+);/));
  expect(listedUnder('Stages')).toEqual(choices(/type StageRole =([^;]+);/, STAGES));
});

test('every kind of fact whose lack leaves an answer open is told of', () => {
  const source = readFileSync(join(ROOT, 'src/compile/missing-facts.ts'), 'utf8');
  const kinds = [...source.matchAll(/`([a-z-]+):\$\{/g)].map((match) => match[1]!);
  expect(listedUnder('Missing facts')).toEqual([...new Set(kinds)].sort());
});

/** First cells of the table under a heading, sorted. */
function listedUnder(heading: string): readonly string[] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!).sort();
}

function choices(declaration: RegExp, source: string = TRACE): readonly string[] {
  const [, union = ''] = declaration.exec(source) ?? [];
  return [...union.matchAll(/'([^']+)'/g)].map((match) => match[1]!).sort();
}

/** Codes in the sources, apart from the file that declares them. */
function codesGiven(): ReadonlySet<string> {
  const declared = new Set(codesIn(readFileSync(join(ROOT, CODES), 'utf8')));
  const files = ['src/compile', 'src/evaluate', 'src/explain'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
  );
  const text = files.filter((file) => file !== CODES).map((file) => readFileSync(join(ROOT, file), 'utf8'));
  return new Set(codesIn(text.join('\n')).filter((code) => declared.has(code)));
}

function codesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)].map((match) => match[1]!))];
}
