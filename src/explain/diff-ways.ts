/**
 * Pairs that no difference of rules of groups can touch: their own rules are the same, or nothing gets from the one to the other
 * whatever groups say. The latter is worked out once for a network and all that differ from it in rules of groups alone.
 */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { PlainPairs } from '../reach/plain-pairs.ts';
import type { EndIn } from './diff-ends.ts';
import { interfaceClassesOf } from './end-classes.ts';
import { placesEverywhere } from './place-set.ts';
import { setEngineOf } from './set-engine.ts';

/** Reports whether packets from one end to another may fare differently, where both ends are in both networks. */
export type MayDiffer = (from: EndIn, to: EndIn) => boolean;

const KNOWN = new WeakMap<Compiled['names'], { readonly acls: unknown; readonly pairs: PlainPairs }>();

/** Null where the networks differ in more than rules of groups. */
export function differencesByGroups(before: Compiled, after: Compiled): MayDiffer | null {
  const areAlike =
    before.names === after.names &&
    before.space === after.space &&
    before.network.networkAcls === after.network.networkAcls &&
    interfaceClassesOf(before).isNamed === interfaceClassesOf(after).isNamed;
  if (!areAlike) return null;
  const pairs = plainPairsOf(before);
  const [outbound, inbound] = [changedGroups(before, after, 'out'), changedGroups(before, after, 'in')];
  return (from, to) => {
    // Flows that both ends have admitted are answered whatever the rules.
    if (!carries(before, from, outbound) && !carries(before, to, inbound)) return false;
    if (from.sender.held === null || to.target.held === null) return true;
    const one = pairs.addressOf(from.sender.held.eni, from.sender.rank);
    const other = pairs.addressOf(to.target.held.eni, to.sender.rank);
    return one === null || other === null || pairs.mayPass(one, other);
  };
}

/** Groups whose rules of one direction are not the same. */
function changedGroups(before: Compiled, after: Compiled, direction: 'in' | 'out'): ReadonlySet<string> {
  const changed = new Set<string>();
  before.network.securityGroups.forEach((group, index) => {
    const other = after.network.securityGroups[index]!;
    if (group === other) return;
    const [was, is] = [group, other].map(({ rules }) => rules.filter((rule) => rule.direction === direction));
    if (was!.length !== is!.length || was!.some((rule, i) => rule !== is![i])) changed.add(group.id);
  });
  return changed;
}

function carries({ network }: Compiled, { sender }: EndIn, groups: ReadonlySet<string>): boolean {
  return sender.held !== null && network.networkInterfaces[sender.held.eni]!.groupIds.some((id) => groups.has(id));
}

function plainPairsOf(compiled: Compiled): PlainPairs {
  const { names, network, space } = compiled;
  const known = KNOWN.get(names);
  if (known !== undefined && known.acls === network.networkAcls) return known.pairs;
  const held = placesEverywhere(compiled).held.map(({ eni, prefix }) => ({ eni, rank: rankOf(space, prefix.address) }));
  const pairs = new PlainPairs(compiled, setEngineOf(compiled).connections, interfaceClassesOf(compiled), held);
  KNOWN.set(names, { acls: network.networkAcls, pairs });
  return pairs;
}
