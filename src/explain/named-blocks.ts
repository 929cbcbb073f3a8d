/** Blocks of addresses that a question names, which rules may name too. */

import type { Prefix } from '../net/prefix.ts';
import type { AskedQuestion } from './asked-pairs.ts';
import type { PlaceNode } from './place-expression.ts';

export function namedBlocks({ from, to }: AskedQuestion): readonly Prefix[] {
  const nodes = [...nodesOf(from.root), ...nodesOf(to.root)];
  return nodes.flatMap((node) => (node.kind === 'prefix' ? [node.prefix] : []));
}

/** What is left out of a question is no block of it. */
function nodesOf(node: PlaceNode): readonly PlaceNode[] {
  if (node.kind === 'any-of' || node.kind === 'all-of') return node.parts.flatMap(nodesOf);
  return node.kind === 'none-of' ? [] : [node];
}
