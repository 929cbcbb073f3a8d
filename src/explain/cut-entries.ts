/** The fewest entries of network ACLs that deny everything asked: one for a subnet, where what is asked makes one rule. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { DENY } from '../compile/rule-table.ts';
import { CLOSING_V4 } from '../model/network-acl.ts';
import type { Address } from '../net/address.ts';
import type { AddressRange } from '../net/address-set.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Traffic } from '../net/traffic.ts';
import { EMPTY, type L4Sets } from '../reach/l4-sets.ts';
import type { Way } from './cut-ways.ts';
import { breadthOf, type Edit, editKey } from './edit.ts';
import { blocksFor, boxSet, type Choice, groupBy, holds, includes } from './fix-candidates.ts';
import { trafficBoxes } from './fix-traffic.ts';
import type { PathStep } from './pair-path.ts';

/** A place where packets of a way can be denied. */
interface Gate {
  readonly networkAcl: string;
  readonly direction: 'in' | 'out';
  readonly peer: AddressRange;
  readonly traffic: Traffic;
  /** Number of the first entry that allows any of it. */
  readonly before: number;
}

/** `room` is what was asked: an entry may deny all of that. `rangeOf` gives the addresses that behave like one. */
export function denials(
  compiled: Compiled,
  sets: L4Sets,
  ways: readonly Way[],
  room: number,
  named: readonly Prefix[],
  rangeOf: (address: Address) => AddressRange,
): Choice {
  const lacks = ways.flatMap(({ live, acls }) =>
    trafficBoxes(sets, live, room).map((traffic) =>
      acls.flatMap((step) => gateAt(compiled, sets, step, traffic, rangeOf)),
    ),
  );
  const edits = new Map<string, Edit>();
  const alike = (gate: Gate): string => `${gate.networkAcl} ${gate.direction} ${JSON.stringify(gate.traffic)}`;
  for (const gates of groupBy(lacks.flat(), alike)) {
    const { networkAcl, direction, traffic } = gates[0]!;
    for (const peer of blocksFor(
      gates.map((gate) => gate.peer),
      named,
    )) {
      const before = Math.min(...gates.filter((gate) => holds(peer, gate.peer)).map((gate) => gate.before));
      const edit: Edit = { kind: 'entry', networkAcl, direction, action: 'deny', traffic, peer, before };
      edits.set(editKey(edit), edit);
    }
  }
  const ordered = [...edits.values()].sort((a, b) => breadthOf(a) - breadthOf(b) || (editKey(a) < editKey(b) ? -1 : 1));
  return {
    edits: ordered,
    coveredBy: lacks.map((gates) =>
      ordered.flatMap((edit, index) => (gates.some((gate) => denies(edit, gate)) ? [index] : [])),
    ),
  };
}

function gateAt(
  compiled: Compiled,
  sets: L4Sets,
  { stage, peer }: PathStep,
  traffic: Traffic,
  rangeOf: (address: Address) => AddressRange,
): readonly Gate[] {
  const [networkAcl] = stage.rules.resources;
  if (networkAcl === undefined) return [];
  const rank = rankOf(compiled.space, peer);
  const wanted = boxSet(sets, traffic);
  const allowing = stage.rules.rows.find(
    (row) =>
      row.action !== DENY &&
      row.firstRank <= rank &&
      rank <= row.lastRank &&
      sets.intersect(wanted, sets.box(row.protocol, row.firstPortOrIcmp, row.lastPortOrIcmp)) !== EMPTY,
  );
  const rule = allowing === undefined ? '*' : stage.rules.origins[allowing.origin]!.rule;
  const before = /^\d+$/.test(rule) ? Number(rule) : CLOSING_V4;
  // An entry whose number is not known may stand first.
  if (rule === '?') return [];
  return [{ networkAcl, direction: stage.role === 'nacl-in' ? 'in' : 'out', peer: rangeOf(peer), traffic, before }];
}

function denies(edit: Edit, gate: Gate): boolean {
  return (
    edit.kind === 'entry' &&
    edit.networkAcl === gate.networkAcl &&
    edit.direction === gate.direction &&
    edit.before <= gate.before &&
    includes(edit.traffic, gate.traffic) &&
    holds(edit.peer, gate.peer)
  );
}
