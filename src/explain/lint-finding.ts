/** What `lint` finds, as data that survives JSON: rules and records that do nothing, or not what they seem to do. */

import type { Origin } from '../model/origin.ts';

/** In the order in which findings are told. */
export const LINT_RULES = [
  'nacl-entry-shadowed',
  'nacl-entry-redundant',
  'group-rule-redundant',
  'group-rule-redundant-where-used',
  'group-rule-never-used',
  'stale-reference',
  'route-blackhole',
  'asymmetric-path',
  'group-unused',
  'network-acl-unused',
] as const;
export type LintRule = (typeof LINT_RULES)[number];

/** The gravest last. */
export const LINT_SEVERITIES = ['harmless', 'misleading', 'dangerous'] as const;

/**
 * `harmless`: it can go, and nothing changes. `misleading`: who reads it is told something that does not happen. `dangerous`: it looks
 * as if it protects, and does not.
 */
export type LintSeverity = (typeof LINT_SEVERITIES)[number];

export interface LintResource {
  readonly kind: 'network-acl' | 'security-group' | 'route-table' | 'network-interface';
  readonly id: string;
  /** Name tag; the group name of a group without one; null where there is neither. */
  readonly name: string | null;
}

/** An entry of an ACL, a rule of a group, or a route of a table. */
export interface LintSubject {
  readonly resource: string;
  /** `in 100`, `out *`, `sgr-1`, or the destination of a route. */
  readonly rule: string;
  /** In the words of the console: `deny tcp 22 from 0.0.0.0/0`. */
  readonly text: string;
  /** Null for an entry that AWS adds and the input leaves out. */
  readonly origin: Origin | null;
}

export interface LintFinding {
  readonly rule: LintRule;
  readonly severity: LintSeverity;
  readonly resource: LintResource;
  /** Null where the finding is about the resource as a whole. */
  readonly subject: LintSubject | null;
  /** Where in the input the subject, or else the resource, was read. */
  readonly origin: Origin | null;
  /** A sentence without a full stop: what is wrong. */
  readonly text: string;
  readonly proof: LintProof;
}

export type LintProof =
  /** Every packet of the subject is covered by these together; each of them is needed for that. */
  | {
      readonly kind: 'covered';
      readonly by: readonly LintSubject[];
      /** A packet of the subject that is decided otherwise than the subject says, and by which entry; null where there is none. */
      readonly contradicted: LintContradiction | null;
      /** `snapshot`: holds for the interfaces and prefix lists of this snapshot, and need not for later ones. */
      readonly holds: 'always' | 'snapshot';
    }
  /** In every set of groups that carries the subject, the rules of that set cover it without the subject. */
  | { readonly kind: 'covered-where-used'; readonly sets: readonly LintGroupSet[]; readonly more: number }
  /** No packet gets through: each kind of peer, and what stops its packets. */
  | {
      readonly kind: 'stopped';
      /** The interface at which the packets were looked at; others that carry the group fare no better. */
      readonly at: string;
      readonly stops: readonly LintStop[];
      /** Kinds of peer that are not listed. */
      readonly more: number;
      /** False where there were too many peers to walk a packet of each again. */
      readonly isWhole: boolean;
    }
  /** A packet that arrives, and where its answer ends. */
  | {
      readonly kind: 'witness';
      readonly packet: string;
      readonly from: string;
      readonly to: string;
      readonly stop: LintStop;
    }
  /** What was looked through and does not hold what was looked for. */
  | { readonly kind: 'absent'; readonly looked: readonly string[] }
  /** The record that says so. */
  | { readonly kind: 'state'; readonly id: string; readonly state: string; readonly affects: readonly string[] };

export interface LintContradiction {
  readonly packet: string;
  readonly by: LintSubject;
}

export interface LintGroupSet {
  readonly groups: readonly string[];
  /** One of the interfaces that carry exactly these groups, and how many do. */
  readonly interface: string;
  readonly interfaces: number;
  readonly by: readonly LintSubject[];
}

/** What stops packets of one kind. */
export interface LintStop {
  /** Who sends them (or, for packets that leave, where they are sent): `subnet-1`, `the internet`. */
  readonly peer: string;
  /** Interfaces that are stopped alike; one where the peer is no interface. */
  readonly count: number;
  readonly stage: string;
  readonly code: string | null;
  /** The list or record that stops them, and the rule in it, or null. */
  readonly resource: string | null;
  readonly rule: string | null;
  readonly text: string;
}

export interface LintReport {
  /** By rule in the order of LINT_RULES, the gravest first, then by resource. */
  readonly findings: readonly LintFinding[];
  /** What was looked at. */
  readonly checked: LintCounts;
  /** What was not judged, and why. */
  readonly notes: readonly string[];
}

export interface LintCounts {
  readonly networkAclEntries: number;
  readonly groupRules: number;
  readonly groups: number;
  readonly routes: number;
}
