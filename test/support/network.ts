/** Turns a drawing (see `drawing.ts`) into a model `Network`, with all that AWS adds by itself. */

import type { InternetGateway, Peering, PeeringEnd } from '../../src/model/gateway.ts';
import type { Instance } from '../../src/model/instance.ts';
import { KINDS, type Kind, type ListRead, type Network } from '../../src/model/network.ts';
import type { PrefixList } from '../../src/model/prefix-list.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Route, RouteTable } from '../../src/model/route-table.ts';
import type { Subnet, Vpc } from '../../src/model/vpc.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import type { Prefix } from '../../src/net/prefix.ts';
import type { Drawing, PeeringDrawing, Routes, VpcDrawing } from './drawing.ts';
import { balancersOf, targetGroupsOf } from './drawn-balancers.ts';
import { type AclDraft, aclDraft, aclOf, groupOf } from './drawn-filters.ts';
import { instanceOf, interfaceOf, natInterfaceOf, natOf } from './drawn-interfaces.ts';
import { ACCOUNT, type Home, homeOf, origin, prefixesOf, REGION, resource, textsOf } from './drawn-place.ts';
import { transitRecordsOf } from './drawn-transit.ts';
import { routeOf } from './rule-text.ts';

/**
 * The network that a drawing shows. Every list is complete unless the drawing says otherwise, and speaks for the accounts and
 * regions of the VPCs drawn. Throws on a drawing that contradicts itself.
 */
export function networkOf(drawing: Drawing): Network {
  const vpcs = Object.entries(drawing.vpcs ?? {});
  if (drawing.vpc !== undefined) vpcs.unshift(['1', drawing]);
  const parts = vpcs.map(([name, vpc]) => partsOf(name, vpc));
  const [first = drawing] = vpcs.map(([, vpc]) => vpc);
  const home = homeOf(first);
  const whole: Records = {
    ...emptyRecords(),
    prefixLists: entriesOf(drawing.prefixLists).map(([name, prefixes]) => prefixListOf(name, prefixes, home)),
    peerings: entriesOf(drawing.peerings).map(([name, peering]) => peeringOf(name, peering, vpcs)),
    ...transitRecordsOf(drawing, new Map(vpcs), home),
  };
  for (const part of parts) {
    for (const kind of KINDS) (whole[kind] as Resource[]).push(...part[kind]);
  }
  for (const kind of KINDS) whole[kind] = recordsLeft(whole[kind], kind, drawing) as never;
  const places = [...vpcs.map(([, vpc]) => vpc), ...Object.values(drawing.transitGateways ?? {})].map(homeOf);
  const homes = new Map(places.map((place) => [JSON.stringify(place), place]));
  if (homes.size === 0) homes.set('', home);
  return { ...whole, lists: [...homes.values()].flatMap((place) => listsOf(whole, place, drawing)), ...NOTHING_WRONG };
}

const NOTHING_WRONG = { unmodelled: [], problems: [], facts: [] } as const;

type Records = { [K in Kind]: Network[K][number][] };
function emptyRecords(): Records {
  return Object.fromEntries(KINDS.map((kind) => [kind, []])) as unknown as Records;
}

function entriesOf<T>(named: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(named ?? {});
}

function recordsLeft(records: readonly Resource[], kind: Kind, drawing: Drawing): readonly Resource[] {
  if (drawing.unread?.includes(kind)) return [];
  const absent = new Set(drawing.absent);
  return records.filter(({ id }) => !absent.has(id)).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function listsOf(records: Records, home: Home, drawing: Drawing): ListRead[] {
  const read = KINDS.filter((kind) => !drawing.unread?.includes(kind));
  return read.map((kind) => ({
    kind,
    ...home,
    count: (records[kind] as readonly Resource[]).filter((r) => r.account === home.account && r.region === home.region)
      .length,
    complete: !drawing.incomplete?.includes(kind),
    origin: origin(kind),
  }));
}

function partsOf(name: string, drawing: VpcDrawing): Records {
  const key = name.toLowerCase();
  const vpcId = `vpc-${key}`;
  const home = homeOf(drawing);
  const cidrs = prefixesOf(drawing.vpc);
  const routing = { vpcId, home, cidrs, own: { igw: `igw-${key}`, eigw: `eigw-${key}` } };
  const dualStack = cidrs.some(({ address }) => address.family === 6);
  const parts = emptyRecords();

  parts.vpcs.push(vpcOf(vpcId, home, cidrs, drawing));
  if (drawing.igw) parts.internetGateways.push(internetGatewayOf(routing.own.igw, vpcId, home, drawing.igw));
  if (drawing.eigw) {
    parts.egressOnlyGateways.push({ ...resource(routing.own.eigw, home), attachments: [{ vpcId, state: 'attached' }] });
  }

  const tables = new Map<string, TableDraft>();
  tables.set(`rtb-main-${key}`, { routes: drawing.mainRoutes ?? {}, isMain: true, subnetIds: [], gatewayIds: [] });
  for (const [table, routes] of entriesOf(drawing.tables)) tables.set(`rtb-${table.toLowerCase()}`, tableDraft(routes));
  if (drawing.igwRoutes) {
    tables.set(`rtb-igw-${key}`, { ...tableDraft(drawing.igwRoutes), gatewayIds: [routing.own.igw] });
  }
  const acls = new Map<string, AclDraft>();
  acls.set(`acl-default-${key}`, { nacl: drawing.defaultNacl ?? {}, isDefault: true, subnetIds: [] });
  for (const [acl, nacl] of entriesOf(drawing.nacls)) acls.set(`acl-${acl.toLowerCase()}`, aclDraft(nacl));

  for (const [subnet, drawn] of entriesOf(drawing.subnets)) {
    const subnetKey = subnet.toLowerCase();
    const id = `subnet-${subnetKey}`;
    parts.subnets.push({
      ...resource(id, home, subnet),
      vpcId,
      cidrs: prefixesOf(drawn.cidr),
      availabilityZone: drawn.zone === undefined ? `${home.region}a` : drawn.zone,
      availabilityZoneId: drawn.zoneId ?? null,
      mapPublicIpOnLaunch: false,
      dns64: false,
    } satisfies Subnet);
    if (typeof drawn.routes === 'string') at(tables, drawn.routes).subnetIds.push(id);
    else if (drawn.routes) tables.set(`rtb-${subnetKey}`, { ...tableDraft(drawn.routes), subnetIds: [id] });
    if (typeof drawn.nacl === 'string') at(acls, drawn.nacl).subnetIds.push(id);
    else if (drawn.nacl) acls.set(`acl-${subnetKey}`, { ...aclDraft(drawn.nacl), subnetIds: [id] });
    else at(acls, `acl-default-${key}`).subnetIds.push(id);
  }
  for (const [id, draft] of tables) parts.routeTables.push(tableOf(id, draft, routing));
  for (const [id, draft] of acls) parts.networkAcls.push(aclOf(id, draft, vpcId, home, dualStack));

  const groups = entriesOf(drawing.groups);
  parts.securityGroups.push(groupOf(`default-${key}`, { in: [`all from sg-default-${key}`] }, vpcId, home, dualStack));
  for (const [group, drawn] of groups) parts.securityGroups.push(groupOf(group, drawn, vpcId, home, dualStack));
  const instances = new Map<string, Instance>();
  for (const [eni, drawn] of entriesOf(drawing.enis)) {
    const instance =
      drawn.instance === null || drawn.owner !== undefined ? null : `i-${(drawn.instance ?? eni).toLowerCase()}`;
    const first = instance === null || !instances.has(instance);
    if (instance !== null && first) instances.set(instance, instanceOf(instance, eni, drawn, vpcId, home));
    const deviceIndex = instance === null ? null : first ? 0 : 1;
    parts.networkInterfaces.push(interfaceOf(eni, drawn, { vpcId, key, home, instance, deviceIndex }));
  }
  parts.instances.push(...instances.values());
  for (const [nat, drawn] of entriesOf(drawing.nats)) {
    parts.natGateways.push(natOf(nat, drawn, vpcId, home));
    if (drawn.subnet !== undefined) parts.networkInterfaces.push(natInterfaceOf(nat, drawn, drawn.subnet, vpcId, home));
  }
  const balancing = balancersOf(drawing, vpcId, key, home);
  parts.loadBalancers.push(...balancing.balancers);
  parts.networkInterfaces.push(...balancing.nodes);
  parts.targetGroups.push(...targetGroupsOf(drawing, vpcId, home), ...balancing.classicGroups);
  return parts;
}

function at<T>(drafts: ReadonlyMap<string, T>, id: string): T {
  const draft = drafts.get(id);
  if (draft === undefined) throw new Error(`"${id}" is not drawn; there are ${[...drafts.keys()].join(', ')}`);
  return draft;
}

function vpcOf(id: string, home: Home, cidrs: readonly Prefix[], drawing: VpcDrawing): Vpc {
  return { ...resource(id, home), cidrs, isDefault: false, dnsSupport: drawing.dnsSupport ?? null };
}

function internetGatewayOf(id: string, vpcId: string, home: Home, state: boolean | string): InternetGateway {
  const attachments = state === 'detached' ? [] : [{ vpcId, state: state === true ? 'available' : String(state) }];
  return { ...resource(id, home), attachments };
}

interface TableDraft {
  readonly routes: Routes;
  readonly isMain: boolean;
  readonly subnetIds: string[];
  readonly gatewayIds: readonly string[];
}

function tableDraft(routes: Routes): TableDraft {
  return { routes, isMain: false, subnetIds: [], gatewayIds: [] };
}

interface Routing {
  readonly vpcId: string;
  readonly home: Home;
  readonly cidrs: readonly Prefix[];
  readonly own: { readonly igw: string; readonly eigw: string };
}

function tableOf(id: string, draft: TableDraft, { vpcId, home, cidrs, own }: Routing): RouteTable {
  const locals = cidrs.map(formatPrefix).filter((cidr) => !Object.hasOwn(draft.routes, cidr));
  const drawn: [string, string][] = locals.map((cidr) => [cidr, 'local']);
  for (const [destination, targets] of entriesOf(draft.routes)) {
    for (const target of textsOf(targets))
      drawn.push([destination, target.replace(/^(igw|eigw)\b(?!-)/, (word) => own[word as 'igw'])]);
  }
  const routes: Route[] = drawn.map(([destination, target], index) =>
    routeOf(destination, target, origin(`${id}/routes/${index}`)),
  );
  const { isMain, subnetIds, gatewayIds } = draft;
  return { ...resource(id, home), vpcId, isMain, subnetIds, gatewayIds, routes };
}

function prefixListOf(name: string, prefixes: readonly string[] | null, home: Home): PrefixList {
  const entries = prefixes === null ? null : prefixesOf(prefixes);
  return { ...resource(`pl-${name.toLowerCase()}`, home), listName: name, entries };
}

function peeringOf(name: string, drawing: PeeringDrawing, vpcs: readonly (readonly [string, VpcDrawing])[]): Peering {
  const endOf = (vpc: string): PeeringEnd => {
    const drawn = vpcs.find(([candidate]) => candidate === vpc)?.[1];
    const vpcId = `vpc-${vpc.toLowerCase()}`;
    if (drawn) return { vpcId, ...homeOf(drawn), cidrs: prefixesOf(drawn.vpc) };
    const { cidrs, account, region } = drawing.foreign ?? {};
    return { vpcId, account: account ?? ACCOUNT, region: region ?? REGION, cidrs: prefixesOf(cidrs) };
  };
  const requester = endOf(drawing.from);
  const { account, region } = requester;
  return {
    ...resource(`pcx-${name.toLowerCase()}`, { account, region }, name),
    state: drawing.state ?? 'active',
    requester,
    accepter: endOf(drawing.to),
  };
}
