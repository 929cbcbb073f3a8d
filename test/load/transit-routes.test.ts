/** What the route tables of transit gateways say, and when that is known whole. */

import { describe, expect, test } from 'vitest';
import type { TransitGatewayRouteTable } from '../../src/model/transit-gateway.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import { load, loadFiles, problemsOf } from '../support/documents.ts';

const table = (id = 'tgw-rtb-1'): object => ({
  TransitGatewayRouteTableId: id,
  TransitGatewayId: 'tgw-1',
  State: 'available',
});
const tables = { TransitGatewayRouteTables: [table()] };

const route = (members: object = {}): object => ({
  DestinationCidrBlock: '10.2.0.0/16',
  TransitGatewayAttachments: [{ TransitGatewayAttachmentId: 'tgw-attach-2', ResourceId: 'vpc-2', ResourceType: 'vpc' }],
  Type: 'static',
  State: 'active',
  ...members,
});
const propagated = route({ DestinationCidrBlock: '10.3.0.0/16', Type: 'propagated' });

const collected = (Routes: unknown, members: object = {}): object => ({
  ...tables,
  TransitGatewayStaticRoutes: [
    { TransitGatewayRouteTableId: 'tgw-rtb-1', Routes, AdditionalRoutesAvailable: false, ...members },
  ],
});

/** `destination > attachments`, or null. */
function shown(routes: TransitGatewayRouteTable['staticRoutes']): readonly string[] | null {
  if (routes === null) return null;
  return routes.map(({ destination, state, attachmentIds }) => {
    const to = destination.kind === 'cidr' ? formatPrefix(destination.prefix) : destination.id;
    return `${to} > ${state === 'blackhole' ? 'blackhole' : attachmentIds.join()}`;
  });
}

const staticRoutesOf = (json: unknown, file?: string): readonly string[] | null =>
  shown(load(json, file).transitGatewayRouteTables[0]!.staticRoutes);

describe('static routes as the collector keeps them', () => {
  test('are those of their table', () => {
    const network = load(
      collected([
        route(),
        route({ DestinationCidrBlock: '10.2.9.0/24', State: 'blackhole', TransitGatewayAttachments: null }),
        route({ DestinationCidrBlock: '2001:db8::/32', TransitGatewayAttachments: [1, 2].map(attachmentNumber) }),
      ]),
    );
    expect(problemsOf(network)).toEqual([]);
    expect(network.transitGatewayRouteTables).toMatchObject([
      { id: 'tgw-rtb-1', transitGatewayId: 'tgw-1', propagatedRoutes: null, propagatingIds: null },
    ]);
    const [read] = network.transitGatewayRouteTables;
    expect(shown(read!.staticRoutes)).toEqual([
      '10.2.0.0/16 > tgw-attach-2',
      '10.2.9.0/24 > blackhole',
      '2001:db8::/32 > tgw-attach-1,tgw-attach-2',
    ]);
    expect(read!.staticRoutes![1]!.origin.pointer).toBe('/TransitGatewayStaticRoutes/0/Routes/1');
  });

  test('are none where the answer is empty, and not known where nothing was read', () => {
    expect(staticRoutesOf(collected([]))).toEqual([]);
    expect(staticRoutesOf(tables)).toBeNull();
  });

  const lost = [
    ['there are more', [route()], { AdditionalRoutesAvailable: true }, 'answer cut off: the table has more', 1],
    ['the answer goes on', [route()], { NextToken: 'more' }, 'answer cut off: NextToken is left over', 1],
    ['there is no list', null, {}, 'Routes is missing', 1],
    ['they are no list', 'all', {}, 'Routes is "all", not a list', 1],
    ['one is no record', [route(), 7], {}, 'record is 7, not an object', 1],
    ['one has no destination', [route({ DestinationCidrBlock: null })], {}, 'route without a destination', 1],
    ['one’s destination is none', [route({ DestinationCidrBlock: '10.2' })], {}, 'prefix "10.2"', 1],
    ['one’s state is not known', [route({ State: 'asleep' })], {}, 'route state "asleep" is not known', 1],
    ['one’s type is not known', [route({ Type: 'magic' })], {}, 'route type "magic" is not known', 1],
    ['one leads nowhere', [route({ TransitGatewayAttachments: [] })], {}, 'active route without an attachment', 1],
    [
      'one’s attachment has no id',
      [route({ TransitGatewayAttachments: [{}] })],
      {},
      'TransitGatewayAttachmentId is',
      1,
    ],
  ] as const;
  for (const [name, routes, members, what, count] of lost) {
    test(`are not known where ${name}`, () => {
      const network = load(collected(routes, members));
      expect(network.transitGatewayRouteTables[0]!.staticRoutes).toBeNull();
      expect(network.facts.map(({ key }) => key)).toEqual(['static-routes:tgw-rtb-1']);
      expect(network.problems).toHaveLength(count);
      expect(network.problems[0]).toMatchObject({ severity: 'error', what: expect.stringContaining(what) });
      expect(network.problems[0]!.origin.pointer).toMatch(/^\/TransitGatewayStaticRoutes\/0/);
    });
  }

  test('that come or go count as none, with a warning', () => {
    const network = load(collected([route({ State: 'pending' }), route({ State: 'deleted' })]));
    expect(network.transitGatewayRouteTables[0]!.staticRoutes).toEqual([]);
    expect(problemsOf(network)).toEqual([
      'warning route in state "pending", which counts as none at snapshot.json#/TransitGatewayStaticRoutes/0/Routes/0/State',
    ]);
  });

  test('to a prefix list are shown once for each of its entries, and are one route', () => {
    const toList = (DestinationCidrBlock: string): object => route({ DestinationCidrBlock, PrefixListId: 'pl-1' });
    expect(staticRoutesOf(collected([toList('10.8.0.0/16'), route(), toList('10.9.0.0/16')]))).toEqual([
      'pl-1 > tgw-attach-2',
      '10.2.0.0/16 > tgw-attach-2',
    ]);
  });

  test('of a table that is in no list of tables are a problem', () => {
    const network = load({ ...collected([route()]), TransitGatewayRouteTables: [table('tgw-rtb-2')] });
    expect(problemsOf(network)).toEqual([
      'error transit gateway route table "tgw-rtb-1" is in no list of route tables, so this is not used at snapshot.json#/TransitGatewayStaticRoutes/0',
    ]);
    expect(network.transitGatewayRouteTables[0]!.staticRoutes).toBeNull();
  });

  test('that two answers tell differently are a warning', () => {
    const network = loadFiles({ 'a.json': collected([route()]), 'b.json': collected([]) });
    expect(shown(network.transitGatewayRouteTables[0]!.staticRoutes)).toEqual(['10.2.0.0/16 > tgw-attach-2']);
    const other = loadFiles({
      'a.json': collected([route()]),
      'b.json': collected([route({ State: 'blackhole' }), route({ DestinationCidrBlock: '10.7.0.0/16' })]),
    });
    expect(other.problems).toMatchObject([{ severity: 'warning' }]);
    expect(other.problems[0]!.what).toContain('"tgw-rtb-1" is described differently');
  });
});

function attachmentNumber(i: number): object {
  return { TransitGatewayAttachmentId: `tgw-attach-${i}` };
}

describe('the plain answer of a search', () => {
  const answer = (Routes: unknown, members: object = {}): object => ({
    Routes,
    AdditionalRoutesAvailable: false,
    ...members,
  });
  const read = (file: string, json: object): ReturnType<typeof loadFiles> =>
    loadFiles({ 'tables.json': tables, [file]: json });
  const both = (file: string, json: object): readonly unknown[] => {
    const [only] = read(file, json).transitGatewayRouteTables;
    return [shown(only!.staticRoutes), shown(only!.propagatedRoutes)];
  };

  test('is of the table, and of the kind of route, that its file names', () => {
    expect(both('tgw-rtb-1-static.json', answer([route()]))).toEqual([['10.2.0.0/16 > tgw-attach-2'], null]);
    expect(both('propagated-tgw-rtb-1.json', answer([propagated]))).toEqual([null, ['10.3.0.0/16 > tgw-attach-2']]);
    expect(both('tgw-rtb-1.all.json', answer([]))).toEqual([[], []]);
    expect(problemsOf(read('tgw-rtb-1-static.json', answer([route()])))).toEqual([]);
  });

  test('is of the table that somebody put into it', () => {
    const json = answer([route()], { TransitGatewayRouteTableId: 'tgw-rtb-1' });
    expect(both('static.json', json)).toEqual([['10.2.0.0/16 > tgw-attach-2'], null]);
    expect(both('x/static.json', { status_code: 200, data: json })).toEqual([['10.2.0.0/16 > tgw-attach-2'], null]);
  });

  test('that does not say what was searched for is taken for what it shows, with a warning', () => {
    const network = read('tgw-rtb-1.json', answer([route()]));
    expect(shown(network.transitGatewayRouteTables[0]!.staticRoutes)).toEqual(['10.2.0.0/16 > tgw-attach-2']);
    expect(network.transitGatewayRouteTables[0]!.propagatedRoutes).toBeNull();
    expect(problemsOf(network)).toEqual([
      'warning the answer does not say what was searched for: it is taken for every static route of "tgw-rtb-1" at tgw-rtb-1.json#',
    ]);
    expect(both('tgw-rtb-1.json', answer([]))).toEqual([null, null]);
    expect(both('tgw-rtb-1.json', answer([propagated]))).toEqual([null, ['10.3.0.0/16 > tgw-attach-2']]);
  });

  test('is cut off where it says so, or goes on', () => {
    const more = answer([route()], { AdditionalRoutesAvailable: true });
    expect(both('tgw-rtb-1-static.json', more)).toEqual([null, null]);
    const paged = read('tgw-rtb-1-static.json', answer([route()], { NextToken: 'more' }));
    expect(paged.transitGatewayRouteTables[0]!.staticRoutes).toBeNull();
    expect(problemsOf(paged)).toEqual([
      'error list cut off: NextToken "more" is left over at tgw-rtb-1-static.json#/NextToken',
    ]);
  });

  test('that does not say which table it is about is a problem', () => {
    for (const json of [answer([]), { Routes: [route()] }]) {
      const network = read('routes.json', json);
      expect(problemsOf(network)).toEqual([
        'error Routes does not say of which transit gateway route table it is at routes.json#/Routes',
      ]);
      expect(network.transitGatewayRouteTables[0]!.staticRoutes).toBeNull();
    }
  });

  test('is no list of routes of other services', () => {
    const network = read('client-vpn.json', {
      Routes: [{ ClientVpnEndpointId: 'cvpn-1', DestinationCidr: '10.0.0.0/8' }],
    });
    expect(problemsOf(network)).toEqual([]);
    expect(network.unmodelled).toMatchObject([{ key: 'Routes', count: 1 }]);
  });
});

describe('propagations', () => {
  const propagation = (n: number, State: unknown = 'enabled'): object => ({ ...attachmentNumber(n), State });
  const collector = (list: unknown): object => ({
    ...tables,
    TransitGatewayPropagations: [
      { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayRouteTablePropagations: list },
    ],
  });
  const idsOf = (json: unknown): readonly string[] | null => load(json).transitGatewayRouteTables[0]!.propagatingIds;

  test('count while they are enabled (TGW-03)', () => {
    expect(idsOf(collector([propagation(1), propagation(2, 'disabled'), propagation(3, 'enabling')]))).toEqual([
      'tgw-attach-1',
    ]);
    expect(idsOf(collector([]))).toEqual([]);
    expect(idsOf(tables)).toBeNull();
  });

  const lost = [
    ['a state that nobody knows', [propagation(1, 'odd')], 'propagation state "odd" is not known'],
    ['no state', [propagation(1, null)], 'propagation without a state'],
    ['no list', null, 'TransitGatewayRouteTablePropagations is missing'],
    ['no attachment', [{ State: 'enabled' }], 'TransitGatewayAttachmentId is missing'],
  ] as const;
  for (const [name, list, what] of lost) {
    test(`with ${name} are not known`, () => {
      const network = load(collector(list));
      expect(network.transitGatewayRouteTables[0]!.propagatingIds).toBeNull();
      expect(network.facts.map(({ key }) => key)).toEqual(['propagations:tgw-rtb-1']);
      expect(network.problems).toMatchObject([{ severity: 'error', what }]);
    });
  }

  test('are read from the plain answer too, where something tells the table', () => {
    const answer = { TransitGatewayRouteTablePropagations: [propagation(1)] };
    const named = loadFiles({ 't.json': tables, 'propagations-tgw-rtb-1.json': answer });
    expect(named.transitGatewayRouteTables[0]!.propagatingIds).toEqual(['tgw-attach-1']);
    expect(problemsOf(named)).toEqual([]);
    const nameless = loadFiles({ 't.json': tables, 'propagations.json': answer });
    expect(problemsOf(nameless)).toEqual([
      'error TransitGatewayRouteTablePropagations does not say of which transit gateway route table it is at propagations.json#/TransitGatewayRouteTablePropagations',
    ]);
    const paged = loadFiles({ 't.json': tables, 'tgw-rtb-1.json': { ...answer, NextToken: 'more' } });
    expect(paged.transitGatewayRouteTables[0]!.propagatingIds).toBeNull();
  });
});

describe('references to prefix lists', () => {
  const reference = (members: object = {}): object => ({
    TransitGatewayRouteTableId: 'tgw-rtb-1',
    PrefixListId: 'pl-1',
    State: 'available',
    Blackhole: false,
    TransitGatewayAttachment: attachmentNumber(2),
    ...members,
  });
  const withReferences = (...references: readonly unknown[]): object => ({
    ...collected([route()]),
    TransitGatewayPrefixListReferences: references,
  });

  test('are static routes', () => {
    const drop = reference({ PrefixListId: 'pl-2', Blackhole: true, TransitGatewayAttachment: null });
    const json = withReferences(reference(), drop, reference({ PrefixListId: 'pl-3', State: 'pending' }));
    expect(staticRoutesOf(json)).toEqual(['10.2.0.0/16 > tgw-attach-2', 'pl-1 > tgw-attach-2', 'pl-2 > blackhole']);
  });

  test('that the search showed already are the same routes', () => {
    const json = {
      ...collected([route({ PrefixListId: 'pl-1' })]),
      TransitGatewayPrefixListReferences: [reference()],
    };
    expect(staticRoutesOf(json)).toEqual(['pl-1 > tgw-attach-2']);
    expect(problemsOf(load(json))).toEqual([]);
    const differing = { ...json, TransitGatewayPrefixListReferences: [reference({ Blackhole: true })] };
    expect(load(differing).problems).toMatchObject([{ severity: 'warning' }]);
  });

  test('make nothing whole: without a search the routes are not known', () => {
    expect(staticRoutesOf({ ...tables, TransitGatewayPrefixListReferences: [reference()] })).toBeNull();
  });

  for (const [name, bad] of [
    ['no table', reference({ TransitGatewayRouteTableId: null })],
    ['no attachment', reference({ TransitGatewayAttachment: null })],
    ['a state that nobody knows', reference({ State: 'odd' })],
  ] as const) {
    test(`with ${name} leave the routes unknown`, () => {
      const network = load(withReferences(bad));
      expect(network.transitGatewayRouteTables[0]!.staticRoutes).toBeNull();
      expect(network.facts.map(({ key }) => key)).toEqual(['static-routes:tgw-rtb-1']);
      expect(network.problems).toMatchObject([{ severity: 'error' }]);
    });
  }
});

describe('associations of a table', () => {
  const attachments = {
    ...tables,
    TransitGatewayVpcAttachments: [
      { ...attachmentNumber(1), TransitGatewayId: 'tgw-1', VpcId: 'vpc-1', State: 'available', SubnetIds: [] },
    ],
  };
  const answer = (State: string): object => ({ Associations: [{ ...attachmentNumber(1), State }] });

  test('tell which table an attachment asks', () => {
    const network = loadFiles({ 'a.json': attachments, 'tgw-rtb-1.json': answer('associated') });
    expect(network.transitGatewayAttachments[0]!.association).toEqual({ kind: 'table', id: 'tgw-rtb-1' });
    expect(problemsOf(network)).toEqual([]);
    const coming = loadFiles({ 'a.json': attachments, 'tgw-rtb-1.json': answer('associating') });
    expect(coming.transitGatewayAttachments[0]!.association).toEqual({ kind: 'unsaid' });
  });

  test('that contradict the attachment are a warning', () => {
    const own = {
      ...attachments,
      TransitGatewayAttachments: [
        {
          ...attachmentNumber(1),
          TransitGatewayId: 'tgw-1',
          ResourceType: 'vpc',
          ResourceId: 'vpc-1',
          State: 'available',
          Association: { TransitGatewayRouteTableId: 'tgw-rtb-2', State: 'associated' },
        },
      ],
    };
    const network = loadFiles({ 'a.json': own, 'tgw-rtb-1.json': answer('associated') });
    expect(network.transitGatewayAttachments[0]!.association).toEqual({ kind: 'table', id: 'tgw-rtb-2' });
    expect(network.problems).toMatchObject([{ severity: 'warning' }]);
  });

  test('without a table are a problem, and those of policy tables are not ours', () => {
    const network = loadFiles({ 'a.json': attachments, 'b.json': answer('associated') });
    expect(problemsOf(network)).toEqual([
      'error Associations does not say of which transit gateway route table it is at b.json#/Associations',
    ]);
    const policy = { Associations: [{ ...attachmentNumber(1), TransitGatewayPolicyTableId: 'tgw-ptb-1' }] };
    expect(problemsOf(loadFiles({ 'a.json': attachments, 'b.json': policy }))).toEqual([]);
  });
});

test('a route through an attachment that a whole list lacks is a warning', () => {
  const json = { ...collected([route()]), TransitGatewayAttachments: [] };
  expect(problemsOf(load(json))).toEqual([
    'warning "tgw-rtb-1" names transit gateway attachment "tgw-attach-2", which the snapshot lacks at snapshot.json#/TransitGatewayStaticRoutes/0/Routes/0',
  ]);
  expect(problemsOf(load(collected([route()])))).toEqual([]);
});
