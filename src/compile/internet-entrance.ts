/** Behind an internet gateway, inwards: by its route table or by the VPC's local routes. */

import type { GraphBuilder } from './graph-builder.ts';
import { attachmentOf, gatewayPlace } from './internet-attachment.ts';
import { routesOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { intoSubnetOfDestination } from './public-access-stages.ts';
import { routesOfTable } from './route-choice.ts';
import { routeStage } from './route-stages.ts';
import { NO_STAGE, type StageId } from './stage.ts';
import { deliverInVpc } from './vpc-stages.ts';

/** Where packets go on that came in by the VPC's internet gateway; NO_STAGE where none is certainly attached. */
export function behindInternetGateway(b: GraphBuilder, vpc: number): StageId {
  const attachment = attachmentOf(b, vpc, null);
  return attachment.kind === 'attached'
    ? afterGateway(b, vpc, attachment.id, gatewayPlace(b, attachment.id))
    : NO_STAGE;
}

/** RT-15, OPEN-31: by the gateway's own route table if it has one, else straight to the subnet, if that is open to the internet. */
export function afterGateway(b: GraphBuilder, vpc: number, gateway: string, place: number): StageId {
  const index = b.names.routeTableOfGateway.get(gateway);
  if (index === undefined) return intoSubnetOfDestination(b, vpc, place, deliverInVpc(b, vpc));
  if (index === NONE) return b.unknown(place, 'route', routesOf(gateway));
  const routes = routesOfTable(b, b.network.routeTables[index]!);
  const by = { vpc, subnet: NONE, gateway: true, isPublic: true };
  return b.once(`igw table ${vpc}`, () => routeStage(b, routes, by, place));
}
