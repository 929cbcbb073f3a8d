/** The compiled walker agrees with the naive evaluator, on random networks and on packets at the edges of their rules. */

import fc from 'fast-check';
import { test } from 'vitest';
import { drawings } from '../support/arbitrary-networks.ts';
import { packetPlans } from '../support/arbitrary-packets.ts';
import { reportWithSnapshot } from '../support/failure-report.ts';
import { expectAgreement } from './walk-agreement.ts';

const plans = fc.array(packetPlans(), { minLength: 1, maxLength: 20, size: 'max' });

test('the walker and the naive evaluator agree about every packet', { timeout: 120_000 }, () => {
  fc.assert(fc.property(drawings({ hasGaps: false }), plans, expectAgreement), {
    numRuns: 250,
    reporter: reportWithSnapshot,
  });
});
