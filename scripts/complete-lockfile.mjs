/**
 * Adds to package-lock.json the packages of other platforms that `npm install` left out because its registry does not have them.
 * Without them `npm ci` refuses the lockfile, on every platform. Run after an install that changed the lockfile.
 *
 * node scripts/complete-lockfile.mjs
 */

import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const added = [];

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const at = `node_modules/${name}`;
    if (at in lock.packages || `${path}/${at}` in lock.packages) continue;
    lock.packages[at] = { version, ...(entry.dev ? { dev: true } : {}), optional: true, ...platformOf(name) };
    added.push(name);
  }
}

lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'nothing was missing' : `added ${added.join(', ')}`);

/** What `@biomejs/cli-linux-x64-musl` and its like run on: their names end in system, processor and C library. */
function platformOf(name) {
  const match = /-(android|darwin|freebsd|linux|openharmony|win32)-(\w+?)(?:-(\w+))?$/.exec(name);
  if (match === null)
    throw new Error(`package "${name}" does not say in its name what platform it is for: add it by hand`);
  const [, system, processor, library] = match;
  const libc = system === 'linux' ? { libc: [library?.startsWith('musl') ? 'musl' : 'glibc'] } : {};
  return { os: [system], cpu: [processor], ...libc };
}
