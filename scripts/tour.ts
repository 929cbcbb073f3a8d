/**
 * Writes the outputs in docs/tour.md anew, with the command line in dist/.
 *
 * npm run docs
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { execPath } from 'node:process';
import { tourPage } from './tour-page.ts';

const PAGE = 'docs/tour.md';

const written = await tourPage(readFileSync(PAGE, 'utf8'), async (argv) => {
  const { status, stdout, stderr } = spawnSync(execPath, ['dist/cli.js', ...argv], { encoding: 'utf8' });
  return { code: status ?? -1, stdout, stderr };
});
writeFileSync(PAGE, written);
