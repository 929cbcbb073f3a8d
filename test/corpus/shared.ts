/**
 * Where the corpora with known answers are: beside the repository in `shared`, or where IGWALK_SHARED says. They are not part of the
 * repository; without them the tests on them are skipped, each with a note that says so.
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SHARED = process.env.IGWALK_SHARED ?? resolve(ROOT, '../shared');

export function shared(...path: readonly string[]): string {
  return join(SHARED, ...path);
}

export function corpus(...path: readonly string[]): string {
  return shared('corpora', ...path);
}

/** A test that reads the corpora, skipped where they are absent. */
export function corpusTest(name: string, body: () => void | Promise<void>): void {
  test(name, async ({ skip }) => {
    if (!existsSync(corpus())) skip(noCorpora());
    await body();
  });
}

let said = false;
/** The reporter hides notes of skipped tests, so the first one is said aloud. */
function noCorpora(): string {
  const note = `no corpora at ${corpus()}: set IGWALK_SHARED to the folder that holds them`;
  if (!said) console.log(`skipped: ${note}`);
  said = true;
  return note;
}

export function readJson<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(corpus(...path), 'utf8')) as T;
}
