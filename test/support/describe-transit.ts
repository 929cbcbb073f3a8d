/** Transit gateways, and the VPN connections that end at them, as `describe-*` answers. */

import type { Network } from '../../src/model/network.ts';
import type {
  Attached,
  TransitGatewayAttachment,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
} from '../../src/model/transit-gateway.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import { type Description, named } from './describe.ts';

export function describeTransit(network: Network): Description {
  const attachments = network.transitGatewayAttachments;
  return {
    TransitGateways: network.transitGateways.map((gateway) => ({
      TransitGatewayId: gateway.id,
      OwnerId: gateway.account,
      ...named(gateway),
      State: gateway.state,
      Options: { SecurityGroupReferencingSupport: enabled(gateway.securityGroupReferencing) },
    })),
    TransitGatewayAttachments: attachments.map(attachment),
    TransitGatewayVpcAttachments: attachments.flatMap(vpcAttachment),
    TransitGatewayRouteTables: network.transitGatewayRouteTables.map((table) => ({
      TransitGatewayRouteTableId: table.id,
      TransitGatewayId: table.transitGatewayId,
      ...named(table),
      State: table.state,
    })),
    TransitGatewayStaticRoutes: network.transitGatewayRouteTables.flatMap(searches),
    TransitGatewayPropagations: network.transitGatewayRouteTables.flatMap(({ id, propagatingIds }) =>
      propagatingIds === null ? [] : [{ TransitGatewayRouteTableId: id, ...propagations(propagatingIds) }],
    ),
    VpnConnections: network.vpnConnections.map((connection) => ({
      VpnConnectionId: connection.id,
      ...named(connection),
      State: connection.state,
      TransitGatewayId: connection.transitGatewayId,
      Options: { StaticRoutesOnly: connection.staticRoutesOnly },
      Routes: connection.staticRoutes.map((prefix) => ({
        DestinationCidrBlock: formatPrefix(prefix),
        State: 'available',
      })),
    })),
  };
}

function enabled(flag: boolean | null): 'enable' | 'disable' | null {
  return flag === null ? null : flag ? 'enable' : 'disable';
}

const TYPES: Readonly<Record<Attached['kind'], string>> = {
  vpc: 'vpc',
  vpn: 'vpn',
  'direct-connect-gateway': 'direct-connect-gateway',
  peering: 'peering',
  connect: 'connect',
  firewall: 'network-function',
  unrecognised: 'vpn-concentrator',
};

/** An association that nobody told is that of an attachment whose gateway another account owns. */
function attachment(record: TransitGatewayAttachment): object {
  const { attached, association, account } = record;
  return {
    TransitGatewayAttachmentId: record.attachmentId,
    TransitGatewayId: record.transitGatewayId,
    ...(association.kind !== 'unsaid' && { TransitGatewayOwnerId: account, ResourceOwnerId: account }),
    ResourceType: TYPES[attached.kind],
    ...(attached.id !== null && { ResourceId: attached.id }),
    State: record.state,
    ...named(record),
    ...(association.kind === 'table' && {
      Association: { TransitGatewayRouteTableId: association.id, State: 'associated' },
    }),
  };
}

function vpcAttachment({
  attachmentId,
  transitGatewayId,
  attached,
  state,
  vpc,
  ...record
}: TransitGatewayAttachment): object[] {
  if (vpc === null) return [];
  return [
    {
      TransitGatewayAttachmentId: attachmentId,
      TransitGatewayId: transitGatewayId,
      VpcId: attached.id,
      State: state,
      ...named(record),
      SubnetIds: vpc.subnetIds,
      Options: {
        ApplianceModeSupport: enabled(vpc.applianceMode),
        Ipv6Support: enabled(vpc.ipv6),
        SecurityGroupReferencingSupport: enabled(vpc.securityGroupReferencing),
      },
    },
  ];
}

/** Static routes as the search for them shows them. Propagated ones are searched for apart, in a file of their own. */
function searches({ id, staticRoutes }: TransitGatewayRouteTable): object[] {
  return staticRoutes === null ? [] : [{ TransitGatewayRouteTableId: id, Routes: staticRoutes.map(route) }];
}

/** The answers of searches for propagated routes, by the names of their files. */
export function describeLearnedRoutes({ transitGatewayRouteTables }: Network): Readonly<Record<string, object>> {
  return Object.fromEntries(
    transitGatewayRouteTables.flatMap(({ id, propagatedRoutes }) =>
      propagatedRoutes === null
        ? []
        : [[`${id}-propagated.json`, { TransitGatewayRouteTableId: id, Routes: propagatedRoutes.map(route) }]],
    ),
  );
}

function route({ destination, state, source, attachmentIds }: TransitGatewayRoute): object {
  return {
    ...(destination.kind === 'cidr'
      ? { DestinationCidrBlock: formatPrefix(destination.prefix) }
      : { PrefixListId: destination.id }),
    Type: source,
    State: state,
    TransitGatewayAttachments: attachmentIds.map((TransitGatewayAttachmentId) => ({ TransitGatewayAttachmentId })),
  };
}

function propagations(ids: readonly string[]): object {
  return {
    TransitGatewayRouteTablePropagations: ids.map((TransitGatewayAttachmentId) => ({
      TransitGatewayAttachmentId,
      State: 'enabled',
    })),
  };
}
