/** References between transit gateways, what hangs on them, and what leads out of AWS. */

import type { Kind } from '../model/network.ts';
import type { Origin } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import type { TransitGatewayAttachment, TransitGatewayRouteTable } from '../model/transit-gateway.ts';
import type { Records } from './records.ts';

/** Reports what is missing, where a whole list should hold it. */
export interface Expectations {
  readonly expect: (from: Resource, kind: Kind, id: string | null, member: string | null, origin?: Origin) => void;
  /** Whether a list says by its folders that it speaks for this account and region. */
  readonly hasListOf: (kind: Kind, account: string | null, region: string | null) => boolean;
}

const ATTACHED_KINDS = new Map<TransitGatewayAttachment['attached']['kind'], Kind>([
  ['vpc', 'vpcs'],
  ['vpn', 'vpnConnections'],
  ['direct-connect-gateway', 'directConnectGateways'],
]);

export function checkTransitReferences(records: Records, expectations: Expectations): void {
  for (const attachment of records.transitGatewayAttachments) checkAttachment(attachment, expectations);
  const attachmentIds = new Set(records.transitGatewayAttachments.map(({ attachmentId }) => attachmentId));
  for (const table of records.transitGatewayRouteTables) checkTable(table, attachmentIds, expectations);
  checkHybrid(records, expectations);
  for (const exclusion of records.blockPublicAccessExclusions) {
    if (exclusion.state !== 'create-complete' && exclusion.state !== 'update-complete') continue;
    expectations.expect(exclusion, 'vpcs', exclusion.vpcId, 'ResourceArn');
    expectations.expect(exclusion, 'subnets', exclusion.subnetId, 'ResourceArn');
  }
}

/** TGW-10: others may name what is gone. */
function forwards({ state }: { readonly state: string }): boolean {
  return state === 'available' || state === 'modifying';
}

/** What an account other than the gateway's owns is in lists of that account only. */
function checkAttachment(attachment: TransitGatewayAttachment, { expect, hasListOf }: Expectations): void {
  if (!forwards(attachment)) return;
  const { attached, association, region, vpc } = attachment;
  expect(attachment, 'transitGateways', attachment.transitGatewayId, null);
  const owner = { ...attachment, account: attached.account ?? null };
  const isOwn = (kind: Kind, account: string | null): boolean =>
    attached.account === attachment.account || hasListOf(kind, account, region);
  if (association.kind === 'table' && isOwn('transitGatewayRouteTables', attachment.account)) {
    expect(attachment, 'transitGatewayRouteTables', association.id, 'Association');
  }
  const kind = ATTACHED_KINDS.get(attached.kind);
  if (kind !== undefined && isOwn(kind, owner.account)) expect(owner, kind, attached.id, null);
  if (!isOwn('subnets', owner.account)) return;
  for (const subnetId of vpc?.subnetIds ?? []) expect(owner, 'subnets', subnetId, null);
}

function checkTable(
  table: TransitGatewayRouteTable,
  attachmentIds: ReadonlySet<string>,
  { expect }: Expectations,
): void {
  if (!forwards(table)) return;
  expect(table, 'transitGateways', table.transitGatewayId, 'TransitGatewayId');
  const missing = new Set<string>();
  const expectAttachment = (id: string, origin: Origin): void => {
    if (attachmentIds.has(id) || missing.has(id)) return;
    missing.add(id);
    expect(table, 'transitGatewayAttachments', id, null, origin);
  };
  for (const { destination, attachmentIds: ids, origin } of [
    ...(table.staticRoutes ?? []),
    ...(table.propagatedRoutes ?? []),
  ]) {
    if (destination.kind === 'prefix-list') expect(table, 'prefixLists', destination.id, null, origin);
    for (const id of ids) expectAttachment(id, origin);
  }
  for (const id of table.propagatingIds ?? []) expectAttachment(id, table.origin);
}

function checkHybrid(records: Records, { expect }: Expectations): void {
  for (const gateway of records.virtualPrivateGateways) {
    for (const { vpcId, state } of gateway.attachments) {
      if (state === 'attached' || state === 'available') expect(gateway, 'vpcs', vpcId, 'VpcAttachments');
    }
  }
  for (const connection of records.vpnConnections) {
    if (!forwards(connection)) continue;
    expect(connection, 'virtualPrivateGateways', connection.virtualPrivateGatewayId, 'VpnGatewayId');
    expect(connection, 'transitGateways', connection.transitGatewayId, 'TransitGatewayId');
  }
  for (const association of records.directConnectAssociations) {
    if (association.state !== 'associated') continue;
    expect(association, 'directConnectGateways', association.directConnectGatewayId, null);
  }
  for (const each of records.virtualInterfaces) {
    if (each.state === 'available') expect(each, 'virtualPrivateGateways', each.virtualPrivateGatewayId, null);
  }
}
