/** What every test file shares: how long a property may take, and which random inputs it sees. */

import fc from 'fast-check';

// In a check of a change, what fails must have failed because of the change: the inputs are the same each time. Elsewhere they are
// new each time; a failure prints its seed.
const seed = process.env.CI === undefined ? {} : { seed: 20_260_101 };

// A property that fails looks for a smaller example, which in a large network has no end by itself. The limit covers both; to run
// out of it without a failure is a failure too, since then fewer inputs were tried than the test says.
fc.configureGlobal({ ...seed, interruptAfterTimeLimit: 90_000, markInterruptAsFailure: true });
