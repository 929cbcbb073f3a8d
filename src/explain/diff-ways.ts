/**
 * Pairs that no difference of groups can touch: whatever the groups of the two say, nothing gets from the one to the other. Worked out
 * once for a network and all that differ from it in rules of groups alone.
 */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { PlainPairs } from '../reach/plain-pairs.ts';
import type { EndIn } from './diff-ends.ts';
import { interfaceClassesOf } from './end-classes.ts';
import { placesEverywhere } from './place-set.ts';
import { setEngineOf } from './set-engine.ts';

/** Reports whether anything may get from one end to another. */
export type MayPass = (from: EndIn, to: EndIn) => boolean;

const KNOWN = new WeakMap<Compiled['names'], { readonly acls: unknown; readonly pairs: PlainPairs }>();

/** Null where the networks differ in more than rules of groups. */
export function waysInBoth(before: Compiled, after: Compiled): MayPass | null {
  const areAlike =
    before.names === after.names &&
    before.space === after.space &&
    before.network.networkAcls === after.network.networkAcls &&
    interfaceClassesOf(before).isNamed === interfaceClassesOf(after).isNamed;
  if (!areAlike) return null;
  const pairs = plainPairsOf(before);
  return (from, to) => {
    if (from.sender.held === null || to.target.held === null) return true;
    const one = pairs.addressOf(from.sender.held.eni, from.sender.rank);
    const other = pairs.addressOf(to.target.held.eni, to.sender.rank);
    return one === null || other === null || pairs.mayPass(one, other);
  };
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
