/** The compiled walker agrees with the naive evaluator where facts are missing: unknown exactly where they could decide. */

import fc from 'fast-check';
import { test } from 'vitest';
import { drawings } from '../support/arbitrary-networks.ts';
import { packetPlans } from '../support/arbitrary-packets.ts';
import { reportWithSnapshot } from '../support/failure-report.ts';
import { expectAgreement } from './walk-agreement.ts';

const plans = fc.array(packetPlans(), { minLength: 1, maxLength: 20, size: 'max' });

test('the walker and the naive evaluator agree about every packet, also where facts are missing', {
  timeout: 120_000,
}, () => {
  fc.assert(fc.property(drawings({ hasGaps: true }), plans, expectAgreement), {
    numRuns: 250,
    reporter: reportWithSnapshot,
  });
});
