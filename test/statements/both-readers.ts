/** Walks a packet of a network and holds what the sets say of it against that. */

import { expect } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { createNet } from '../../src/explain/net.ts';
import { askPacket } from '../../src/explain/packet-question.ts';
import type { Trace } from '../../src/explain/trace.ts';
import type { Network } from '../../src/model/network.ts';
import { readersDisagree } from '../support/two-readers.ts';

export function walkBoth(network: Network, packet: string): Trace {
  const compiled = compile(network);
  expect(readersDisagree(compiled, [askPacket(compiled, packet)])).toEqual([]);
  return createNet(network).walk(packet);
}
