/** What the process reports to whoever started it. */

/** Everything asked holds. */
export const HOLDS = 0;
/** An expectation does not hold. */
export const FAILS = 1;
/** It could not run, or part of what was asked could not be answered: usage, unreadable input, malformed questions. */
export const CANNOT_RUN = 2;
/** Some answer is unknown because the snapshot lacks facts. */
export const UNKNOWN = 3;

/** The code for a run with several outcomes: an error outranks a failure, and a failure outranks an unknown. */
export function worst(codes: Iterable<number>): number {
  const seen = new Set(codes);
  return [CANNOT_RUN, FAILS, UNKNOWN].find((code) => seen.has(code)) ?? HOLDS;
}
