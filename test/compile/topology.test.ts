/** The parts of a network: which VPCs packets can pass between without the internet, and how they get out. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NetworkPart, Topology } from '../../src/compile/topology.ts';
import type { Peering } from '../../src/model/gateway.ts';
import type { Network } from '../../src/model/network.ts';
import type { Vpc } from '../../src/model/vpc.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

/** `vpc-a vpc-b by pcx-ab out igw-a`, a line for each part. */
const parts = (network: Network): readonly string[] => new Topology(network).parts().map(described);

function described({ vpcs, peerings, gateways }: NetworkPart): string {
  const ids = (nodes: readonly { readonly id: string }[]): string => nodes.map(({ id }) => id).join(' ');
  return `${ids(vpcs)} by ${ids(peerings)} out ${ids(gateways)}`;
}

const DRAWING: Drawing = {
  vpcs: {
    A: { vpc: '10.0.0.0/16', igw: true, eigw: true },
    B: { vpc: '10.1.0.0/16' },
    C: { vpc: '10.2.0.0/16', igw: 'detached' },
    D: {
      vpc: '10.3.0.0/16',
      subnets: { N: { cidr: '10.3.9.0/24' } },
      nats: { G: { subnet: 'N', address: '10.3.9.5' }, H: { subnet: 'N', address: '10.3.9.6', state: 'failed' } },
    },
  },
  peerings: { BA: { from: 'B', to: 'A' }, CD: { from: 'C', to: 'D', state: 'expired' } },
};

test('active peerings join VPCs; the part with most VPCs comes first, then by id', () => {
  expect(parts(networkOf(DRAWING))).toEqual([
    'vpc-a vpc-b by pcx-ba out eigw-a igw-a',
    'vpc-c by  out ',
    'vpc-d by  out nat-g',
  ]);
});

test('a peering to a VPC that the snapshot lacks joins it all the same', () => {
  const network = networkOf({ vpcs: { A: { vpc: '10.0.0.0/16' } }, peerings: { AZ: { from: 'A', to: 'Z' } } });
  expect(parts(network)).toEqual(['vpc-a vpc-z by pcx-az out ']);
});

test('VPCs keep their names, whatever is attached to them first', () => {
  const network = networkOf(DRAWING);
  const named = { ...network, vpcs: network.vpcs.map((vpc) => ({ ...vpc, name: `name of ${vpc.id}` })) };
  const [first] = new Topology(named).parts();
  expect(first!.vpcs.map(({ name }) => name)).toEqual(['name of vpc-a', 'name of vpc-b']);
});

test('an empty network has no parts', () => {
  expect(parts(networkOf({}))).toEqual([]);
});

/** VPCs with these ids, each peered with the next. */
function chainOf(ids: readonly string[]): Network {
  const blank = networkOf({
    vpcs: { A: { vpc: '10.0.0.0/16' }, B: { vpc: '10.1.0.0/16' } },
    peerings: { AB: { from: 'A', to: 'B' } },
  });
  const vpc: Vpc = blank.vpcs[0]!;
  const peering: Peering = blank.peerings[0]!;
  return {
    ...blank,
    vpcs: ids.map((id) => ({ ...vpc, id })),
    peerings: ids.slice(1).map((id, i) => ({
      ...peering,
      id: `pcx-${i}`,
      requester: { ...peering.requester, vpcId: ids[i]! },
      accepter: { ...peering.accepter, vpcId: id },
    })),
  };
}

test('a chain of 20,000 VPCs is one part, and no walk of it runs out of stack', () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => `vpc-${i}`);
  const [only, ...others] = new Topology(chainOf(ids)).parts();
  expect([only!.vpcs.length, only!.peerings.length, others.length]).toEqual([20_000, 19_999, 0]);
});

describe('ids that are names of Object.prototype', () => {
  const hostile = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '');

  test('are ids like any other, and the prototype stays as it is', () => {
    const members = (): string =>
      JSON.stringify(
        Object.getOwnPropertyNames(Object.prototype).concat(Object.keys({}), Object.keys(Object.prototype)),
      );
    const before = members();
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(hostile, fc.string()), { minLength: 1, maxLength: 6 }), (ids) => {
        const [only, ...others] = new Topology(chainOf(ids)).parts();
        expect(others).toEqual([]);
        expect(only!.vpcs.map(({ id }) => id)).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
      }),
      { numRuns: 200 },
    );
    expect(members()).toBe(before);
  });

  test('a VPC, a gateway and a peering of one id are three things', () => {
    const id = '__proto__';
    const network = chainOf([id, 'vpc-b']);
    const gateway = { ...network.vpcs[0]!, attachments: [{ vpcId: id, state: 'available' }] };
    const peerings = network.peerings.map((peering) => ({ ...peering, id }));
    expect(parts({ ...network, peerings, internetGateways: [gateway] })).toEqual([`${id} vpc-b by ${id} out ${id}`]);
  });
});

test('a transit gateway joins the VPCs that are attached to it, and its VPN leads out', async () => {
  const network = networkOf({
    vpcs: { A: { vpc: '10.0.0.0/16' }, B: { vpc: '10.1.0.0/16' }, C: { vpc: '10.2.0.0/16' } },
  });
  const [example] = network.vpcs;
  const attachment = (id: string, kind: 'vpc' | 'vpn', attached: string, state = 'available') => ({
    ...example!,
    id,
    attachmentId: id,
    transitGatewayId: 'tgw-1',
    attached: { kind, id: attached },
    state,
    association: { kind: 'none' as const },
    vpc: null,
  });
  const transitGatewayAttachments = [
    attachment('tgw-attach-a', 'vpc', 'vpc-a'),
    attachment('tgw-attach-b', 'vpc', 'vpc-b'),
    attachment('tgw-attach-c', 'vpc', 'vpc-c', 'deleted'),
    attachment('tgw-attach-v', 'vpn', 'vpn-1'),
  ];
  expect(parts({ ...network, transitGatewayAttachments })).toEqual([
    'vpc-a vpc-b by tgw-1 out vpn-1',
    'vpc-c by  out ',
  ]);
});
