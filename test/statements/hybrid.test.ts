/** HYB: to networks on the customer's side and back, as packets and as sets. */

import { describe, expect, test } from 'vitest';
import type { VirtualPrivateGateway, VpnConnection } from '../../src/model/hybrid.ts';
import type { Network } from '../../src/model/network.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import { walkBoth } from './both-readers.ts';
import { outcome, places } from './walks.ts';

const DRAWING: Drawing = {
  vpc: '10.0.0.0/16',
  subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'vgw-1' } } },
  groups: { open: { in: ['all from 0.0.0.0/0'] } },
  enis: { A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] } },
};

interface Links {
  readonly gateway?: Partial<VirtualPrivateGateway>;
  readonly connection?: Partial<VpnConnection>;
}

/** `vgw-1` with the VPN connection `vpn-1`, whose static route is 192.168.0.0/16. */
function withGateway(drawing: Drawing, { gateway = {}, connection = {} }: Links = {}): Network {
  const network = networkOf(drawing);
  const { account, region, origin } = network.vpcs[0]!;
  const common = { name: null, tags: [], account, region, origin };
  return {
    ...network,
    virtualPrivateGateways: [
      { ...common, id: 'vgw-1', state: 'available', attachments: [{ vpcId: 'vpc-1', state: 'attached' }], ...gateway },
    ],
    vpnConnections: [
      {
        ...common,
        id: 'vpn-1',
        state: 'available',
        virtualPrivateGatewayId: 'vgw-1',
        transitGatewayId: null,
        customerGatewayId: 'cgw-1',
        staticRoutesOnly: true,
        staticRoutes: [parsePrefix('192.168.0.0/16').prefix],
        ...connection,
      },
    ],
  };
}

describe('out of AWS', () => {
  test('HYB-01: to a prefix that the gateway learned, and the answer back', () => {
    const trace = walkBoth(withGateway(DRAWING), 'tcp 10.0.1.10:40000 > 192.168.1.5:443');
    expect(outcome(trace)).toBe('delivered');
    expect(places(trace.forward).slice(-2)).toEqual(['vgw-1', 'vgw-1']);
  });

  test('HYB-01: a default route to the gateway leads nowhere that it did not learn', () => {
    expect(outcome(walkBoth(withGateway(DRAWING), 'tcp 10.0.1.10:40000 > 8.8.8.8:443'))).toBe(
      'dropped: route vgw-1 NO_ROUTE_TO_DESTINATION',
    );
  });

  test('HYB-01: what BGP brought is known only as far as a table of the VPC shows it', () => {
    const bgp = { connection: { staticRoutesOnly: false, staticRoutes: [] } };
    const trace = walkBoth(withGateway(DRAWING, bgp), 'tcp 10.0.1.10:40000 > 192.168.1.5:443');
    expect([trace.verdict, trace.unknowns.map(({ key }) => key)]).toEqual(['unknown', ['learned:vgw-1']]);
    const shown = {
      ...DRAWING,
      subnets: { P: { cidr: '10.0.1.0/24', routes: { '192.168.0.0/16': 'vgw-1 propagated' } } },
    };
    expect(outcome(walkBoth(withGateway(shown, bgp), 'tcp 10.0.1.10:40000 > 192.168.1.5:443'))).toBe('delivered');
  });

  test('HYB-01: a connection that is down brings nothing', () => {
    const down = withGateway(DRAWING, { connection: { state: 'deleted' } });
    expect(outcome(walkBoth(down, 'tcp 10.0.1.10:40000 > 192.168.1.5:443'))).toBe(
      'dropped: route vgw-1 NO_ROUTE_TO_DESTINATION',
    );
  });

  test('HYB-03: the source must be an interface’s own address', () => {
    const appliance = { ...DRAWING, enis: { A: { ...DRAWING.enis!.A!, check: false } } };
    expect(outcome(walkBoth(withGateway(appliance), 'tcp 10.0.9.9:40000@eni-a > 192.168.1.5:443'))).toBe(
      'dropped: gateway-check VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS',
    );
  });

  test('HYB-04: VPN connections of virtual private gateways carry no IPv6', () => {
    const dual: Drawing = {
      ...DRAWING,
      vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
      subnets: { P: { cidr: ['10.0.1.0/24', '2001:db8:1:1::/64'], routes: { '::/0': 'vgw-1' } } },
      enis: { A: { subnet: 'P', address: '10.0.1.10', v6: '2001:db8:1:1::a', groups: ['open'] } },
    };
    const trace = walkBoth(withGateway(dual), 'tcp [2001:db8:1:1::a]:40000 > [2001:db8:9::5]:443');
    expect(outcome(trace)).toBe('dropped: route NO_ROUTE_TO_DESTINATION');
    expect(trace.assumptions).toContain('OPEN-20');
  });

  test('a gateway that is attached to another VPC, or to none', () => {
    for (const attachments of [[], [{ vpcId: 'vpc-1', state: 'detaching' }], [{ vpcId: 'vpc-9', state: 'attached' }]]) {
      expect(
        outcome(walkBoth(withGateway(DRAWING, { gateway: { attachments } }), 'tcp 10.0.1.10:1 > 192.168.1.5:443')),
      ).toBe('dropped: gateway-check vgw-1 BAD_STATE_ATTACHMENT');
    }
  });
});

describe('into AWS', () => {
  test('HYB-03: to an interface of the VPC, past its list and groups, and the answer out again', () => {
    const trace = walkBoth(withGateway(DRAWING), 'tcp 192.168.1.5:40000@vgw-1 > 10.0.1.10:22');
    expect(outcome(trace)).toBe('delivered');
    expect(trace.forward.from).toEqual({ kind: 'on-premises', id: 'vgw-1', name: null });
  });

  test('HYB-03: an address that nobody has is refused', () => {
    expect(outcome(walkBoth(withGateway(DRAWING), 'tcp 192.168.1.5:40000@vgw-1 > 10.0.1.99:22'))).toBe(
      'dropped: gateway-check VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    );
  });

  test('HYB-07: the gateway is no way to the VPC’s peering, NAT gateway or internet gateway', () => {
    const peered: Drawing = {
      ...DRAWING,
      vpc: '10.0.0.0/16',
      igw: true,
      subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'vgw-1', '10.1.0.0/16': 'pcx-12' } } },
      vpcs: {
        '2': {
          vpc: '10.1.0.0/16',
          subnets: { R: { cidr: '10.1.1.0/24' } },
          enis: { B: { subnet: 'R', address: '10.1.1.10' } },
        },
      },
      peerings: { '12': { from: '1', to: '2' } },
    };
    for (const destination of ['10.1.1.10', '203.0.113.7']) {
      expect(outcome(walkBoth(withGateway(peered), `tcp 192.168.1.5:40000@vgw-1 > ${destination}:22`))).toBe(
        'dropped: gateway-check VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
      );
    }
  });

  test('RT-15: the gateway’s own table leads what enters', () => {
    const network = withGateway({
      ...DRAWING,
      enis: { ...DRAWING.enis!, M: { subnet: 'P', address: '10.0.1.50', check: false, groups: ['open'] } },
    });
    const main = network.routeTables[0]!;
    const edge = {
      ...main,
      id: 'rtb-edge',
      isMain: false,
      subnetIds: [],
      gatewayIds: ['vgw-1'],
      routes: [
        {
          destination: { kind: 'cidr' as const, prefix: parsePrefix('10.0.1.10/32').prefix },
          target: { kind: 'network-interface' as const, id: 'eni-m' },
          state: 'active' as const,
          source: 'static' as const,
          origin: main.origin,
        },
      ],
    };
    const trace = walkBoth(
      { ...network, routeTables: [...network.routeTables, edge] },
      'tcp 192.168.1.5:40000@vgw-1 > 10.0.1.10:22',
    );
    expect(places(trace.forward)).toContain('eni-m');
    expect(trace.verdict).toBe('unknown');
  });
});
