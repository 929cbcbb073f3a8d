/** What was wrong with the input, and which facts are missing because of it. */

import type { Origin } from './origin.ts';

/** A dropped or unreadable piece of input. Never silent: every problem is listed by `inspect` and travels with the network. */
export interface Problem {
  /** Lowercase sentence without a full stop that quotes the offending value. */
  readonly what: string;
  readonly origin: Origin;
  /** What to do about it. */
  readonly remedy: string;
  /** `error`: something was dropped, answers may be unknown. `warning`: read, but surprising. */
  readonly severity: 'error' | 'warning';
}

/** A fact the snapshot lacks. An answer that depends on it is `unknown` and names it. */
export interface Fact {
  /** Stable key, such as `routes:subnet-1`; equal keys are the same fact. */
  readonly key: string;
  /** Lowercase sentence: what is not known. */
  readonly what: string;
  /** Which call or option would supply it. */
  readonly remedy: string;
  /** Where the gap shows, if it has a place in the input. */
  readonly origin: Origin | null;
}
