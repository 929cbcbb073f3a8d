/** Egress-only internet gateways: IPv6 outwards and the answers to it, nothing else (NAT-11). */

import { wholeFamily } from '../net/prefix.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { internetDestinationRules } from './internet-rules.ts';
import { intoInternet } from './internet-stages.ts';
import { targetOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { SOURCE } from './rule-table.ts';
import {
  FILTER,
  FORGETS_SENDER,
  GATEWAY_IN,
  GATEWAY_OUT,
  NEEDS_REQUEST,
  type StageId,
  stage,
  TRACKS_ALWAYS,
} from './stage.ts';
import { deliverInVpc } from './vpc-stages.ts';

export function eigwPlace(b: GraphBuilder, id: string): number {
  const name = b.network.egressOnlyGateways[b.names.egressOnlyGateway.get(id) ?? NONE]?.name ?? null;
  return b.place({ kind: 'egress-only-gateway', id, name });
}

export function leaveByEgressOnlyGateway(b: GraphBuilder, vpc: number, id: string): StageId {
  const index = b.names.egressOnlyGateway.get(id) ?? NONE;
  const place = eigwPlace(b, id);
  if (index === NONE) {
    return b.unknown(place, 'route', targetOf('egress-only gateway', id, 'ec2 describe-egress-only-internet-gateways'));
  }
  if (!isAttached(b, index, vpc)) {
    return b.drop(place, 'gateway-check', 'BAD_STATE_ATTACHMENT', 'the gateway is not attached to the VPC');
  }
  return b.once(`egress only ${index} out`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: checkRules(b, id, SOURCE, [
        allowLine('IPv6', [wholeFamily(6)]),
        denyLine('egress-only gateways carry IPv6 only (NAT-11)', 'PROTOCOL_RESTRICTION', null),
      ]),
      next: b.once(`egress only ${index} destinations`, () =>
        stage(FILTER, 'gateway-check', place, {
          rules: internetDestinationRules(b, id),
          next: b.once(`egress only ${index} flow`, () =>
            stage(GATEWAY_OUT, 'gateway-check', place, {
              host: b.gateway({ kind: 'egress-only', index }),
              next: intoInternet(b),
              effects: TRACKS_ALWAYS | FORGETS_SENDER | NEEDS_REQUEST,
              code: 'NO_POSSIBLE_DESTINATION',
              text: 'the answer leaves by another gateway than the request came in by, like a subnet without a route back',
            }),
          ),
        }),
      ),
    }),
  );
}

function isAttached(b: GraphBuilder, index: number, vpc: number): boolean {
  const { id } = b.network.vpcs[vpc]!;
  return b.network.egressOnlyGateways[index]!.attachments.some(
    ({ vpcId, state }) => vpcId === id && (state === 'attached' || state === 'available'),
  );
}

/** Egress-only gateways that serve a VPC. */
export function egressOnlyGatewaysOf(b: GraphBuilder, vpc: number): readonly number[] {
  return b.names.egressOnlyGatewaysOfVpc[vpc]!.filter((index) => isAttached(b, index, vpc));
}

/** IPv6 from the internet: an answer to a flow that left by this gateway, else whatever comes next. */
export function answersThroughEgressOnly(b: GraphBuilder, index: number, vpc: number, otherwise: StageId): StageId {
  return b.once(`egress only ${index} answers`, () =>
    stage(GATEWAY_IN, 'gateway-check', eigwPlace(b, b.network.egressOnlyGateways[index]!.id), {
      host: b.gateway({ kind: 'egress-only', index }),
      next: deliverInVpc(b, vpc),
      otherwise,
      effects: TRACKS_ALWAYS | FORGETS_SENDER,
    }),
  );
}
