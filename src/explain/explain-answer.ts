/** Why a question has its answer, and the smallest changes that would give it another: as data that survives JSON. */

import type { Fact } from '../model/problem.ts';
import type { Change } from './change.ts';
import type { ReachAnswer, ReachVerdict } from './reach-answer.ts';
import type { Place, Step } from './trace.ts';

/** `open`: everything asked arrives and is answered. `close`: nothing asked arrives. */
export type Goal = 'open' | 'close';

export interface ExplainAnswer {
  /** As `reach` gives it for the network as it is. */
  readonly verdict: ReachVerdict;
  readonly question: ReachAnswer['question'];
  readonly goal: Goal;
  /** Pairs of addresses that were looked at. */
  readonly pairs: number;
  /** Goal `open`: everything that stops what was asked. Goal `close`: every rule that lets it through. In the order of the way. */
  readonly deciders: readonly Decider[];
  /**
   * Sets of changes that reach the goal; none of their changes can be left out. Each was applied and the question asked again before it
   * is listed. Fewest changes first, then those that change least else. Empty where the goal is reached already.
   */
  readonly proposals: readonly Proposal[];
  /** What stands in the way and no change of a rule, an entry or a route would mend, in words. */
  readonly advice: readonly string[];
  readonly assumptions: readonly string[];
  readonly unknowns: readonly Fact[];
  readonly notes: readonly string[];
}

/** A list, or whatever else decides, at some of the places on the way. */
export interface Decider {
  readonly direction: 'forward' | 'reply';
  readonly stage: Step['stage'];
  readonly result: 'deny' | 'allow';
  readonly code: string | null;
  /** The first place where it does, and how many there are. */
  readonly place: Place;
  readonly places: number;
  readonly resource: string | null;
  /** Entry number or `*` of an ACL, id of a group's rule; null where nothing matched. */
  readonly rule: string | null;
  /** `file#pointer` of the rule. */
  readonly source: string | null;
  /** Of what was asked, the packets that it stops or lets through; on the way back, the answers. */
  readonly packets: readonly string[];
  readonly text: string;
}

export interface Proposal {
  /**
   * `open`: allows what was missing. `remove-rules`: the fewest rules of security groups to remove. `narrow-rules`: the same rules
   * replaced by what is left of them. `deny-entries`: entries of network ACLs in front of what allows.
   */
  readonly kind: 'open' | 'remove-rules' | 'narrow-rules' | 'deny-entries';
  /** Number of changes. */
  readonly size: number;
  readonly changes: readonly Change[];
  /** What else the changes open and close, beyond the question. */
  readonly collateral: Collateral;
}

export type Collateral =
  | {
      readonly kind: 'counted';
      /** A route that takes the place of another may close one thing while it opens another. */
      readonly opens: CollateralFlows;
      readonly closes: CollateralFlows;
    }
  | { readonly kind: 'not-counted'; readonly why: string };

export interface CollateralFlows {
  /** Pairs of places, the internet being one place, whose packets or answers pass in one of the networks only. */
  readonly pairs: number;
  /** The first few. */
  readonly examples: readonly CollateralFlow[];
}

export interface CollateralFlow {
  readonly from: Place;
  readonly to: Place;
  /** As people write rules: `tcp 443`. */
  readonly packets: readonly string[];
}
