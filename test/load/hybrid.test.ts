/** Virtual private gateways, VPN connections, and Direct Connect. */

import { describe, expect, test } from 'vitest';
import { formatPrefix } from '../../src/net/address-text.ts';
import { listsOf, load, loadFiles, problemsOf, routeTable } from '../support/documents.ts';

const ACCOUNT = '111122223333';

describe('virtual private gateways', () => {
  const gateway = (members: object = {}): object => ({
    VpnGatewayId: 'vgw-1',
    State: 'available',
    Type: 'ipsec.1',
    VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }],
    ...members,
  });

  test('have the VPCs that they are attached to', () => {
    const network = load({ VpnGateways: [gateway()] }, `${ACCOUNT}/eu-west-1/v.json`);
    expect(problemsOf(network)).toEqual([]);
    expect(network.virtualPrivateGateways).toMatchObject([
      {
        id: 'vgw-1',
        account: ACCOUNT,
        region: 'eu-west-1',
        state: 'available',
        attachments: [{ vpcId: 'vpc-1', state: 'attached' }],
      },
    ]);
  });

  test('whose attachment cannot be read are as good as not read', () => {
    const network = load({ VpnGateways: [gateway({ VpcAttachments: [{ VpcId: 7 }] })] });
    expect(network.virtualPrivateGateways).toEqual([]);
    expect(problemsOf(network)).toEqual([
      'error VpcId is 7, not a text at snapshot.json#/VpnGateways/0/VpcAttachments/0/VpcId',
    ]);
    expect(listsOf(network)).toEqual(['virtualPrivateGateways cut off']);
  });

  test('are missed where a route names one that a whole list lacks', () => {
    const routes = {
      RouteTables: [routeTable({ Routes: [{ DestinationCidrBlock: '10.9.0.0/16', GatewayId: 'vgw-1' }] })],
    };
    expect(problemsOf(load({ ...routes, VpnGateways: [] }))).toEqual([
      'warning "rtb-1" names virtual private gateway "vgw-1", which the snapshot lacks at snapshot.json#/RouteTables/0/Routes/0',
    ]);
    expect(problemsOf(load(routes))).toEqual([]);
  });
});

describe('VPN connections', () => {
  const connection = (members: object = {}): object => ({
    VpnConnectionId: 'vpn-1',
    State: 'available',
    VpnGatewayId: 'vgw-1',
    CustomerGatewayId: 'cgw-1',
    Options: { StaticRoutesOnly: true, TunnelOptions: [{ PreSharedKey: 'hush-hush' }] },
    Routes: [
      { DestinationCidrBlock: '192.168.0.0/16', State: 'available' },
      { DestinationCidrBlock: '192.0.2.0/24', State: 'deleted' },
    ],
    CustomerGatewayConfiguration: '<vpn_connection><pre_shared_key>hush-hush</pre_shared_key></vpn_connection>',
    ...members,
  });

  test('have the static routes that are there', () => {
    const network = load({ VpnConnections: [connection()] });
    expect(problemsOf(network)).toEqual([]);
    expect(network.vpnConnections).toMatchObject([
      {
        id: 'vpn-1',
        state: 'available',
        virtualPrivateGatewayId: 'vgw-1',
        transitGatewayId: null,
        customerGatewayId: 'cgw-1',
        staticRoutesOnly: true,
      },
    ]);
    expect(network.vpnConnections[0]!.staticRoutes.map(formatPrefix)).toEqual(['192.168.0.0/16']);
  });

  test('keep no secret', () => {
    const bad = connection({ VpnConnectionId: 'vpn-2', Routes: 'hush' });
    expect(JSON.stringify(load({ VpnConnections: [connection(), bad] }))).not.toContain('hush-hush');
  });

  test('may end at a transit gateway, and are dynamic unless they say otherwise', () => {
    const dynamic = connection({ VpnGatewayId: null, TransitGatewayId: 'tgw-1', Options: null, Routes: null });
    expect(load({ VpnConnections: [dynamic] }).vpnConnections).toMatchObject([
      { virtualPrivateGatewayId: null, transitGatewayId: 'tgw-1', staticRoutesOnly: false, staticRoutes: [] },
    ]);
  });

  for (const [name, Routes, what] of [
    ['no list', 'all', 'Routes is "all", not a list'],
    ['one without a destination', [{ State: 'available' }], 'DestinationCidrBlock is missing'],
    [
      'one in a state that nobody knows',
      [{ DestinationCidrBlock: '10.0.0.0/8', State: 'odd' }],
      'static route state "odd"',
    ],
    ['one to no prefix', [{ DestinationCidrBlock: '10.0.0.0/40', State: 'available' }], 'prefix "10.0.0.0/40"'],
  ] as const) {
    test(`whose static routes are ${name} are as good as not read`, () => {
      const network = load({ VpnConnections: [connection({ Routes })] });
      expect(network.vpnConnections).toEqual([]);
      expect(network.facts.map(({ key }) => key)).toEqual(['static-routes:vpn-1']);
      expect(network.problems).toMatchObject([{ severity: 'error', what: expect.stringContaining(what) }]);
      expect(listsOf(network)).toEqual(['vpnConnections cut off']);
    });
  }
});

/** Names of members as collectors write them that follow EC2. */
function capitalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.charAt(0).toUpperCase() + key.slice(1), capitalised(member)]),
  );
}

describe('Direct Connect', () => {
  const lists = {
    directConnectGateways: [
      {
        directConnectGatewayId: '7b2c4f8a',
        directConnectGatewayName: 'campus',
        directConnectGatewayState: 'available',
        ownerAccount: ACCOUNT,
        tags: [{ key: 'team', value: 'net' }],
      },
    ],
    directConnectGatewayAssociations: [
      {
        associationId: 'assoc-1',
        directConnectGatewayId: '7b2c4f8a',
        directConnectGatewayOwnerAccount: ACCOUNT,
        associationState: 'associated',
        associatedGateway: { id: 'tgw-1', type: 'transitGateway', ownerAccount: ACCOUNT, region: 'eu-west-1' },
        allowedPrefixesToDirectConnectGateway: [{ cidr: '10.0.0.0/8' }],
      },
      {
        directConnectGatewayId: '7b2c4f8a',
        associationState: 'associated',
        virtualGatewayId: 'vgw-1',
      },
    ],
    virtualInterfaces: [
      {
        virtualInterfaceId: 'dxvif-1',
        virtualInterfaceName: 'first',
        virtualInterfaceType: 'private',
        virtualInterfaceState: 'available',
        virtualGatewayId: 'vgw-1',
        directConnectGatewayId: '',
        ownerAccount: ACCOUNT,
        region: 'eu-west-1',
      },
    ],
  };

  for (const [name, json] of [
    ['as AWS spells them', lists],
    ['with capitals', capitalised(lists)],
  ] as const) {
    test(`gateways, associations and virtual interfaces, ${name}`, () => {
      const network = load(json, 'us-east-1/dx.json');
      expect(problemsOf(network)).toEqual([]);
      expect(network.directConnectGateways).toMatchObject([
        { id: '7b2c4f8a', name: 'campus', account: ACCOUNT, region: null, tags: [{ key: 'team', value: 'net' }] },
      ]);
      expect(network.directConnectAssociations).toMatchObject([
        {
          id: '7b2c4f8a/vgw-1',
          associated: { kind: 'virtual-private-gateway', id: 'vgw-1' },
          region: null,
          allowedPrefixes: [],
        },
        {
          id: 'assoc-1',
          directConnectGatewayId: '7b2c4f8a',
          associated: { kind: 'transit-gateway', id: 'tgw-1' },
          state: 'associated',
          region: 'eu-west-1',
        },
      ]);
      expect(network.directConnectAssociations[1]!.allowedPrefixes.map(formatPrefix)).toEqual(['10.0.0.0/8']);
      expect(network.virtualInterfaces).toMatchObject([
        {
          id: 'dxvif-1',
          name: 'first',
          kind: 'private',
          state: 'available',
          virtualPrivateGatewayId: 'vgw-1',
          directConnectGatewayId: null,
        },
      ]);
    });
  }

  test('gateways are in no Region, and neither is their list', () => {
    const network = load(lists, 'us-east-1/dx.json');
    expect(network.lists.map(({ kind, region }) => [kind, region])).toEqual([
      ['directConnectAssociations', null],
      ['directConnectGateways', null],
      ['virtualInterfaces', 'us-east-1'],
    ]);
    const lacking = loadFiles({
      'us-east-1/g.json': { directConnectGateways: [] },
      'eu-west-1/a.json': { directConnectGatewayAssociations: lists.directConnectGatewayAssociations.slice(0, 1) },
    });
    expect(lacking.problems).toMatchObject([
      {
        what: '"assoc-1" names Direct Connect gateway "7b2c4f8a", which the snapshot lacks',
        remedy: 'collect it too: aws directconnect describe-direct-connect-gateways',
      },
    ]);
  });

  const bad = [
    [
      'an association with a gateway of a type that nobody knows',
      {
        directConnectGatewayAssociations: [
          { ...lists.directConnectGatewayAssociations[0], associatedGateway: { id: 'x', type: 'odd' } },
        ],
      },
      'type is "odd", not "virtualPrivateGateway" or "transitGateway"',
      '/directConnectGatewayAssociations/0/associatedGateway/type',
    ],
    [
      'an association with nothing',
      { directConnectGatewayAssociations: [{ directConnectGatewayId: 'x', associationState: 'associated' }] },
      'association with neither a virtual private nor a transit gateway',
      '/directConnectGatewayAssociations/0',
    ],
    [
      'a virtual interface of a type that nobody knows',
      { VirtualInterfaces: [{ VirtualInterfaceId: 'dxvif-1', VirtualInterfaceType: 'odd' }] },
      'VirtualInterfaceType is "odd", not "private" or "public" or "transit"',
      '/VirtualInterfaces/0/VirtualInterfaceType',
    ],
    [
      'a gateway without an id',
      { directConnectGateways: [{ directConnectGatewayName: 'x' }] },
      'directConnectGatewayId is missing',
      '/directConnectGateways/0/directConnectGatewayId',
    ],
  ] as const;
  for (const [name, json, what, pointer] of bad) {
    test(`${name} is not kept, and its list proves nothing`, () => {
      const network = load(json);
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#${pointer}`]);
      expect(network.lists.map(({ count, complete }) => [count, complete])).toEqual([[0, false]]);
    });
  }

  test('allowed prefixes that cannot be read whole are not told', () => {
    const [first] = lists.directConnectGatewayAssociations;
    const cidrs = [{ cidr: '10.0.0.0/8' }, { cidr: 'everything' }];
    const network = load({
      directConnectGatewayAssociations: [{ ...first, allowedPrefixesToDirectConnectGateway: cidrs }],
    });
    expect(network.directConnectAssociations).toMatchObject([{ allowedPrefixes: [] }]);
    expect(network.facts.map(({ key }) => key)).toEqual(['allowed-prefixes:assoc-1']);
    expect(network.problems).toMatchObject([
      {
        severity: 'error',
        origin: {
          pointer: '/directConnectGatewayAssociations/0/allowedPrefixesToDirectConnectGateway/1/cidr',
        },
      },
    ]);
  });
});
