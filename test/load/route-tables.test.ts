/** Routes, good and bad (RT-11, RT-13, RT-14), and who uses a table. */

import { describe, expect, test } from 'vitest';
import type { Route } from '../../src/model/route-table.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import { listsOf, load, problemsOf, routeTable } from '../support/documents.ts';

/** A route as `destination -> kind id, state, source`. */
function line({ destination, target, state, source }: Route): string {
  const to =
    destination.kind === 'cidr'
      ? formatPrefix(destination.prefix)
      : destination.kind === 'prefix-list'
        ? destination.id
        : '?';
  return `${to} -> ${target.kind}${'id' in target ? ` ${target.id}` : ''}, ${state}, ${source}`;
}

const anywhere = { DestinationCidrBlock: '0.0.0.0/0', State: 'active', Origin: 'CreateRoute' };

describe('targets (RT-14)', () => {
  const cases = [
    [{ GatewayId: 'local' }, 'local'],
    [{ GatewayId: 'igw-1' }, 'internet-gateway igw-1'],
    [{ GatewayId: 'vgw-1' }, 'virtual-private-gateway vgw-1'],
    [{ GatewayId: 'vpce-1' }, 'endpoint vpce-1'],
    [{ NatGatewayId: 'nat-1' }, 'nat-gateway nat-1'],
    [{ TransitGatewayId: 'tgw-1' }, 'transit-gateway tgw-1'],
    [{ VpcPeeringConnectionId: 'pcx-1' }, 'peering pcx-1'],
    [{ NetworkInterfaceId: 'eni-1' }, 'network-interface eni-1'],
    [{ InstanceId: 'i-1' }, 'instance i-1'],
    [{ InstanceId: 'i-1', InstanceOwnerId: '111122223333', NetworkInterfaceId: 'eni-1' }, 'network-interface eni-1'],
    [{ EgressOnlyInternetGatewayId: 'eigw-1' }, 'egress-only-gateway eigw-1'],
    [{ CarrierGatewayId: 'cagw-1' }, 'carrier-gateway cagw-1'],
    [{ LocalGatewayId: 'lgw-1' }, 'local-gateway lgw-1'],
    [{ CoreNetworkArn: 'arn:core' }, 'core-network arn:core'],
    [{ OdbNetworkArn: 'arn:odb' }, 'odb-network arn:odb'],
    [{ GatewayId: 'xyz-1' }, 'unrecognised xyz-1'],
    [{ SomethingNewId: 'new-1' }, 'unrecognised '],
    [{ GatewayId: null, NatGatewayId: '', VpcPeeringConnectionId: 'pcx-1' }, 'peering pcx-1'],
  ] as const;
  for (const [members, target] of cases) {
    test(`${JSON.stringify(members)} leads to ${target}`, () => {
      const network = load({ RouteTables: [routeTable({ Routes: [{ ...anywhere, ...members }] })] });
      expect(network.routeTables[0]?.routes.map(line)).toEqual([`0.0.0.0/0 -> ${target}, active, static`]);
      expect(problemsOf(network)).toEqual([]);
    });
  }
});

describe('destinations, states and sources (RT-11, RT-13)', () => {
  const cases = [
    [
      { DestinationCidrBlock: null, DestinationIpv6CidrBlock: '2001:db8::/32' },
      '2001:db8::/32 -> internet-gateway igw-1, active, static',
    ],
    [{ DestinationCidrBlock: null, DestinationPrefixListId: 'pl-1' }, 'pl-1 -> internet-gateway igw-1, active, static'],
    [{ State: 'blackhole' }, '0.0.0.0/0 -> internet-gateway igw-1, blackhole, static'],
    [{ State: 'filtered' }, '0.0.0.0/0 -> internet-gateway igw-1, filtered, static'],
    [{ State: null, Origin: null }, '0.0.0.0/0 -> internet-gateway igw-1, active, static'],
    [{ Origin: 'CreateRouteTable' }, '0.0.0.0/0 -> internet-gateway igw-1, active, table'],
    [{ Origin: 'EnableVgwRoutePropagation' }, '0.0.0.0/0 -> internet-gateway igw-1, active, propagated'],
    [{ Origin: 'Advertisement' }, '0.0.0.0/0 -> internet-gateway igw-1, active, propagated'],
    [{ Origin: null, GatewayId: 'local' }, '0.0.0.0/0 -> local, active, table'],
  ] as const;
  for (const [members, expected] of cases) {
    test(JSON.stringify(members), () => {
      const network = load({
        RouteTables: [routeTable({ Routes: [{ ...anywhere, GatewayId: 'igw-1', ...members }] })],
      });
      expect(network.routeTables[0]?.routes.map(line)).toEqual([expected]);
      expect(problemsOf(network)).toEqual([]);
    });
  }
});

describe('routes that cannot be read cost only themselves', () => {
  const cases = [
    [
      { ...anywhere, DestinationCidrBlock: '10.0.0.0/33', GatewayId: 'igw-1' },
      'prefix "10.0.0.0/33": length 33 is over 32',
      '/DestinationCidrBlock',
      '? -> internet-gateway igw-1, active, static',
    ],
    [
      { GatewayId: 'igw-1', State: 'active' },
      'route without a destination',
      '',
      '? -> internet-gateway igw-1, active, static',
    ],
    [{ ...anywhere, GatewayId: 7 }, 'GatewayId is 7, not a text', '/GatewayId', '? -> unrecognised , active, static'],
    ['x', 'record is "x", not an object', '', '? -> unrecognised , active, static'],
    [
      { ...anywhere, GatewayId: 'igw-1', State: 'asleep' },
      'route state "asleep" is not known',
      '/State',
      '0.0.0.0/0 -> unrecognised state asleep, active, static',
    ],
  ] as const;
  for (const [route, what, pointer, expected] of cases) {
    test(what, () => {
      const good = { ...anywhere, DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' };
      const network = load({ RouteTables: [routeTable({ Routes: [route, good] })] });
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#/RouteTables/0/Routes/0${pointer}`]);
      expect(network.routeTables[0]?.routes.map(line)).toEqual([expected, '10.0.0.0/16 -> local, active, static']);
      expect(listsOf(network)).toEqual(['routeTables complete']);
    });
  }

  test('an unreadable destination is a fact that the snapshot lacks', () => {
    const network = load({ RouteTables: [routeTable({ Routes: [{ GatewayId: 'igw-1' }] })] });
    const fact = { key: 'route:rtb-1/0', what: 'what route 0 of rtb-1 matches could not be read' };
    expect(network.facts).toMatchObject([fact]);
    expect(network.routeTables[0]?.routes[0]?.destination).toMatchObject({ kind: 'unreadable', fact });
  });

  test('an origin that nobody knows is a warning', () => {
    const network = load({
      RouteTables: [routeTable({ Routes: [{ ...anywhere, GatewayId: 'igw-1', Origin: 'Magic' }] })],
    });
    expect(problemsOf(network)).toEqual([
      'warning route origin "Magic" is not known at snapshot.json#/RouteTables/0/Routes/0/Origin',
    ]);
  });

  for (const routes of [undefined, 'x']) {
    test(`routes that are ${routes === undefined ? 'missing' : 'no list'} may be any`, () => {
      const network = load({ RouteTables: [routeTable({ Routes: routes })] });
      expect(network.problems).toMatchObject([{ severity: 'error', origin: { pointer: '/RouteTables/0/Routes' } }]);
      expect(network.routeTables[0]?.routes.map(line)).toEqual(['? -> unrecognised , active, static']);
    });
  }
});

describe('associations', () => {
  test('main, subnets and gateways (RT-15)', () => {
    const associations = [
      { Main: true },
      { Main: false, SubnetId: 'subnet-2', AssociationState: { State: 'associated' } },
      { SubnetId: 'subnet-1' },
      { SubnetId: 'subnet-3', AssociationState: { State: 'disassociated' } },
      { SubnetId: 'subnet-4', AssociationState: { State: 'failed' } },
      { GatewayId: 'igw-1' },
    ];
    const network = load({ RouteTables: [routeTable({ Associations: associations })] });
    expect(network.routeTables[0]).toMatchObject({
      isMain: true,
      subnetIds: ['subnet-2', 'subnet-1'],
      gatewayIds: ['igw-1'],
    });
    expect(problemsOf(network)).toEqual([]);
  });

  for (const [association, what] of [
    [{ SubnetId: 7 }, 'SubnetId is 7, not a text'],
    [{}, 'association with neither subnet, gateway nor Main'],
  ] as const) {
    test(`one that cannot be read may be any subnet’s: ${what}`, () => {
      const network = load({ RouteTables: [routeTable({ Associations: [association] })] });
      expect(network.problems).toMatchObject([{ what, severity: 'error' }]);
      expect(listsOf(network)).toEqual(['routeTables cut off']);
      expect(network.facts).toMatchObject([{ key: 'associations:rtb-1' }]);
    });
  }
});
