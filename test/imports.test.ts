/**
 * Keeps the import arrow of ARCHITECTURE.md true: which folder of src may import which, which packages each may know, and that the
 * core asks no clock, no dice, no file and no process.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** A folder of src, or `index` for the public face: which folders besides itself it may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  net: [],
  model: ['net'],
  load: ['net', 'model'],
  compile: ['net', 'model'],
  evaluate: ['net', 'model', 'compile'],
  reach: ['net', 'model', 'compile'],
  explain: ['net', 'model', 'compile', 'evaluate', 'reach'],
  review: ['net', 'model', 'compile', 'evaluate', 'reach', 'explain'],
  present: ['net', 'model', 'compile', 'evaluate', 'reach', 'explain', 'review'],
  cli: ['net', 'model', 'compile', 'evaluate', 'reach', 'explain', 'review', 'present', 'load'],
  testing: ['index'],
  index: ['net', 'model', 'compile', 'evaluate', 'reach', 'explain', 'review', 'present', 'load'],
};

/** Packages and where each may be imported: a file or a folder of src. `node:` stands for every module of Node. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  'node:': ['src/load/', 'src/cli/'],
  'ip-num': ['src/net/address-text.ts'],
  graphlib: ['src/compile/'],
  zod: ['src/load/', 'src/cli/'],
  yaml: ['src/load/', 'src/cli/'],
  commander: ['src/cli/'],
  'csv-stringify': ['src/cli/'],
  picocolors: ['src/present/', 'src/cli/'],
};

/** Names that reach the world outside. Time and dice are arguments; load reads files and asks nothing else. */
const WORLD: Readonly<Record<string, readonly string[]>> = {
  process: ['src/cli/'],
  console: ['src/cli/'],
  Date: ['src/cli/'],
  performance: ['src/cli/'],
  'Math.random': [],
  crypto: [],
  fetch: [],
  setTimeout: ['src/cli/'],
  setInterval: ['src/cli/'],
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describe('every file of src', () => {
  const files = filesUnder('src');

  test('imports only what its folder may import', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((path) => wrongImports(path, textOf(path)))).toEqual([]);
  });

  test('asks no clock, no dice and no process below load and cli', () => {
    expect(files.flatMap((path) => worldlyNames(path, textOf(path)))).toEqual([]);
  });

  test('leaves graphlib to one file', () => {
    const users = files.filter((path) => importsOf(textOf(path)).includes('graphlib'));
    expect(users.length, `one wrapper prefixes node ids, so one file imports graphlib: ${users}`).toBeLessThan(2);
  });
});

// It judges compile and evaluate, so it must not share their mistakes.
test('the naive evaluator imports the model and values of net only', () => {
  const files = filesUnder('test/oracle').filter((path) => !path.endsWith('.test.ts'));
  expect(files.flatMap((path) => wrongOracleImports(path, textOf(path)))).toEqual([]);
});

describe('the check itself', () => {
  test('sees an import against the arrow, in every form that imports take', () => {
    const forms = [
      `import { compile } from '../compile/compile.ts';`,
      `import type { Compiled } from '../compile/compile.ts';`,
      `export { compile } from '../compile/compile.ts';`,
      `const later = await import('../compile/compile.ts');`,
    ];
    for (const form of forms) {
      expect(wrongImports('src/net/prefix.ts', form)).toEqual([
        'src/net/prefix.ts imports src/compile/compile.ts: net may import only net',
      ]);
    }
  });

  test('keeps evaluate and reach apart', () => {
    expect(wrongImports('src/reach/flood.ts', `import { walk } from '../evaluate/walker.ts';`)).toEqual([
      'src/reach/flood.ts imports src/evaluate/walker.ts: reach may import only reach, net, model, compile',
    ]);
    expect(wrongImports('src/evaluate/walker.ts', `import '../reach/flood.ts';`)).toHaveLength(1);
  });

  test('keeps the public face above everything', () => {
    expect(wrongImports('src/present/text.ts', `import { load } from '../index.ts';`)).toEqual([
      'src/present/text.ts imports src/index.ts: present may import only present, net, model, compile, evaluate, reach, explain, review',
    ]);
    expect(wrongImports('src/index.ts', `export { load } from './load/load.ts';`)).toEqual([]);
  });

  test('sees a package in the wrong place, and one that nobody placed', () => {
    expect(wrongImports('src/model/vpc.ts', `import { IPv4 } from 'ip-num';`)).toEqual([
      'src/model/vpc.ts imports ip-num: only src/net/address-text.ts may',
    ]);
    expect(wrongImports('src/explain/net.ts', `import { readFileSync } from 'node:fs';`)).toEqual([
      'src/explain/net.ts imports node:fs: only src/load/, src/cli/ may',
    ]);
    expect(wrongImports('src/load/load.ts', `import _ from 'lodash';`)).toEqual([
      'src/load/load.ts imports lodash: say in MAY_KNOW who may',
    ]);
  });

  test('sees the clock and the dice, and not fields or words of the same name', () => {
    expect(worldlyNames('src/evaluate/conntrack.ts', 'const now = Date.now() + Math.random();')).toEqual([
      'src/evaluate/conntrack.ts uses Date: take it as an argument (only src/cli/ may ask)',
      'src/evaluate/conntrack.ts uses Math.random: take it as an argument (nobody may ask)',
    ]);
    const harmless = `// process the Date\nconst row = { process: 1 }; row.process; const says = 'console';`;
    expect(worldlyNames('src/evaluate/conntrack.ts', harmless)).toEqual([]);
  });

  test('sees an oracle that leans on what it judges', () => {
    const path = 'test/oracle/naive-walk.ts';
    expect(wrongOracleImports(path, `import { compile } from '../../src/compile/compile.ts';`)).toEqual([
      'test/oracle/naive-walk.ts imports src/compile/compile.ts: it may import only test/oracle, src/model and src/net',
    ]);
    expect(wrongOracleImports(path, `import type { Vpc } from '../../src/model/vpc.ts';`)).toEqual([]);
  });
});

function wrongImports(path: string, text: string): string[] {
  const layer = layerOf(path);
  const allowed = [layer, ...(MAY_IMPORT[layer] ?? [])];
  return importsOf(text).flatMap((specifier) => {
    if (!specifier.startsWith('.')) return wrongPackage(path, specifier);
    const target = posix.join(dirname(path), specifier);
    if (target.startsWith('src/') && allowed.includes(layerOf(target))) return [];
    return [`${path} imports ${target}: ${layer} may import only ${allowed.join(', ')}`];
  });
}

function wrongPackage(path: string, specifier: string): string[] {
  const name = specifier.startsWith('node:') ? 'node:' : /^(@[^/]+\/)?[^/]+/.exec(specifier)![0];
  const places = Object.hasOwn(MAY_KNOW, name) ? MAY_KNOW[name]! : null;
  if (places === null) return [`${path} imports ${specifier}: say in MAY_KNOW who may`];
  if (places.some((place) => path.startsWith(place))) return [];
  return [`${path} imports ${specifier}: only ${places.join(', ')} may`];
}

function wrongOracleImports(path: string, text: string): string[] {
  return importsOf(text)
    .map((specifier) => (specifier.startsWith('.') ? posix.join(dirname(path), specifier) : specifier))
    .filter((target) => !/^(test\/oracle|src\/model|src\/net)\//.test(target))
    .map((target) => `${path} imports ${target}: it may import only test/oracle, src/model and src/net`);
}

function worldlyNames(path: string, text: string): string[] {
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isMemberName(node)) used.add(node.text);
    if (ts.isPropertyAccessExpression(node)) used.add(node.getText());
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return Object.entries(WORLD)
    .filter(([name, places]) => used.has(name) && !places.some((place) => path.startsWith(place)))
    .map(([name, places]) => {
      const who = places.length === 0 ? 'nobody' : `only ${places.join(', ')}`;
      return `${path} uses ${name}: take it as an argument (${who} may ask)`;
    });
}

/** The name behind a dot or in front of a colon: not the global of that name. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node;
}

function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** `net` for src/net/prefix.ts, `index` for src/index.ts. */
function layerOf(path: string): string {
  return path.split('/')[1]!.replace(/\.ts$/, '');
}

function filesUnder(folder: string): string[] {
  return readdirSync(posix.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

function textOf(path: string): string {
  return readFileSync(posix.join(ROOT, path), 'utf8');
}
