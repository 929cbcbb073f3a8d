/**
 * Nodes of load balancers (W10, W11). A packet for a node is an answer to a flow that the node sent on, or is taken by a listener
 * and goes on to a target as a flow of its own.
 *
 *     front: groups in -> known flow? -> listener -> target picked, ends rewritten -> groups out -> the node's subnet
 *     back:  (the client's address was kept: the target's interface -> ACL in of the node's subnet ->) groups in -> known flow
 *            -> ends as they were -> groups out -> the node's subnet
 */

import type { Listener as ListenerRecord, LoadBalancer } from '../model/load-balancer.ts';
import { TCP, UDP } from '../net/protocol.ts';
import { wholeProtocol } from '../net/traffic.ts';
import { balancerOf, targetGroupOf } from './balancer-index.ts';
import { primaryAddress, type TargetAddress, usableTargets } from './balancer-targets.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { enterService, outOf } from './interface-stages.ts';
import { listenersOf, notModelled, pickedTarget, targetOf, targetsOf, zonesCrossed } from './missing-facts.ts';
import { NONE } from './names.ts';
import { CERTAIN, DESTINATION } from './rule-table.ts';
import { answersToService } from './service-interfaces.ts';
import {
  BALANCE,
  type BalancedTarget,
  DELIVER,
  type EntryOrigin,
  FILTER,
  GATEWAY_IN,
  type Listener,
  NO_WAY,
  SAME_PORT,
  type StageId,
  stage,
  TRACKS_ALWAYS,
} from './stage.ts';
import { aclOut, enterSubnetTo } from './subnet-stages.ts';

function balancerPlace(b: GraphBuilder, { id, balancerName }: LoadBalancer): number {
  return b.place({ kind: 'load-balancer', id, name: balancerName });
}

/** A packet that has passed the groups of a node; `place` is the node's interface. */
export function insideNode(b: GraphBuilder, eni: number, place: number): StageId {
  const balancer = balancerOf(b, eni);
  const { id, origin } = b.network.networkInterfaces[eni]!;
  if (balancer === null)
    return b.unknown(place, 'host', targetOf('load balancer of', id, 'elbv2 describe-load-balancers'));
  if (balancer.state !== 'active' && balancer.state !== 'active_impaired') {
    const text = `the load balancer is ${balancer.state}, not active`;
    return b.drop(place, 'host', 'BAD_STATE', text, { resource: balancer.id, source: balancer.origin });
  }
  if (balancer.kind === 'gateway') return b.unknown(place, 'host', notModelled('gateway load balancer', balancer.id));
  if (primaryAddress(b, eni) === undefined) {
    return b.drop(place, 'host', 'BAD_STATE', 'the node has no private IPv4 address', { resource: id, source: origin });
  }
  const known = b.onceOf('flows through node', eni, () =>
    stage(GATEWAY_IN, 'translate', balancerPlace(b, balancer), {
      host: b.gateway({ kind: 'balancer', index: eni }),
      next: outOf(b, eni),
      otherwise: listen(b, eni, balancer),
      effects: always(balancer),
    }),
  );
  return answersToService(b, eni, balancerPlace(b, balancer), known);
}

/** CT-07: network load balancers are on the list of what is always tracked. */
function always({ kind }: LoadBalancer): number {
  return kind === 'network' ? TRACKS_ALWAYS : 0;
}

function listen(b: GraphBuilder, eni: number, balancer: LoadBalancer): StageId {
  const place = balancerPlace(b, balancer);
  const { listeners } = balancer;
  if (listeners === null) return b.unknown(place, 'listener', listenersOf(balancer.id));
  return b.onceOf('listeners of node', eni, () =>
    stage(BALANCE, 'listener', place, {
      host: b.gateway({ kind: 'balancer', index: eni }),
      listeners: listeners.flatMap((listener) => listenersFor(b, eni, balancer, listener, place)),
      otherwise: withoutListener(b, balancer, place),
      effects: always(balancer),
    }),
  );
}

/** ELB-04; ELB-07: what is not TCP is nothing for a balancer that speaks HTTP, whatever its ports. */
function withoutListener(b: GraphBuilder, { id, kind, origin }: LoadBalancer, place: number): StageId {
  const text = 'no listener takes the protocol and port (ELB-04)';
  const nobody = b.drop(place, 'listener', 'ELBV2_LISTENERS_MISMATCH', text, { resource: id, source: origin });
  if (kind === 'network') return nobody;
  return b.once(`protocols of ${id}`, () =>
    stage(FILTER, 'listener', place, {
      rules: checkRules(b, id, DESTINATION, [
        allowLine('TCP', null, { traffic: [wholeProtocol(TCP)] }),
        denyLine('of this kind of load balancer’s protocols all go over TCP (ELB-07)', 'PROTOCOL_RESTRICTION', null),
      ]),
      next: nobody,
    }),
  );
}

const DATAGRAMS: ReadonlySet<string> = new Set(['UDP', 'QUIC']);
const BOTH: ReadonlySet<string> = new Set(['TCP_UDP', 'TCP_QUIC']);

/** ELB-07. */
function protocolsOf(listened: string): readonly number[] {
  if (BOTH.has(listened)) return [TCP, UDP];
  return DATAGRAMS.has(listened) ? [UDP] : [TCP];
}

function listenersFor(
  b: GraphBuilder,
  eni: number,
  balancer: LoadBalancer,
  listener: ListenerRecord,
  place: number,
): readonly Listener[] {
  const { protocol: listened, port } = listener;
  if (port === null) return [];
  const called = `${listened} ${port}`;
  const found: TargetAddress[] = [];
  const acrossZones: TargetAddress[] = [];
  const open: StageId[] = [];
  let why: 'empty' | 'zones' = 'empty';
  for (const arn of listener.targetGroupArns) {
    const group = targetGroupOf(b, arn);
    if (group === null) {
      open.push(b.unknown(place, 'listener', targetOf('target group', arn, 'elbv2 describe-target-groups')));
      continue;
    }
    if (group.targets === null) {
      open.push(b.unknown(place, 'listener', targetsOf(group.id)));
      continue;
    }
    const usable = usableTargets(b, balancer, eni, group, listened);
    found.push(...usable.targets);
    acrossZones.push(...usable.acrossZones);
    open.push(...usable.doubts.map((fact) => b.unknown(place, 'listener', fact)));
    open.push(...usable.functions.map((name) => intoFunction(b, eni, name)));
    if (usable.why === 'zones') why = 'zones';
  }
  if (listener.targetGroupArns.length === 0 && balancer.kind === 'application')
    open.push(answersItself(b, eni, balancer));
  const origin = (name: string): EntryOrigin => ({
    resource: balancer.id,
    rule: called,
    text: `listener ${called} sends it on to ${name}`,
    source: balancer.origin,
  });
  const without =
    why === 'zones'
      ? b.drop(
          place,
          'listener',
          'ELB_NOT_CROSSZONE',
          `listener ${called}: no target in a zone that this node serves (ELB-02, ELB-03)`,
          {
            resource: balancer.id,
            source: balancer.origin,
          },
        )
      : b.drop(place, 'listener', 'ELBV2_LISTENER_HAS_NO_TG', `listener ${called} has no target (ELB-04)`, {
          resource: balancer.id,
          source: balancer.origin,
        });
  const targets: BalancedTarget[] = [
    ...[...found, ...acrossZones].map((target) => balanced(b, eni, balancer, target, origin(target.name), place)),
    ...open.map((next) => notSent(next, origin('its end'))),
    ...(acrossZones.length > 0 && found.length + open.length === 0 ? [notSent(without, origin('no target'))] : []),
  ];
  const fact =
    acrossZones.length > 0
      ? b.fact(zonesCrossed(balancer.id))
      : targets.length > 1
        ? b.fact(pickedTarget(balancer.id, called))
        : CERTAIN;
  return protocolsOf(listened).map((protocol) => ({ protocol, port, targets, fact, without }));
}

function balanced(
  b: GraphBuilder,
  eni: number,
  balancer: LoadBalancer,
  target: TargetAddress,
  origin: EntryOrigin,
  place: number,
): BalancedTarget {
  const { address, port, subnet, keepsClient, assumptions, name } = target;
  const isBesides = subnet !== NONE && subnet === b.names.subnetOfEni[eni];
  return {
    // NACL-22: a classic balancer asks the ACL of its subnet even for a neighbour.
    next: balancer.kind === 'classic' && isBesides ? aclOut(b, subnet, outOf(b, eni)) : outOf(b, eni),
    address,
    rank: b.rank(address),
    port: port ?? SAME_PORT,
    keepsClient,
    returnWay: keepsClient ? b.wayToNode(eni, subnet, () => backToNode(b, eni, subnet)) : NO_WAY,
    hairpin: b.drop(
      place,
      'listener',
      'NO_POSSIBLE_DESTINATION',
      `${name} would be sent its own packet, which hosts do not take (ELB-09)`,
      {
        resource: balancer.id,
        source: balancer.origin,
      },
    ),
    assumptions,
    origin: keepsClient ? origin : { ...origin, text: `${origin.text}, from the node's own address` },
  };
}

/** A packet that stays what it is: its way on is not known, or ends here. */
function notSent(next: StageId, origin: EntryOrigin): BalancedTarget {
  return {
    next,
    address: null,
    rank: 0,
    port: SAME_PORT,
    keepsClient: true,
    returnWay: NO_WAY,
    hairpin: next,
    assumptions: 0,
    origin,
  };
}

/** ELB-19: a function is called by the balancer; the packet's way ends at the node, and the node answers. */
function intoFunction(b: GraphBuilder, eni: number, name: string): StageId {
  const place = b.place({ kind: 'aws-service', id: name, name: null });
  return b.once(`function ${name} of ${eni}`, () =>
    stage(DELIVER, 'deliver', place, { host: eni, next: outOf(b, eni), text: 'the function is called (ELB-19)' }),
  );
}

/** A listener that redirects or answers by itself: the connection ends at the node. */
function answersItself(b: GraphBuilder, eni: number, balancer: LoadBalancer): StageId {
  return b.onceOf('node answers', eni, () =>
    stage(DELIVER, 'deliver', balancerPlace(b, balancer), {
      host: eni,
      next: outOf(b, eni),
      text: 'answered by the balancer itself',
    }),
  );
}

/** ELB-13: an answer that kept its client's address goes from the target's subnet straight to the node's, without a route. */
function backToNode(b: GraphBuilder, eni: number, from: number): StageId {
  const subnet = b.names.subnetOfEni[eni]!;
  const inside = enterService(b, eni);
  if (subnet === NONE || subnet === from) return inside;
  const entered = enterSubnetTo(b, subnet, inside, 0);
  return from === NONE ? entered : aclOut(b, from, entered);
}
