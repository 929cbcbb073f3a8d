/** A graph builder over a drawn network, before any stage is written. */

import { addressSpaceOf } from '../../src/compile/bounds.ts';
import { GraphBuilder } from '../../src/compile/graph-builder.ts';
import { withImpliedVpcs } from '../../src/compile/implied-vpcs.ts';
import { nameNetwork } from '../../src/compile/names.ts';
import type { Network } from '../../src/model/network.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

export function builderOf(drawing: Drawing): GraphBuilder {
  return builderOver(networkOf(drawing));
}

export function builderOver(given: Network): GraphBuilder {
  const network = withImpliedVpcs(given);
  return new GraphBuilder(network, nameNetwork(network), addressSpaceOf(network), new Map());
}
