/**
 * The fewest rules of security groups without which nothing asked arrives.
 *
 * A packet passes when some outbound rule of its sender and some inbound rule of its receiver let it. So for every outbound rule and
 * every inbound rule that let the same packet through, one of the two has to go: a vertex cover of a bipartite graph, for any
 * number of pairs at once. Where only one side has groups, its rules have to go, all of them.
 */

import { EMPTY, type L4Sets } from '../reach/l4-sets.ts';
import type { GroupStage, Way } from './cut-ways.ts';
import { type Edge, smallestVertexCovers } from './vertex-cover.ts';

export interface RuleCuts {
  /** Ids of rules to remove, every cut of equal size. */
  readonly cuts: readonly (readonly string[])[];
  readonly areAll: boolean;
  /** Why no removal of rules closes it; null where some does. */
  readonly obstacle: string | null;
  /** The ways pass groups in the middle, whose rules are left alone: cuts through those may be smaller. */
  readonly passesOthers: boolean;
}

export function ruleCuts(sets: L4Sets, ways: readonly Way[], limit: number): RuleCuts {
  const forced = new Set<string>();
  const edges = new Map<string, readonly [out: string, inward: string]>();
  for (const way of ways) {
    const out = removable(way.out[0]);
    const inward = removable(way.in.at(-1));
    if (out === null && inward === null)
      return { cuts: [], areAll: true, obstacle: obstacleOf(way), passesOthers: false };
    if (out === null || inward === null) for (const { origin } of (out ?? inward)!.rules) forced.add(origin.rule);
    else {
      for (const one of out.rules) {
        for (const other of inward.rules) {
          if (sets.intersect(one.packets, other.packets) === EMPTY) continue;
          const edge = [one.origin.rule, other.origin.rule] as const;
          edges.set(JSON.stringify(edge), edge);
        }
      }
    }
  }
  const open = [...edges.values()].filter((edge) => !edge.some((rule) => forced.has(rule)));
  const left = numbered(open.map(([rule]) => rule));
  const right = numbered(open.map(([, rule]) => rule));
  const graph = open.map(([out, inward]): Edge => [left.indexOf(out), right.indexOf(inward)]);
  const { covers, areAll } = smallestVertexCovers(graph, limit);
  return {
    cuts: covers.map((cover) =>
      [...forced, ...cover.left.map((index) => left[index]!), ...cover.right.map((index) => right[index]!)].sort(),
    ),
    areAll,
    obstacle: null,
    passesOthers: ways.some((way) => way.out.length > 1 || way.in.length > 1),
  };
}

/** A list that certainly closes once these rules are gone. */
function removable(stage: GroupStage | undefined): GroupStage | null {
  return stage === undefined || stage.isInDoubt ? null : stage;
}

function obstacleOf(way: Way): string {
  const doubtful = [...way.out, ...way.in].find(({ isInDoubt }) => isInDoubt);
  if (doubtful === undefined) return 'part of it passes no security group, so no rule of one closes it';
  return `what ${doubtful.step.stage.rules.resources.join(', ')} allows is not in the snapshot, so removing rules closes nothing for certain`;
}

function numbered(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort();
}
