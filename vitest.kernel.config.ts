/** Settings of `npm run test:kernel`: igwalk against the Linux kernel's packet filter, where root and nftables allow. */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/kernel/**/*.test.ts'],
    pool: 'threads',
    testTimeout: 600_000,
    passWithNoTests: true,
  },
});
