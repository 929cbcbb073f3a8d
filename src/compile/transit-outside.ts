/** Transit gateways and the customer's side: VPN connections and Direct Connect gateways that hang on them (HYB-05). */

import type { TransitGatewayAttachment } from '../model/transit-gateway.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { DELIVER, type StageId, stage } from './stage.ts';
import { forwards } from './transit-index.ts';
import { askTable } from './transit-stages.ts';

/** HYB-05: over a VPN or Direct Connect to the customer's side. Answers are read to come back by the same attachment. */
export function intoOutside(b: GraphBuilder, attachment: TransitGatewayAttachment, place: number): StageId {
  const { id, attached, name } = attachment;
  const broken = brokenVpn(b, attachment, place);
  if (broken !== null) return broken;
  return b.once(`beyond ${id}`, () =>
    stage(DELIVER, 'deliver', b.place({ kind: 'on-premises', id: attached.id ?? id, name }), {
      next: enterByAttachment(b, attachment),
      text: 'leaves AWS: what happens behind the gateway is not AWS’s',
    }),
  );
}

function brokenVpn(b: GraphBuilder, { attached }: TransitGatewayAttachment, place: number): StageId | null {
  const connection = b.network.vpnConnections.find(({ id }) => id === attached.id);
  if (connection === undefined || connection.state === 'available') return null;
  const text = `VPN connection ${connection.id} is ${connection.state}`;
  return b.drop(place, 'gateway-check', 'TGW_BAD_STATE_VPN', text, {
    resource: connection.id,
    source: connection.origin,
  });
}

/** From the customer's side into the transit gateway. */
function enterByAttachment(b: GraphBuilder, attachment: TransitGatewayAttachment): StageId {
  return askTable(b, b.network.transitGatewayAttachments.indexOf(attachment), null);
}

/** Where packets from the customer's side enter by attachments, by the id of the attachment and of what hangs on it. */
export function transitEntrancesFromOutside(b: GraphBuilder): ReadonlyMap<string, StageId> {
  const entrances = new Map<string, StageId>();
  for (const attachment of b.network.transitGatewayAttachments) {
    const { attached, attachmentId, state } = attachment;
    if ((attached.kind !== 'vpn' && attached.kind !== 'direct-connect-gateway') || !forwards(state)) continue;
    const entrance = enterByAttachment(b, attachment);
    entrances.set(attachmentId, entrance);
    // One Direct Connect gateway may hang on several transit gateways: then its id does not say by which one.
    if (attached.id !== null) {
      if (entrances.has(attached.id)) entrances.delete(attached.id);
      else entrances.set(attached.id, entrance);
    }
  }
  return entrances;
}
