/**
 * What a packet meets at an interface (W1 to W5, NACL-27).
 *
 *     leaving:   source/dest check -> own address? -> unfiltered services -> groups out -> same subnet? -> subnet
 *     entering:  groups in -> delivered; brought by a route: groups in -> source/dest check -> delivered, or to the appliance
 *                that runs there
 */

import type { NetworkInterface } from '../model/network-interface.ts';
import { open } from './assumption.ts';
import { exemptServices } from './exempt-stages.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { groupRules } from './group-rules.ts';
import { identitiesSeenFrom } from './identity.ts';
import { interfaceName } from './interface-name.ts';
import { buildLookup, EMPTY_LOOKUP } from './lookup.ts';
import { applianceAt, targetOf } from './missing-facts.ts';
import type { Direction } from './nacl-rules.ts';
import { NONE } from './names.ts';
import { natBehind, natEntrance } from './nat-stages.ts';
import { ownLookup } from './own-addresses.ts';
import { ownCheck } from './own-check.ts';
import { DESTINATION, type RuleTable, SOURCE } from './rule-table.ts';
import { insideService, isService, sentByService } from './service-interfaces.ts';
import {
  DELIVER,
  FILTER,
  FORGETS_SENDER,
  GROUPS,
  LEAVES_INTERFACE,
  LOOKUP,
  SILENT,
  type Stage,
  type StageId,
  stage,
} from './stage.ts';
import { lanLookup, leaveSubnet } from './subnet-stages.ts';

const MOST_INTERFACES = 64;

// There are as many of these stages as interfaces, so each kind is written by a function of its own and none by a closure.

function interfacePlace(b: GraphBuilder, index: number): number {
  return b.sharedOf('place of interface', index, addPlace);
}

function addPlace(b: GraphBuilder, index: number): number {
  const { id } = b.network.networkInterfaces[index]!;
  return b.addPlace({ kind: 'network-interface', id, name: interfaceName(b.network, b.names, index) });
}

/** Where a packet that this interface sends starts, whatever its source address. */
export function leaveInterface(b: GraphBuilder, index: number): StageId {
  if (!b.network.networkInterfaces[index]!.sourceDestCheck) return leaveAsItself(b, index);
  const broken = outOfService(b, index);
  if (broken !== null) return broken;
  return b.onceOf('check source', index, checkSource);
}

function checkSource(b: GraphBuilder, index: number): Stage {
  return stage(FILTER, 'source-dest-check', interfacePlace(b, index), {
    rules: ownCheck(b, index, SOURCE),
    next: leaveAsItself(b, index),
  });
}

/** The same for a packet whose source is the interface's own: the source/dest check has nothing to say. */
export function leaveAsItself(b: GraphBuilder, index: number): StageId {
  const broken = outOfService(b, index);
  if (broken !== null) return broken;
  const onward = b.onceOf('leave', index, hostStack);
  const { owner } = b.network.networkInterfaces[index]!;
  return isService(owner) ? sentByService(b, index, interfacePlace(b, index), onward) : onward;
}

function hostStack(b: GraphBuilder, index: number): Stage {
  const { id } = b.network.networkInterfaces[index]!;
  const text = 'its own address: the packet never leaves the host';
  return stage(LOOKUP, 'host', interfacePlace(b, index), {
    lookup: ownLookup(b, index),
    entries: [entry(delivered(b, index), { resource: id, rule: null, text, source: null }, { assumptions: open(28) })],
    next: b.onceOf('exempt', index, unfilteredServices),
  });
}

function unfilteredServices(b: GraphBuilder, index: number): Stage {
  const { lookup, entries } = exemptServices(b, index);
  return stage(LOOKUP, 'exempt', interfacePlace(b, index), {
    lookup,
    entries,
    next: groupsOut(b, index, 'groups out', judgeSent),
  });
}

function groupsOut(b: GraphBuilder, index: number, manner: string, judge: typeof judgeSent): StageId {
  return carriesNoGroups(b.network.networkInterfaces[index]!)
    ? onLan(b, b.names.subnetOfEni[index]!, interfacePlace(b, index))
    : b.onceOf(manner, index, judge);
}

function judgeSent(b: GraphBuilder, index: number): Stage {
  return judgeOut(b, index, 0);
}

/** SG-11: behind an appliance group references no longer match. */
function judgeForwarded(b: GraphBuilder, index: number): Stage {
  return judgeOut(b, index, FORGETS_SENDER);
}

function judgeOut(b: GraphBuilder, index: number, effects: number): Stage {
  const place = interfacePlace(b, index);
  const subnet = b.names.subnetOfEni[index]!;
  const rules = rulesOf(b, index, 'out');
  return stage(GROUPS, 'security-group-out', place, {
    rules,
    opposite: rulesOf(b, index, 'in'),
    identities: rules.hasGroups && subnet !== NONE ? identitiesSeenFrom(b, subnet) : EMPTY_LOOKUP,
    host: index,
    effects,
    next: onLan(b, subnet, place),
  });
}

function rulesOf(b: GraphBuilder, index: number, direction: Direction): RuleTable {
  const { id, groupIds } = b.network.networkInterfaces[index]!;
  if (groupIds.length === 0) return groupRules(b, groupIds, id, direction);
  return b.sharedOf(direction === 'in' ? 'group rules in' : 'group rules out', b.names.groupSets.ofEni[index]!, () =>
    groupRules(b, groupIds, id, direction),
  );
}

/** SG-22: interfaces of NAT gateways never carry groups, those of other services need not; without one nothing filters there. */
function carriesNoGroups(eni: NetworkInterface): boolean {
  return eni.groupIds.length === 0 && (eni.owner === 'nat-gateway' || isService(eni.owner));
}

/** Out of the interface: straight to a neighbour of the same subnet (RT-02, NACL-12), else to the subnet's border. */
export function onLan(b: GraphBuilder, subnet: number, place: number): StageId {
  if (subnet === NONE) {
    return b.unknown(place, 'route', targetOf('subnet', b.places[place]!.id, 'ec2 describe-subnets'));
  }
  return b.onceOf('lan', subnet, () => {
    const { id, name } = b.network.subnets[subnet]!;
    const { lookup, entries } = lanLookup(b, subnet);
    return stage(LOOKUP, 'deliver', b.place({ kind: 'subnet', id, name }), {
      lookup,
      entries,
      next: leaveSubnet(b, subnet),
      effects: LEAVES_INTERFACE,
    });
  });
}

/** Where a packet enters that reaches this interface because it has the destination address. */
export function enterInterface(b: GraphBuilder, index: number): StageId {
  return enter(b, index, delivered, 'groups in, addressed', judgeAddressed);
}

/** Where a packet enters that a route brought, whatever its destination address. */
export function enterByRoute(b: GraphBuilder, index: number): StageId {
  return enter(b, index, checkDestination, 'groups in, routed', judgeRouted);
}

function enter(
  b: GraphBuilder,
  index: number,
  behindGroups: typeof delivered,
  manner: string,
  judge: typeof judgeRouted,
): StageId {
  const eni = b.network.networkInterfaces[index]!;
  if (eni.owner === 'nat-gateway') {
    const nat = natBehind(b, eni);
    return nat === NONE
      ? b.unknown(
          interfacePlace(b, index),
          'translate',
          targetOf('NAT gateway of', eni.id, 'ec2 describe-nat-gateways'),
        )
      : natEntrance(b, nat);
  }
  const broken = outOfService(b, index);
  if (broken !== null) return broken;
  const inside = insideOf(b, index, behindGroups);
  return carriesNoGroups(eni) ? inside : b.onceOf(manner, index, judge);
}

function insideOf(b: GraphBuilder, index: number, behindGroups: typeof delivered): StageId {
  return isService(b.network.networkInterfaces[index]!.owner)
    ? insideService(b, index, interfacePlace(b, index))
    : behindGroups(b, index);
}

/** The same as a packet enters, for an answer that comes back to a service by no route. */
export function enterService(b: GraphBuilder, index: number): StageId {
  return enter(b, index, delivered, 'groups in, addressed', judgeAddressed);
}

/** Out of an interface, for what its own service sends. */
export function outOf(b: GraphBuilder, index: number): StageId {
  return groupsOut(b, index, 'groups out', judgeSent);
}

function judgeAddressed(b: GraphBuilder, index: number): Stage {
  return judgeIn(b, index, insideOf(b, index, delivered));
}

function judgeRouted(b: GraphBuilder, index: number): Stage {
  return judgeIn(b, index, insideOf(b, index, checkDestination));
}

function judgeIn(b: GraphBuilder, index: number, next: StageId): Stage {
  return stage(GROUPS, 'security-group-in', interfacePlace(b, index), {
    rules: rulesOf(b, index, 'in'),
    opposite: rulesOf(b, index, 'out'),
    host: index,
    next,
  });
}

/** RT-19: with the check on only the interface's own addresses enter; with it off, others are for the appliance behind it. */
function checkDestination(b: GraphBuilder, index: number): StageId {
  const eni = b.network.networkInterfaces[index]!;
  const place = interfacePlace(b, index);
  if (eni.sourceDestCheck) {
    return b.onceOf('check destination', index, () =>
      stage(FILTER, 'source-dest-check', place, {
        rules: ownCheck(b, index, DESTINATION),
        next: delivered(b, index),
      }),
    );
  }
  return b.onceOf('host', index, () =>
    stage(LOOKUP, 'host', place, {
      lookup: ownLookup(b, index),
      entries: [entry(delivered(b, index), null)],
      next: appliance(b, index, place),
    }),
  );
}

/** What runs behind an interface without source/dest check: nobody knows unless the asker says (NAT-10). */
function appliance(b: GraphBuilder, index: number, place: number): StageId {
  const { id } = b.network.networkInterfaces[index]!;
  switch (b.appliances.get(id)) {
    case 'forwards':
      return groupsOut(b, index, 'groups out of appliance', judgeForwarded);
    case 'drops':
      return b.drop(place, 'host', 'NO_POSSIBLE_DESTINATION', 'the appliance drops the packet, as assumed');
    default:
      return b.unknown(place, 'host', applianceAt(id));
  }
}

/** Arrived. The answer starts where the host sends it from. */
export function delivered(b: GraphBuilder, index: number): StageId {
  return b.onceOf('delivered', index, arrive);
}

function arrive(b: GraphBuilder, index: number): Stage {
  return stage(DELIVER, 'deliver', interfacePlace(b, index), {
    host: index,
    next: answersFrom(b, index),
    text: 'arrives',
  });
}

/**
 * By which interface a host answers. With one interface there is no question. With several it is surely this one when it is the
 * primary and the peer is on no other interface's subnet, or when the peer is on this interface's subnet alone. Everywhere else
 * the host's own routing has the say, and it is read to answer by the interface that was asked, as the images that AWS offers
 * are set up: by any other, the check of source addresses would refuse the answer (CT-18, OPEN-11).
 */
function answersFrom(b: GraphBuilder, index: number): StageId {
  const eni = b.network.networkInterfaces[index]!;
  const siblings = eni.instanceId === null ? [] : (b.names.enisOfInstance.get(eni.instanceId) ?? []);
  if (siblings.length < 2) return leaveAsItself(b, index);
  return b.onceOf('answers from', index, () => {
    const surely = entry(leaveAsItself(b, index), null);
    const read = entry(leaveAsItself(b, index), null, { assumptions: open(11) });
    // No instance type has as many; a record that claims more is not worth a table of its own for each of them.
    const prefixes = (siblings.length > MOST_INTERFACES ? [] : siblings).flatMap((sibling) => {
      const subnet = b.names.subnetOfEni[sibling]!;
      if (subnet === NONE) return [];
      const sharesSubnet = siblings.some((s) => s !== sibling && b.names.subnetOfEni[s] === subnet);
      const value = sibling === index && !sharesSubnet ? 0 : 1;
      return b.network.subnets[subnet]!.cidrs.map((cidr) => b.prefix(cidr, value));
    });
    const isPrimary = eni.deviceIndex === 0 && siblings.length <= MOST_INTERFACES;
    const everywhere = { ranks: { first: 0, last: b.space.size - 1 }, length: -1, value: isPrimary ? 0 : 1 };
    return stage(LOOKUP, 'host', interfacePlace(b, index), {
      lookup: buildLookup([everywhere, ...prefixes]),
      entries: [surely, read],
      next: leaveAsItself(b, index),
      effects: SILENT,
    });
  });
}

/** CMP-01: an interface that is not in use, or whose instance does not run, neither sends nor receives. */
function outOfService(b: GraphBuilder, index: number): StageId | null {
  const eni = b.network.networkInterfaces[index]!;
  if (eni.status !== 'in-use' && eni.status !== 'associated') {
    return b.drop(interfacePlace(b, index), 'host', 'BAD_STATE', `the interface is ${eni.status}, not in use`, {
      resource: eni.id,
      source: eni.origin,
    });
  }
  const instance = b.names.instanceOfEni[index]!;
  const state = instance === NONE ? 'running' : b.network.instances[instance]!.state;
  if (state === 'running') return null;
  return b.drop(interfacePlace(b, index), 'host', 'BAD_STATE', `instance ${eni.instanceId} is ${state}`, {
    resource: eni.instanceId!,
  });
}
