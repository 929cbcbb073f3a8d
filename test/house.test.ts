/** What keeps the repository itself in order: lockfile, versions, sizes and names of source files, and the count that CI ends with. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lockText = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
const locked = (JSON.parse(lockText) as { packages: Record<string, LockedPackage> }).packages;
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .map((path) => `src/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.ts'))
  .sort();

test('the lockfile says what to install and not from where', () => {
  const downloads = lockText.split('\n').filter((line) => /"resolved"|https?:\/\/[^"]*(registry|\.tgz)/.test(line));
  expect(downloads, 'remove these lines; .npmrc has the setting that leaves them out').toEqual([]);
});

// npm ci refuses a lockfile that lacks a package of another platform; npm install leaves out what its registry does not have.
test('the lockfile has every platform package of every locked package', () => {
  const missing: string[] = [];
  for (const [path, entry] of Object.entries(locked)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!(`node_modules/${name}` in locked) && !(`${path}/node_modules/${name}` in locked)) missing.push(name);
    }
  }
  expect(missing, 'npm ci would fail: run node scripts/complete-lockfile.mjs').toEqual([]);
});

test('versions are pinned exactly', () => {
  const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const loose = all.filter(([, version]) => !/^(npm:[@\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  expect(loose).toEqual([]);
});

test('a source file has at most 320 lines', () => {
  const long = sources
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 320);
  expect(long, 'split these files: each probably holds two things').toEqual([]);
});

test('only src/index.ts re-exports; no folder hides its files behind an index', () => {
  expect(sources.filter((path) => basename(path) === 'index.ts' && path !== 'src/index.ts')).toEqual([]);
});

test('a source file is named after the thing it holds', () => {
  const vague = sources.filter((path) => /^(utils?|helpers?|types?|common|misc|shared)\.ts$/.test(basename(path)));
  expect(vague).toEqual([]);
});

test('the closing line of CI adds up the suites, and counts a file that never got to its tests', () => {
  const ran = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
  const crashed = { status: 'failed', assertionResults: [] };
  const one = report({ passed: 11, failed: 3, skipped: 5, todo: 2 }, [ran, crashed]);
  const other = report({ passed: 100, failed: 0, skipped: 40, todo: 0 }, []);
  expect(closingLine([one, other])).toBe('111 passed, 4 failed, 47 skipped\n');
  expect(closingLine([other, null]), 'a suite that wrote no report').toBe('100 passed, 1 failed, 40 skipped\n');
});

/** As vitest's JSON reporter writes it. */
function report(
  count: Readonly<Record<'passed' | 'failed' | 'skipped' | 'todo', number>>,
  testResults: object[],
): string {
  return JSON.stringify({
    numPassedTests: count.passed,
    numFailedTests: count.failed,
    numPendingTests: count.skipped,
    numTodoTests: count.todo,
    testResults,
  });
}

/** What .ci/count.mjs makes of reports; null stands for one that is not there. */
function closingLine(reports: readonly (string | null)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'igwalk-count-'));
  try {
    const paths = reports.map((_, index) => join(folder, `${index}.json`));
    reports.forEach((text, index) => {
      if (text !== null) writeFileSync(paths[index]!, text);
    });
    return execFileSync(process.execPath, [join(ROOT, '.ci/count.mjs'), ...paths], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
