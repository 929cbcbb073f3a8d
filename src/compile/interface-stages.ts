/**
 * What a packet meets at an interface (W1 to W5, NACL-27).
 *
 *     leaving:   source/dest check -> own address? -> unfiltered services -> groups out -> same subnet? -> subnet
 *     entering:  groups in -> delivered; brought by a route: groups in -> source/dest check -> delivered, or to the appliance
 *                that runs there
 */

import type { NetworkInterface } from '../model/network-interface.ts';
import { open } from './assumption.ts';
import { answersToNode, insideNode, sentByNode } from './balancer-stages.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import { insideEndpoint, sentByEndpoint } from './endpoint-stages.ts';
import { exemptServices } from './exempt-stages.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { groupRules } from './group-rules.ts';
import { identitiesSeenFrom } from './identity.ts';
import { buildLookup, EMPTY_LOOKUP, type Lookup } from './lookup.ts';
import { applianceAt, notModelled, targetOf } from './missing-facts.ts';
import type { Direction } from './nacl-rules.ts';
import { NONE } from './names.ts';
import { natBehind, natEntrance } from './nat-stages.ts';
import { leadingTo, ownAddresses } from './own-addresses.ts';
import { DESTINATION, type RuleTable, SOURCE } from './rule-table.ts';
import {
  DELIVER,
  FILTER,
  FORGETS_SENDER,
  GROUPS,
  LEAVES_INTERFACE,
  LOOKUP,
  SILENT,
  type StageId,
  stage,
} from './stage.ts';
import { lanLookup, leaveSubnet } from './subnet-stages.ts';

/** An interface of anything that is no host of its own: who answers there is decided elsewhere. */
const SERVICES: ReadonlyMap<NetworkInterface['owner'], string> = new Map([
  ['gateway-load-balancer', 'gateway load balancer'],
  ['gateway-load-balancer-endpoint', 'gateway load balancer endpoint'],
]);

/** Interfaces that only answer, or only ask: what comes in that answers nothing is for nobody (CMP-04). */
const TAKES_ANSWERS_ONLY: ReadonlyMap<NetworkInterface['owner'], string> = new Map([
  ['lambda', 'functions take no connection over the network; they are invoked (CMP-04)'],
  ['transit-gateway', 'nobody answers at the interface of a transit gateway attachment'],
]);

/** Interfaces that are nodes of balancers. */
const BALANCERS: ReadonlySet<NetworkInterface['owner']> = new Set(['load-balancer', 'network-load-balancer']);

const MOST_INTERFACES = 64;

function interfacePlace(b: GraphBuilder, index: number): number {
  return b.sharedOf('place of interface', index, () => {
    const eni = b.network.networkInterfaces[index]!;
    const instance = b.names.instanceOfEni[index]!;
    const name = (instance === NONE ? null : b.network.instances[instance]!.name) ?? eni.name;
    return b.place({ kind: 'network-interface', id: eni.id, name });
  });
}

/** Where a packet that this interface sends starts, whatever its source address. */
export function leaveInterface(b: GraphBuilder, index: number): StageId {
  if (!b.network.networkInterfaces[index]!.sourceDestCheck) return leaveAsItself(b, index);
  const broken = outOfService(b, index);
  if (broken !== null) return broken;
  return b.onceOf('check source', index, () =>
    stage(FILTER, 'source-dest-check', interfacePlace(b, index), {
      rules: checkRulesOf(b, index, SOURCE),
      next: leaveAsItself(b, index),
    }),
  );
}

/** The same for a packet whose source is the interface's own: the source/dest check has nothing to say. */
export function leaveAsItself(b: GraphBuilder, index: number): StageId {
  const broken = outOfService(b, index);
  if (broken !== null) return broken;
  const place = interfacePlace(b, index);
  const onward = leaveHost(b, index, place);
  const { owner } = b.network.networkInterfaces[index]!;
  if (owner === 'endpoint') return sentByEndpoint(b, index, place);
  const remembers = BALANCERS.has(owner) || TAKES_ANSWERS_ONLY.has(owner);
  return remembers ? sentByNode(b, index, place, onward) : onward;
}

function leaveHost(b: GraphBuilder, index: number, place: number): StageId {
  const { id } = b.network.networkInterfaces[index]!;
  const text = 'its own address: the packet never leaves the host';
  return b.onceOf('leave', index, () =>
    stage(LOOKUP, 'host', place, {
      lookup: ownLookup(b, index),
      entries: [
        entry(delivered(b, index), { resource: id, rule: null, text, source: null }, { assumptions: open(28) }),
      ],
      next: unfilteredServices(b, index, place),
    }),
  );
}

function unfilteredServices(b: GraphBuilder, index: number, place: number): StageId {
  return b.onceOf('exempt', index, () => {
    const { lookup, entries } = exemptServices(b, index);
    return stage(LOOKUP, 'exempt', place, { lookup, entries, next: groupsOut(b, index, place, 0) });
  });
}

function groupsOut(b: GraphBuilder, index: number, place: number, effects: number): StageId {
  const eni = b.network.networkInterfaces[index]!;
  const subnet = b.names.subnetOfEni[index]!;
  if (carriesNoGroups(eni)) return onLan(b, subnet, place);
  return b.onceOf(effects === 0 ? 'groups out' : 'groups out of appliance', index, () => {
    const rules = rulesOf(b, index, 'out');
    return stage(GROUPS, 'security-group-out', place, {
      rules,
      opposite: rulesOf(b, index, 'in'),
      identities: rules.hasGroups && subnet !== NONE ? identitiesSeenFrom(b, subnet) : EMPTY_LOOKUP,
      host: index,
      effects,
      next: onLan(b, subnet, place),
    });
  });
}

function rulesOf(b: GraphBuilder, index: number, direction: Direction): RuleTable {
  const { id, groupIds } = b.network.networkInterfaces[index]!;
  if (groupIds.length === 0) return groupRules(b, groupIds, id, direction);
  return b.sharedOf(direction === 'in' ? 'group rules in' : 'group rules out', b.names.groupSets.ofEni[index]!, () =>
    groupRules(b, groupIds, id, direction),
  );
}

const WITHOUT_GROUPS: ReadonlySet<NetworkInterface['owner']> = new Set([
  'nat-gateway',
  'endpoint',
  ...BALANCERS,
  ...SERVICES.keys(),
  ...TAKES_ANSWERS_ONLY.keys(),
]);

/** SG-22: interfaces of NAT gateways never carry groups, those of other services need not; without one nothing filters there. */
function carriesNoGroups(eni: NetworkInterface): boolean {
  return eni.groupIds.length === 0 && WITHOUT_GROUPS.has(eni.owner);
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
  return enter(b, index, () => delivered(b, index), 'groups in, addressed');
}

/** Where a packet enters that a route brought, whatever its destination address. */
export function enterByRoute(b: GraphBuilder, index: number): StageId {
  return enter(b, index, (place) => checkDestination(b, index, place), 'groups in, routed');
}

function enter(b: GraphBuilder, index: number, behindGroups: (place: number) => StageId, manner: string): StageId {
  const eni = b.network.networkInterfaces[index]!;
  const place = interfacePlace(b, index);
  if (eni.owner === 'nat-gateway') {
    const nat = natBehind(b, eni);
    return nat === NONE
      ? b.unknown(place, 'translate', targetOf('NAT gateway of', eni.id, 'ec2 describe-nat-gateways'))
      : natEntrance(b, nat);
  }
  const broken = outOfService(b, index);
  if (broken !== null) return broken;
  if (BALANCERS.has(eni.owner)) return groupsInAt(b, index, insideNode(b, index, place), 'groups in, node');
  if (eni.owner === 'endpoint') return groupsInAt(b, index, insideEndpoint(b, index, place), 'groups in, endpoint');
  const refusal = TAKES_ANSWERS_ONLY.get(eni.owner);
  if (refusal !== undefined) {
    const nobody = b.drop(place, 'host', 'NO_POSSIBLE_DESTINATION', refusal, { resource: eni.id });
    return groupsInAt(b, index, answersToNode(b, index, place, nobody), 'groups in, answers');
  }
  const service = SERVICES.get(eni.owner);
  const inside = service === undefined ? behindGroups(place) : b.unknown(place, 'host', notModelled(service, eni.id));
  return groupsInAt(b, index, inside, manner);
}

/** The interface's inbound groups before a stage; `manner` tells apart what lies behind them. */
export function groupsInAt(b: GraphBuilder, index: number, inside: StageId, manner: string): StageId {
  if (carriesNoGroups(b.network.networkInterfaces[index]!)) return inside;
  return b.onceOf(manner, index, () =>
    stage(GROUPS, 'security-group-in', interfacePlace(b, index), {
      rules: rulesOf(b, index, 'in'),
      opposite: rulesOf(b, index, 'out'),
      host: index,
      next: inside,
    }),
  );
}

/** Out of an interface, for what its own service sends. */
export function outOf(b: GraphBuilder, index: number): StageId {
  return groupsOut(b, index, interfacePlace(b, index), 0);
}

/** RT-19: with the check on only the interface's own addresses enter; with it off, others are for the appliance behind it. */
function checkDestination(b: GraphBuilder, index: number, place: number): StageId {
  const eni = b.network.networkInterfaces[index]!;
  if (eni.sourceDestCheck) {
    return b.onceOf('check destination', index, () =>
      stage(FILTER, 'source-dest-check', place, {
        rules: checkRulesOf(b, index, DESTINATION),
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
      // SG-11: behind an appliance group references no longer match.
      return groupsOut(b, index, place, FORGETS_SENDER);
    case 'drops':
      return b.drop(place, 'host', 'NO_POSSIBLE_DESTINATION', 'the appliance drops the packet, as assumed');
    default:
      return b.unknown(place, 'host', applianceAt(id));
  }
}

/** Arrived. The answer starts where the host sends it from. */
export function delivered(b: GraphBuilder, index: number): StageId {
  const place = interfacePlace(b, index);
  return b.onceOf('delivered', index, () =>
    stage(DELIVER, 'deliver', place, { host: index, next: answersFrom(b, index), text: 'arrives' }),
  );
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
  const place = interfacePlace(b, index);
  if (eni.status !== 'in-use' && eni.status !== 'associated') {
    return b.drop(place, 'host', 'BAD_STATE', `the interface is ${eni.status}, not in use`, {
      resource: eni.id,
      source: eni.origin,
    });
  }
  const instance = b.names.instanceOfEni[index]!;
  const state = instance === NONE ? 'running' : b.network.instances[instance]!.state;
  if (state === 'running') return null;
  return b.drop(place, 'host', 'BAD_STATE', `instance ${eni.instanceId} is ${state}`, {
    resource: eni.instanceId!,
  });
}

function ownLookup(b: GraphBuilder, index: number): Lookup {
  return b.sharedOf('own', index, () => {
    const { starts, values } = buildLookup(ownAddresses(b, index).map((own) => leadingTo(own, 0)));
    // Nearly all interfaces have one address of each family, or of one: then their values are the same.
    return { starts, values: b.shared(`own values ${values.join()}`, () => values) };
  });
}

function checkRulesOf(b: GraphBuilder, index: number, end: number): RuleTable {
  return checkRules(b, b.network.networkInterfaces[index]!.id, end, [
    allowLine('its own address', null, { ranks: ownAddresses(b, index).map(({ ranks }) => ranks) }),
    denyLine(
      end === SOURCE ? 'source is not its own address' : 'destination is not its own address',
      'ENI_SOURCE_DEST_CHECK_RESTRICTION',
      null,
    ),
  ]);
}
