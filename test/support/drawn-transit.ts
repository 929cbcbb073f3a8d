/** Transit gateways of a drawing: attachments, tables, peerings, and the VPN connections that end at them. */

import type { VpnConnection } from '../../src/model/hybrid.ts';
import type { Network } from '../../src/model/network.ts';
import type {
  Association,
  Attached,
  TransitGateway,
  TransitGatewayAttachment,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  VpcAttachmentOptions,
} from '../../src/model/transit-gateway.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import type { Drawing, VpcDrawing } from './drawing.ts';
import { type Home, homeOf, origin, prefixesOf, resource, textsOf } from './drawn-place.ts';
import type {
  AttachmentDrawing,
  TransitGatewayDrawing,
  TransitPeeringDrawing,
  TransitRoutes,
  TransitTableDrawing,
  VpnDrawing,
} from './transit-drawing.ts';

type Records = {
  -readonly [K in
    | 'transitGateways'
    | 'transitGatewayAttachments'
    | 'transitGatewayRouteTables'
    | 'vpnConnections']: Network[K][number][];
};
type Vpcs = ReadonlyMap<string, VpcDrawing>;

export function transitRecordsOf(drawing: Drawing, vpcs: Vpcs, home: Home): Records {
  const gateways = Object.entries(drawing.transitGateways ?? {});
  const peerings = Object.entries(drawing.transitPeerings ?? {});
  const propagating = new Map<string, string[]>();
  const propagate = (id: string, tables: readonly string[]): void => {
    for (const table of tables.map(tableId)) propagating.set(table, [...(propagating.get(table) ?? []), id]);
  };
  for (const [name, { attachments = {} }] of gateways) {
    for (const [attachment, { propagates = [name] }] of Object.entries(attachments)) {
      propagate(attachmentId(attachment), propagates);
    }
  }
  for (const [name, { ends = {} }] of peerings) {
    for (const { propagates = [] } of Object.values(ends)) propagate(attachmentId(name), propagates);
  }
  return {
    transitGateways: gateways.map(([name, gateway]) => gatewayOf(name, gateway)),
    transitGatewayAttachments: [
      ...gateways.flatMap(([name, gateway]) =>
        Object.entries(gateway.attachments ?? {}).map(([key, drawn]) => attachmentOf(key, drawn, name, gateway, vpcs)),
      ),
      ...peerings.flatMap(([name, peering]) => endsOf(name, peering, drawing.transitGateways ?? {})),
    ],
    transitGatewayRouteTables: gateways.flatMap(([name, gateway]) =>
      Object.entries({ [name]: {}, ...gateway.tables }).map(([key, drawn]) => {
        return tableOf(key, drawn, name, homeOf(gateway), propagating.get(tableId(key)) ?? []);
      }),
    ),
    vpnConnections: Object.entries(drawing.vpns ?? {}).map(([name, vpn]) => vpnOf(name, vpn, home)),
  };
}

function gatewayId(name: string): string {
  return `tgw-${name.toLowerCase()}`;
}

function tableId(name: string): string {
  return `tgw-rtb-${name.toLowerCase()}`;
}

function attachmentId(name: string): string {
  return `tgw-attach-${name.toLowerCase()}`;
}

function gatewayOf(name: string, drawing: TransitGatewayDrawing): TransitGateway {
  const { state = 'available', groups = false } = drawing;
  return { ...resource(gatewayId(name), homeOf(drawing), name), state, securityGroupReferencing: groups };
}

function attachmentOf(
  name: string,
  drawing: AttachmentDrawing,
  gateway: string,
  { account, region }: TransitGatewayDrawing,
  vpcs: Vpcs,
): TransitGatewayAttachment {
  const id = attachmentId(name);
  const vpcName = drawing.vpc ?? name;
  const vpc = vpcs.get(vpcName);
  return {
    ...resource(id, homeOf({ ...(account && { account }), ...(region && { region }) }), name),
    attachmentId: id,
    transitGatewayId: gatewayId(gateway),
    attached: drawing.to === undefined ? attachedVpc(vpcName, vpc) : attachedTo(drawing.to),
    state: drawing.state ?? 'available',
    association: associationOf(drawing.table, gateway),
    vpc: drawing.to === undefined ? optionsOf(name, drawing, vpc) : null,
  };
}

function attachedVpc(name: string, vpc: VpcDrawing | undefined): Attached {
  const account = vpc === undefined ? null : homeOf(vpc).account;
  return { kind: 'vpc', id: `vpc-${name.toLowerCase()}`, ...(account === null ? {} : { account }) };
}

function attachedTo(text: string): Attached {
  const [kind, id = null] = text.split(' ');
  return { kind: kind as Attached['kind'], id };
}

function associationOf(table: string | null | undefined, gateway: string): Association {
  if (table === null) return { kind: 'none' };
  return table === 'unsaid' ? { kind: 'unsaid' } : { kind: 'table', id: tableId(table ?? gateway) };
}

function optionsOf(name: string, drawing: AttachmentDrawing, vpc: VpcDrawing | undefined): VpcAttachmentOptions | null {
  if (drawing.subnets === null) return null;
  if (drawing.subnets === undefined && vpc === undefined) {
    throw new Error(`attachment "${name}": its VPC is not drawn, so name its subnets`);
  }
  const { applianceMode = false, ipv6 = false, groups = true } = drawing;
  const subnets = drawing.subnets ?? oneInEachZone(vpc ?? {});
  return {
    subnetIds: subnets.map((subnet) => `subnet-${subnet.toLowerCase()}`),
    applianceMode,
    ipv6,
    securityGroupReferencing: groups,
  };
}

function oneInEachZone({ subnets = {} }: VpcDrawing): readonly string[] {
  const first = new Map<string, string>();
  for (const [name, { zone }] of Object.entries(subnets)) if (!first.has(zone ?? '')) first.set(zone ?? '', name);
  return [...first.values()];
}

function endsOf(
  name: string,
  { from, to, state = 'available', ends = {} }: TransitPeeringDrawing,
  gateways: Readonly<Record<string, TransitGatewayDrawing>>,
): TransitGatewayAttachment[] {
  const id = attachmentId(name);
  const endOf = (near: string, far: string): TransitGatewayAttachment[] => {
    const gateway = gateways[near];
    if (gateway === undefined) return [];
    return [
      {
        ...resource(`${id}/${gatewayId(near)}`, homeOf(gateway), name),
        attachmentId: id,
        transitGatewayId: gatewayId(near),
        attached: { kind: 'peering', id: gatewayId(far) },
        state,
        association: associationOf(ends[near]?.table, near),
        vpc: null,
      },
    ];
  };
  return [...endOf(from, to), ...endOf(to, from)];
}

function tableOf(
  name: string,
  { state = 'available', routes = {}, learned, propagationsRead = true }: TransitTableDrawing,
  gateway: string,
  home: Home,
  propagating: readonly string[],
): TransitGatewayRouteTable {
  const id = tableId(name);
  return {
    ...resource(id, home, name),
    transitGatewayId: gatewayId(gateway),
    state,
    staticRoutes: routes === null ? null : routesOf(id, routes, 'static'),
    propagatedRoutes: learned === undefined ? null : routesOf(id, learned, 'propagated'),
    propagatingIds: propagationsRead ? propagating : null,
  };
}

function routesOf(table: string, routes: TransitRoutes, source: TransitGatewayRoute['source']): TransitGatewayRoute[] {
  return Object.entries(routes).map(([destination, targets], index) => {
    const isBlackhole = targets === 'blackhole';
    return {
      destination: destination.startsWith('pl-')
        ? { kind: 'prefix-list', id: destination }
        : { kind: 'cidr', prefix: parsePrefix(destination).prefix },
      state: isBlackhole ? 'blackhole' : 'active',
      source,
      attachmentIds: isBlackhole ? [] : textsOf(targets),
      origin: origin(`${table}/${source}/${index}`),
    };
  });
}

function vpnOf(name: string, { gateway, routes, state = 'available' }: VpnDrawing, home: Home): VpnConnection {
  return {
    ...resource(`vpn-${name.toLowerCase()}`, home, name),
    state,
    virtualPrivateGatewayId: null,
    transitGatewayId: gatewayId(gateway),
    customerGatewayId: null,
    staticRoutesOnly: routes !== undefined,
    staticRoutes: prefixesOf(routes),
  };
}
