/**
 * Runs a TypeScript program of the repository: bundles it, then runs the bundle with the arguments that are left.
 *
 * node scripts/run.mjs scripts/semantics.ts [ARGUMENT …]
 */

import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { argv, execPath, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Path of the bundle. It lies inside the repository, so that it finds the packages that it leaves out. */
export async function bundle(source) {
  const outfile = fileURLToPath(new URL(`../.cache/${basename(source, '.ts')}.mjs`, import.meta.url));
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'warning',
  });
  return outfile;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [source, ...rest] = argv.slice(2);
  exit(spawnSync(execPath, [await bundle(source), ...rest], { stdio: 'inherit' }).status ?? 1);
}
