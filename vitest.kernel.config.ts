/** Settings of `npm run test:kernel`: igwalk against the Linux kernel's packet filter, where root and nftables allow. */

import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = {
  test: {
    include: ['test/kernel/**/*.test.ts'],
    pool: 'threads',
    testTimeout: 600_000,
  },
};

export default config;
