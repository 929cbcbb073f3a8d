/** What a failed property about a network prints: the drawing and packets, and the network as a file the command line reads. */

import fc from 'fast-check';
import { describeNetwork } from './describe.ts';
import type { Drawing } from './drawing.ts';
import { networkOf } from './network.ts';

/** Reporter for properties whose first value is a drawing. Throws on failure, as fast-check does by itself. */
export function reportWithSnapshot<T extends [Drawing, ...unknown[]]>(run: fc.RunDetails<T>): void {
  if (!run.failed) return;
  const drawing = run.counterexample?.[0];
  const snapshot = drawing ? `\nAs snapshot.json: ${JSON.stringify(describeNetwork(networkOf(drawing)))}` : '';
  const cause = run.errorInstance;
  throw new Error(`${fc.defaultReportMessage(run)}\n${cause instanceof Error ? cause.message : cause}${snapshot}`, {
    cause,
  });
}
