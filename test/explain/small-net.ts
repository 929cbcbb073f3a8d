/** A small network whose parts the tests of explanations change one at a time. */

import type { CompileOptions } from '../../src/compile/compile.ts';
import { createNet } from '../../src/explain/net.ts';
import type { Trace } from '../../src/explain/trace.ts';
import type { Drawing, GroupDrawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

export const CLIENT = '203.0.113.7';
export const OPEN: GroupDrawing = { in: ['all from 0.0.0.0/0'], out: ['all to 0.0.0.0/0'] };

/** A in P with a public address, B in Q behind a NAT gateway in N. */
export const BASE: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
    Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-g' } },
    N: { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' } },
  },
  groups: { open: OPEN, web: { in: ['tcp/443 from 203.0.113.0/24'] } },
  nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
  },
};

/** The trace of a packet in the network with these changes. */
export function walkIn(packet: string, changes: Drawing = {}, options: CompileOptions = {}): Trace {
  return createNet(networkOf({ ...BASE, ...changes }), options).walk(packet);
}
