/** Settings of `npm test`: every suite but the kernel's, which `npm run test:kernel` runs. */

import { readFileSync } from 'node:fs';
import type { ViteUserConfig } from 'vitest/config';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

const config: ViteUserConfig = {
  // As build.mjs does for the built command line.
  define: { IGWALK_VERSION: JSON.stringify(manifest.version) },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    exclude: ['test/kernel/**'],
    // Suites hold no state of their own outside their tests, so the files of a worker may share its loaded modules: loading
    // them once a file costs more than most files' tests do.
    pool: 'threads',
    isolate: false,
    testTimeout: 120_000,
  },
};

export default config;
