/** The first two lines of an answer. */

import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { render } from '../../src/present/layout.ts';
import { NO_NAMES } from '../../src/present/resource-names.ts';
import { verdictLines } from '../../src/present/verdict-text.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

test('of several possible ways that end differently one is told, and that it is one', () => {
  const drawing: Drawing = {
    vpc: '10.0.0.0/16',
    igw: true,
    subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } } },
    groups: { open: { in: ['all from 0.0.0.0/0'] }, shut: { in: [] } },
    enis: {
      B: { subnet: 'P', address: '10.0.1.20', groups: ['open'] },
      C: { subnet: 'P', address: '10.0.1.30', groups: ['shut'] },
    },
    balancers: {
      web: {
        kind: 'network',
        nodes: { P: { address: '10.0.1.200', public: '198.51.100.50' } },
        listeners: { 'TCP 443': 'app' },
      },
    },
    targetGroups: { app: { to: 'TCP 8443', targets: ['i-b', 'i-c'] } },
  };
  const trace = createNet(networkOf(drawing)).walk('tcp 203.0.113.7:40000 > 198.51.100.50:443');
  expect(render(verdictLines(trace, NO_NAMES))).toBe(
    'unknown  tcp 203.0.113.7:40000 > 198.51.100.50:443\n' +
      '  by one of the possible ways reaches B as tcp 203.0.113.7:40000 > 10.0.1.20:8443, and the answer comes back; by another it fares otherwise\n',
  );
});
