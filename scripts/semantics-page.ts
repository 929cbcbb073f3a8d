/**
 * `docs/semantics.md`: each statement about AWS with the code that cites it and the tests that name it. Nothing in the page is kept
 * by hand, so it cannot say more than the repository does. `npm run docs` writes it, a test compares it.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assumptionMeaning } from '../src/present/assumption-text.ts';
import { whyNotCovered } from './not-covered.ts';
import { CHAPTERS, READING_IDS, STATEMENT_IDS, statementId } from './statements.ts';

const NOT_COVERED = 'not covered yet';

/** The page as Markdown, from the sources and tests below `root`. Throws on an id that no statement has. */
export function semanticsPage(root: string): string {
  const code = citations(root, 'src', (text) => [text]);
  const tests = citations(root, 'test', testNames);
  const covered = STATEMENT_IDS.filter((id) => code.has(id) || tests.has(id)).length;
  const tested = STATEMENT_IDS.filter((id) => tests.has(id)).length;
  const places = (id: string): string => {
    const both = [listed(code.get(id)), listed(tests.get(id))];
    return both.every((cell) => cell === '') ? `${whyNotCovered(id) ?? NOT_COVERED} | ` : both.join(' | ');
  };

  const lines = [
    '# Semantics',
    '',
    'What AWS does to a packet, as igwalk understands it: which statement is written in which file, and which test shows it.',
    'Ids such as `NACL-02` stand in comments, test names and answers alike. This page is generated (`npm run docs`).',
    '',
    `Of ${STATEMENT_IDS.length} statements ${covered} are cited in code or tests, ${tested} by a test. ` +
      'Where neither cites one, the page says why.',
  ];
  for (const { prefix, subject, phrases } of CHAPTERS) {
    lines.push(
      '',
      `## ${prefix}: ${subject}`,
      '',
      '| statement | in short | code | test |',
      '| --- | --- | --- | --- |',
    );
    phrases.forEach((phrase, index) => {
      const id = statementId(prefix, index);
      lines.push(`| ${id} | ${phrase} | ${places(id)} |`);
    });
  }
  lines.push('', '## OPEN: where AWS does not say', '');
  lines.push('An answer that rests on one of these readings names it under `assumptions`.', '');
  lines.push('| reading | what igwalk assumes | code | test |', '| --- | --- | --- | --- |');
  for (const id of READING_IDS) lines.push(`| ${id} | ${assumptionMeaning(id)} | ${places(id)} |`);
  return `${lines.join('\n')}\n`;
}

/** Id to the files that cite it, both sorted. `passages` picks the parts of a file that count. */
function citations(
  root: string,
  folder: string,
  passages: (text: string) => readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Set([...STATEMENT_IDS, ...READING_IDS]);
  const cited = new Map<string, Set<string>>();
  for (const file of sourceFiles(root, folder)) {
    for (const id of passages(readFileSync(join(root, file), 'utf8')).flatMap(idsIn)) {
      if (!known.has(id)) throw new Error(`${file} cites "${id}", which is no statement: correct the id`);
      const files = cited.get(id) ?? new Set();
      cited.set(id, files.add(file));
    }
  }
  return cited;
}

/** Presentation knows ids as words to print; it decides nothing. */
function sourceFiles(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts') && !name.startsWith('src/present/'))
    .sort();
}

const ID = new RegExp(`\\b(?:${[...CHAPTERS.map(({ prefix }) => prefix), 'OPEN'].join('|')})-\\d\\d\\b`, 'g');

export function idsIn(text: string): readonly string[] {
  return text.match(ID) ?? [];
}

/** The names of the tests in a file of TypeScript, templates with their holes left in. */
export function testNames(text: string): readonly string[] {
  const call =
    /\b(?:test|it)(?:\.\w+(?:\([^()]*\))?)*\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;
  return [...text.matchAll(call)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function listed(files: ReadonlySet<string> | undefined): string {
  return [...(files ?? [])].map((file) => `\`${file.replace(/^(?:src|test)\//, '')}\``).join(', ');
}
