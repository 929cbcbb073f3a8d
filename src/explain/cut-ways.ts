/** The ways on which something asked arrives: which rules of security groups let it through, and which ACLs it passes. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { CERTAIN, NO_GROUP, type RuleOrigin, type RuleRow } from '../compile/rule-table.ts';
import { GROUPS } from '../compile/stage.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import type { Asking } from './asked-pairs.ts';
import { type PathStep, pathOf } from './pair-path.ts';
import type { Asked } from './reach-pair.ts';

/** A rule on a way, and which of the packets it allows. */
export interface AdmittingRule {
  readonly origin: RuleOrigin;
  readonly packets: L4Id;
}

/** One list of groups on a way. */
export interface GroupStage {
  readonly step: PathStep;
  readonly rules: readonly AdmittingRule[];
  /** Something that the snapshot does not show may allow it, too: removing rules closes nothing for certain. */
  readonly isInDoubt: boolean;
}

/** What arrives of what was asked, between two addresses. */
export interface Way {
  readonly live: L4Id;
  readonly out: readonly GroupStage[];
  readonly in: readonly GroupStage[];
  readonly acls: readonly PathStep[];
}

export function waysOf(sets: L4Sets, asked: Asked, asking: Asking): readonly Way[] {
  return asking.pairs.flatMap((pair) => {
    const live = sets.intersect(pair.connection.forward.may, asked.packets);
    const path = pathOf(sets, asking, pair, live, asked.clientPorts);
    if (path === null) return [];
    const stages = path.forward
      .filter(({ stage }) => stage.kind === GROUPS)
      .map((step) => groupStage(sets, asking, step, live));
    return [
      {
        live,
        out: stages.filter(({ step }) => step.stage.role === 'security-group-out'),
        in: stages.filter(({ step }) => step.stage.role === 'security-group-in'),
        acls: path.forward.filter(({ stage: { role } }) => role === 'nacl-in' || role === 'nacl-out'),
      },
    ];
  });
}

function groupStage(sets: L4Sets, { compiled }: Asking, step: PathStep, live: L4Id): GroupStage {
  const { rules } = step.stage;
  const admitting = new Map<number, L4Id>();
  let isInDoubt = false;
  for (const row of rules.rows) {
    if (!isFor(compiled, row, step)) continue;
    const packets = sets.intersect(live, sets.box(row.protocol, row.firstPortOrIcmp, row.lastPortOrIcmp));
    if (packets === EMPTY) continue;
    // What is not in the snapshot cannot be removed.
    if (row.fact !== CERTAIN && rules.origins[row.origin]!.rule === '?') isInDoubt = true;
    else admitting.set(row.origin, sets.union(admitting.get(row.origin) ?? EMPTY, packets));
  }
  return {
    step,
    isInDoubt,
    rules: [...admitting].map(([origin, packets]) => ({ origin: rules.origins[origin]!, packets })),
  };
}

function isFor({ space, groupsOfInterface }: Compiled, row: RuleRow, { peer, holder }: PathStep): boolean {
  const rank = rankOf(space, peer);
  if (rank < row.firstRank || row.lastRank < rank) return false;
  if (row.group === NO_GROUP || holder < NOBODY) return true;
  return holder !== NOBODY && groupsOfInterface[holder]!.includes(row.group);
}
