/** The short texts of drawings: traffic, rules of groups, entries of ACLs, routes. Mistakes throw; a test should not go on. */

import type { NaclEntry, UnreadableNaclEntry } from '../../src/model/network-acl.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Fact } from '../../src/model/problem.ts';
import type { Route, RouteDestination, RouteTarget } from '../../src/model/route-table.ts';
import type { RulePeer, SecurityGroupRule } from '../../src/model/security-group.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import { isIcmp, protocolNumber } from '../../src/net/protocol.ts';
import { ALL_TRAFFIC, icmpTraffic, type Traffic, wholeProtocol } from '../../src/net/traffic.ts';

const NO_TRAFFIC = 'unreadable';

/** The fact that something drawn as `unreadable` leaves open. */
export function unreadable(what: string, origin: Origin): Fact {
  return { key: `unreadable:${what}`, what: `${what} could not be read`, remedy: 'correct the record', origin };
}

/** `tcp/80`, `udp/1024-2048`, `tcp`, `icmp/3.4`, `icmp/8`, `50`, `all`. */
function trafficOf(text: string): Traffic {
  if (text === 'all') return ALL_TRAFFIC;
  const [word = '', detail] = text.split('/');
  const protocol = protocolNumber(word);
  if (protocol === null) throw new Error(`traffic "${text}": unknown protocol "${word}"`);
  if (detail === undefined) return wholeProtocol(protocol);
  if (isIcmp(protocol)) {
    const [type, code] = detail.split('.');
    return icmpTraffic(protocol, Number(type), code === undefined ? -1 : Number(code));
  }
  const [first, last = first] = detail.split('-');
  return { protocol, firstPortOrIcmp: Number(first), lastPortOrIcmp: Number(last) };
}

/** `tcp/443 from sg-web via pcx-ab`. */
export function groupRuleOf(text: string, direction: 'in' | 'out', id: string, origin: Origin): SecurityGroupRule {
  const [traffic = '', word, peer = '', ...more] = text.split(' ');
  if (word !== (direction === 'in' ? 'from' : 'to'))
    throw new Error(`rule "${text}": "${word}" does not fit its direction`);
  return {
    id,
    direction,
    traffic: traffic === NO_TRAFFIC ? null : trafficOf(traffic),
    peer: peerOf(peer, more, id, origin),
    description: null,
    origin,
  };
}

function peerOf(peer: string, more: readonly string[], id: string, origin: Origin): RulePeer {
  if (peer === 'unreadable') return { kind: 'unreadable', fact: unreadable(`peer of ${id}`, origin) };
  if (peer.startsWith('pl-')) return { kind: 'prefix-list', id: peer };
  if (!peer.startsWith('sg-')) return { kind: 'cidr', prefix: parsePrefix(peer).prefix };
  const group = {
    kind: 'group',
    groupId: peer,
    account: null,
    vpcId: null,
    peeringId: null,
    peeringStatus: null,
  } as const;
  const [word, value, status] = more;
  if (word === undefined) return group;
  if (word === 'of') return { ...group, account: value ?? null };
  if (word === 'via') return { ...group, peeringId: value ?? null, peeringStatus: status ?? 'active' };
  throw new Error(`peer "${peer} ${more.join(' ')}": write "via PEERING" or "of ACCOUNT"`);
}

/** `100 allow tcp/443 0.0.0.0/0`, `100 deny unreadable`, `100 unreadable`. */
export function naclEntryOf(text: string, direction: 'in' | 'out', origin: Origin): NaclEntry | UnreadableNaclEntry {
  const [number, ...words] = text.split(' ');
  const action = words[0] === 'allow' || words[0] === 'deny' ? words[0] : null;
  if (words.at(-1) === 'unreadable') {
    return { number: Number(number), direction, action, fact: unreadable(`entry "${text}"`, origin), origin };
  }
  if (action === null || words.length !== 3) throw new Error(`entry "${text}": write NUMBER ACTION TRAFFIC PREFIX`);
  const [, traffic = '', peer = ''] = words;
  return {
    number: Number(number),
    direction,
    action,
    traffic: trafficOf(traffic),
    peer: parsePrefix(peer).prefix,
    origin,
  };
}

export function isUnreadableEntry(entry: NaclEntry | UnreadableNaclEntry): entry is UnreadableNaclEntry {
  return 'fact' in entry;
}

const TARGET_KINDS: readonly (readonly [string, Exclude<RouteTarget['kind'], 'local'>])[] = [
  ['igw-', 'internet-gateway'],
  ['eigw-', 'egress-only-gateway'],
  ['nat-', 'nat-gateway'],
  ['eni-', 'network-interface'],
  ['i-', 'instance'],
  ['pcx-', 'peering'],
  ['tgw-', 'transit-gateway'],
  ['vgw-', 'virtual-private-gateway'],
  ['vpce-', 'endpoint'],
  ['cagw-', 'carrier-gateway'],
  ['lgw-', 'local-gateway'],
  ['core-network-', 'core-network'],
  ['odb-', 'odb-network'],
];

function routeTargetOf(id: string): RouteTarget {
  if (id === 'local') return { kind: 'local' };
  const kind = TARGET_KINDS.find(([prefix]) => id.startsWith(prefix))?.[1];
  return { kind: kind ?? 'unrecognised', id };
}

/** A destination and `TARGET`, `TARGET blackhole`, `TARGET filtered` or `TARGET propagated`. */
export function routeOf(destination: string, text: string, origin: Origin): Route {
  const [target = '', ...words] = text.split(' ');
  const state = words.find((word) => word === 'blackhole' || word === 'filtered') ?? 'active';
  return {
    destination: destinationOf(destination, origin),
    target: routeTargetOf(target),
    state,
    source: target === 'local' ? 'table' : words.includes('propagated') ? 'propagated' : 'static',
    origin,
  };
}

function destinationOf(text: string, origin: Origin): RouteDestination {
  if (text === 'unreadable') return { kind: 'unreadable', fact: unreadable('destination', origin) };
  if (text.startsWith('pl-')) return { kind: 'prefix-list', id: text };
  return { kind: 'cidr', prefix: parsePrefix(text).prefix };
}
