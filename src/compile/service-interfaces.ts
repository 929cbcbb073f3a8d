/** Interfaces of services: what lies behind their groups, and what they send by themselves. */

import type { InterfaceOwner } from '../model/network-interface.ts';
import { insideNode } from './balancer-stages.ts';
import { insideEndpoint, sentByEndpoint } from './endpoint-stages.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { delivered } from './interface-stages.ts';
import { notModelled } from './missing-facts.ts';
import { GATEWAY_IN, GATEWAY_OUT, SILENT, type StageId, stage } from './stage.ts';

/** What is known of them is that they are there. */
const NOT_MODELLED: ReadonlyMap<InterfaceOwner, string> = new Map([
  ['gateway-load-balancer', 'gateway load balancer'],
  ['gateway-load-balancer-endpoint', 'gateway load balancer endpoint'],
]);

/** Interfaces that only ask: what comes in that answers nothing is for nobody. */
const TAKES_ANSWERS_ONLY: ReadonlyMap<InterfaceOwner, string> = new Map([
  ['lambda', 'functions take no connection over the network; they are invoked (CMP-04)'],
  ['transit-gateway', 'nobody answers at the interface of a transit gateway attachment'],
]);

/** Nodes of balancers. */
const BALANCERS: ReadonlySet<InterfaceOwner> = new Set(['load-balancer', 'network-load-balancer']);

const SERVICES: ReadonlySet<InterfaceOwner> = new Set([
  'endpoint',
  ...BALANCERS,
  ...TAKES_ANSWERS_ONLY.keys(),
  ...NOT_MODELLED.keys(),
]);

/** Whether an interface belongs to a service; those of NAT gateways have stages of their own. */
export function isService(owner: InterfaceOwner): boolean {
  return SERVICES.has(owner);
}

/** Where a packet is that has passed the groups of a service's interface. */
export function insideService(b: GraphBuilder, index: number, place: number): StageId {
  const { id, owner } = b.network.networkInterfaces[index]!;
  if (BALANCERS.has(owner)) return insideNode(b, index, place);
  if (owner === 'endpoint') return insideEndpoint(b, index, place);
  const refusal = TAKES_ANSWERS_ONLY.get(owner);
  if (refusal === undefined) return b.unknown(place, 'host', notModelled(NOT_MODELLED.get(owner)!, id));
  const nobody = b.drop(place, 'host', 'NO_POSSIBLE_DESTINATION', refusal, { resource: id });
  return answersToService(b, index, place, nobody);
}

/** Answers to what the interface's own service sent arrive; everything else goes on. */
export function answersToService(b: GraphBuilder, index: number, place: number, otherwise: StageId): StageId {
  return b.onceOf('flows of service', index, () =>
    stage(GATEWAY_IN, 'host', place, {
      host: b.gateway({ kind: 'node', index }),
      next: delivered(b, index),
      otherwise,
      effects: SILENT,
    }),
  );
}

/** What a service sends by itself, as the health checks of a balancer: it knows the answers for answers. */
export function sentByService(b: GraphBuilder, index: number, place: number, onward: StageId): StageId {
  const { id, owner } = b.network.networkInterfaces[index]!;
  if (owner === 'endpoint') return sentByEndpoint(b, index, place);
  if (owner === 'transit-gateway') {
    return b.drop(place, 'host', 'NO_POSSIBLE_DESTINATION', 'a transit gateway sends nothing of its own', {
      resource: id,
    });
  }
  return b.onceOf('service sends', index, () =>
    stage(GATEWAY_OUT, 'host', place, { host: b.gateway({ kind: 'node', index }), next: onward, effects: SILENT }),
  );
}
