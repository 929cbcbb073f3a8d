/**
 * Runs benchmarks.
 *
 * npm run bench                    all, one after the other
 * npm run bench -- load            one
 * npm run bench -- --save load     and keeps its report in bench/results/
 */

import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../scripts/run.mjs';

const BENCH = dirname(fileURLToPath(import.meta.url));

const all = (await readdir(BENCH)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -'.ts'.length));
const save = process.argv.includes('--save');
const asked = process.argv.slice(2).filter((argument) => argument !== '--save');
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark "${unknown.join(', ')}": there are ${all.join(', ')}`);
  process.exit(2);
}

for (const name of asked.length > 0 ? asked : all) {
  const { status, stdout } = spawnSync(process.execPath, [await bundle(join(BENCH, `${name}.ts`))], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  if (status !== 0) process.exit(1);
  if (save) {
    await mkdir(join(BENCH, 'results'), { recursive: true });
    await writeFile(join(BENCH, 'results', `${name}.md`), stdout);
  }
}
