/**
 * Checks the package as a stranger gets it: packs it, lints the tarball, and uses it from an empty project.
 *
 * node scripts/package.mjs
 */

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));

// The README's example of the library, which asks a folder called snapshot.
const example = /```ts\n(.*?)```/s.exec(await readFile(join(ROOT, 'README.md'), 'utf8'))[1];
const CONSUMER = `${example}\nconsole.log(trace.verdict);\n`;
const CONSUMER_ANSWERS = 'delivered';

// No skipLibCheck: igwalk's own declarations must hold under the strictest settings of its users.
const CONSUMER_SETTINGS = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
  },
  files: ['walk.ts'],
};

const place = await mkdtemp(join(tmpdir(), 'igwalk-package-'));
try {
  const tarball = await pack();
  await lint(tarball);
  await unpackInto(join(place, 'consumer'), tarball);
  await use(join(place, 'consumer'));
} catch (error) {
  // Where a command failed, what it said; tsc says it on standard output.
  if (error.stdout) console.error(error.stdout);
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await rm(place, { recursive: true, force: true });
}

/** Path of the tarball that `npm publish` would send. */
async function pack() {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', place], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const name = (await readdir(place)).find((entry) => entry.endsWith('.tgz'));
  return join(place, name);
}

/** What publint has to say about the tarball; anything above a suggestion is an error. */
async function lint(tarball) {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  for (const message of messages) console.log(`${message.type}: ${formatMessage(message, pkg)}`);
  if (messages.some(({ type }) => type !== 'suggestion')) throw new Error('publint refuses the package');
}

/** A project with nothing but igwalk and its dependencies, these linked to the copies that are here already. */
async function unpackInto(project, tarball) {
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, 'igwalk'), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'igwalk'), '--strip-components=1']);
  await mkdir(join(modules, '.bin'));
  await symlink('../igwalk/dist/cli.js', join(modules, '.bin/igwalk'));
  await mkdir(join(modules, '@types'));
  for (const name of [...Object.keys(manifest.dependencies), '@types/node', 'undici-types']) {
    await symlink(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
  }
}

async function use(project) {
  await writeFile(join(project, 'package.json'), '{ "type": "module" }\n');
  await symlink('node_modules/igwalk/corpus/sample', join(project, 'snapshot'), 'junction');
  await writeFile(join(project, 'walk.ts'), CONSUMER);
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(CONSUMER_SETTINGS));
  show(bin('tsc'), ['-p', '.'], project);
  expect('the library', CONSUMER_ANSWERS, ask(process.execPath, ['walk.js'], project));
  expect('the command', manifest.version, ask(join(project, 'node_modules/.bin/igwalk'), ['--version'], project));
  ask(join(project, 'node_modules/.bin/igwalk'), ['inspect', 'snapshot'], project);
  console.log('library, types and command work from the packed tarball');
}

function expect(what, expected, got) {
  if (got !== expected) throw new Error(`${what} answers "${got}" in a new project, expected "${expected}"`);
}

function bin(name) {
  return join(ROOT, 'node_modules/.bin', name);
}

function show(command, args, cwd = ROOT) {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

function ask(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}
