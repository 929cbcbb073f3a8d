/**
 * Builds what the package ships, into dist/:
 *
 *   cli.js        the command line in one file; commander and picocolors inside, so that they are no install-time dependencies
 *   index.js …    the library, one module a source file that src/index.ts reaches, so that stack traces name real files
 *   index.d.ts …  its types, by tsc
 *   notices.txt   licences of the packages inside cli.js
 *
 * node build.mjs         everything, from an empty dist/
 * node build.mjs --cli   cli.js only (what `npm start` needs; a fraction of a second)
 */

import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(dirname(fileURLToPath(import.meta.url)));

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const PUBLIC_FACE = 'src/index.ts';
const COMMAND_LINE = 'src/cli/main.ts';

/** What every output has in common. */
const COMMON = {
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  charset: 'utf8',
  logLevel: 'warning',
  // The one place that knows the version is package.json.
  define: { IGWALK_VERSION: JSON.stringify(manifest.version) },
};

/** Leaves every relative import an import, of the compiled neighbour. */
const keepModulesApart = {
  name: 'keep-modules-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
  },
};

if (process.argv.includes('--cli')) {
  await buildCommandLine();
} else {
  await rm('dist', { recursive: true, force: true });
  await Promise.all([buildLibrary(), buildCommandLine().then(writeNotices)]);
  buildTypes();
}

/** Returns the names of the packages that went into the file. */
async function buildCommandLine() {
  const { metafile, outputFiles } = await build({
    ...COMMON,
    entryPoints: [COMMAND_LINE],
    outfile: 'dist/cli.js',
    bundle: true,
    external: Object.keys(manifest.dependencies),
    // commander is CommonJS and asks for node: modules by `require`, which an ES module has to make for itself.
    banner: {
      js: [
        '#!/usr/bin/env node',
        "import { createRequire as createRequireForBundle } from 'node:module';",
        'const require = createRequireForBundle(import.meta.url);',
      ].join('\n'),
    },
    metafile: true,
    write: false,
  });
  // Written beside and renamed, so that a command that runs meanwhile never reads half a file.
  await mkdir('dist', { recursive: true });
  const draft = `dist/cli.${process.pid}.tmp`;
  await writeFile(draft, outputFiles[0].contents);
  await chmod(draft, 0o755);
  await rename(draft, 'dist/cli.js');
  return packagesIn(metafile);
}

async function buildLibrary() {
  const reached = await build({
    ...COMMON,
    entryPoints: [PUBLIC_FACE],
    bundle: true,
    packages: 'external',
    metafile: true,
    write: false,
  });
  await build({
    ...COMMON,
    entryPoints: Object.keys(reached.metafile.inputs),
    outdir: 'dist',
    outbase: 'src',
    bundle: true, // only so that the plugin below is asked about imports
    packages: 'external',
    plugins: [keepModulesApart],
    sourcemap: true,
  });
}

function buildTypes() {
  const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  try {
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch {
    process.exit(1); // tsc has said why
  }
}

function packagesIn(metafile) {
  const names = Object.keys(metafile.inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

async function writeNotices(packages) {
  const notices = await Promise.all(
    packages.map(async (name) => {
      const folder = join('node_modules', name);
      const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      return `${name} ${version}\n\n${(await readFile(join(folder, 'LICENSE'), 'utf8')).trim()}\n`;
    }),
  );
  const heading = 'cli.js contains these packages, under their own licences.\n';
  await writeFile('dist/notices.txt', [heading, ...notices].join(`\n${'-'.repeat(80)}\n\n`));
}
