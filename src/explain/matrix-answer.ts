/** All pairs of places by how they behave, factored: kinds of ends, ways to behave, and which kinds behave which way. */

import type { Fact } from '../model/problem.ts';
import type { Family } from '../net/address.ts';
import type { ReachVerdict } from './reach-answer.ts';
import type { Place } from './trace.ts';

export interface MatrixAnswer {
  readonly question: { readonly from: string; readonly to: string; readonly service: string };
  /** Pairs of interface addresses of one family; the internet counts as one address of each family. */
  readonly pairs: number;
  /** Pairs between which something certainly arrives. */
  readonly reaching: number;
  /** Pairs left open by missing facts. */
  readonly open: number;
  readonly senders: readonly MatrixEnd[];
  readonly targets: readonly MatrixEnd[];
  readonly behaviours: readonly MatrixBehaviour[];
  /** The groups of most pairs first. Pairs in no group: nothing arrives. */
  readonly groups: readonly MatrixGroup[];
  readonly assumptions: readonly string[];
  readonly unknowns: readonly Fact[];
}

/**
 * Ends that fare alike: own addresses of interfaces, or addresses of the internet as prefixes. The snapshot's own public addresses among
 * the latter are places of their own and not meant.
 */
export interface MatrixEnd {
  readonly family: Family;
  readonly places: readonly Place[];
  readonly addresses: readonly string[];
}

export interface MatrixBehaviour {
  readonly verdict: ReachVerdict;
  /** As in `ReachGroup`. */
  readonly forward: readonly string[];
  readonly roundTrip: readonly string[];
  readonly clientPorts: readonly string[];
  readonly open: readonly string[];
}

/** Every sender with every target, by index; an interface is no pair with itself. */
export interface MatrixGroup {
  readonly behaviour: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly pairs: number;
}

/** One pair of places and what passes between them. */
export interface MatrixRow {
  readonly from: Place;
  readonly fromAddresses: readonly string[];
  readonly to: Place;
  readonly toAddresses: readonly string[];
  readonly family: Family;
  readonly behaviour: MatrixBehaviour;
}

/** Every pair of places that something may pass between, one by one. */
export function* matrixRows({ groups, senders, targets, behaviours }: MatrixAnswer): Generator<MatrixRow> {
  for (const group of groups) {
    const behaviour = behaviours[group.behaviour]!;
    for (const from of group.from.map((index) => senders[index]!)) {
      for (const to of group.to.map((index) => targets[index]!)) {
        for (const source of from.places) {
          for (const target of to.places) {
            if (source.id === target.id) continue;
            yield {
              from: source,
              fromAddresses: from.addresses,
              to: target,
              toAddresses: to.addresses,
              family: from.family,
              behaviour,
            };
          }
        }
      }
    }
  }
}
