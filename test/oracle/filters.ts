/** Network ACLs (NACL-*) and security groups (SG-*), as loops over the model. */

import { isComplete } from '../../src/model/network.ts';
import { CLOSING_V4, type NaclEntry, type UnreadableNaclEntry } from '../../src/model/network-acl.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../../src/model/security-group.ts';
import type { Subnet } from '../../src/model/vpc.ts';
import type { Address } from '../../src/net/address.ts';
import type { Packet } from '../../src/net/packet.ts';
import { prefixContains } from '../../src/net/prefix.ts';
import { ALL_PROTOCOLS, hasPorts, isIcmp, TCP } from '../../src/net/protocol.ts';
import { ACK, SYN } from '../../src/net/tcp-flags.ts';
import type { Traffic } from '../../src/net/traffic.ts';
import { connectionOf, type Direction, isRelatedError, remember, startsFlow, touch } from './flow.ts';
import { aclOf, anyContains, byId, holds, tableOf } from './lookup.ts';
import { bestRoute } from './routes.ts';
import { cameByTransit, drop, packetKey, type Walk } from './walk.ts';

/** PKT-02 to PKT-05, NACL-09 to NACL-11, SG-08, SG-09: protocol, then the destination port or the ICMP type and code. */
function covers(traffic: Traffic, packet: Packet): boolean {
  if (traffic.protocol === ALL_PROTOCOLS) return true;
  if (traffic.protocol !== packet.protocol) return false;
  if (!hasPorts(packet.protocol) && !isIcmp(packet.protocol)) return true;
  return (
    traffic.firstPortOrIcmp <= packet.destinationPortOrIcmp && packet.destinationPortOrIcmp <= traffic.lastPortOrIcmp
  );
}

/** PKT-04: inbound rules look at the source, outbound rules at the destination. */
function peerOf(packet: Packet, direction: Direction): Address {
  return direction === 'in' ? packet.source : packet.destination;
}

/** NACL-02: the first entry that matches decides; NACL-14: every packet is judged. Ends the walk on a deny. */
export function passAcl(walk: Walk, subnet: Subnet, direction: Direction): void {
  const { packet } = walk;
  const stage = `nacl-${direction}`;
  const acl = aclOf(walk.network, subnet, isComplete(walk.network, 'networkAcls', subnet.account, subnet.region));
  const denied = { stage, resource: acl?.id ?? null, codes: ['SUBNET_ACL_RESTRICTION'] };
  if (acl === null) {
    const verdict = walk.choose(`acl ${subnet.id} ${direction} ${packetKey(packet)}`, ['allow', 'deny'] as const);
    if (verdict === 'deny') drop(walk, { ...denied, rules: [] });
    return;
  }
  const rows: (NaclEntry | UnreadableNaclEntry)[] = [
    ...acl.entries.filter((entry) => entry.direction === direction),
    ...acl.unreadable.filter((entry) => entry.direction === direction || entry.direction === null),
  ];
  rows.sort((a, b) => a.number - b.number);
  for (const row of rows) {
    const verdict = 'fact' in row ? guess(walk, acl.id, row, direction) : readable(row, direction, packet);
    const rules = [row.number >= CLOSING_V4 ? '*' : String(row.number)];
    if (verdict === 'deny') drop(walk, { ...denied, rules });
    if (verdict === 'allow') {
      walk.lastPass = { stage, resource: acl.id, rules, codes: [] };
      return;
    }
  }
  throw new Error(`acl ${acl.id} does not close`);
}

function readable(entry: NaclEntry, direction: Direction, packet: Packet): 'allow' | 'deny' | 'no match' {
  return covers(entry.traffic, packet) && prefixContains(entry.peer, peerOf(packet, direction))
    ? entry.action
    : 'no match';
}

function guess(
  walk: Walk,
  aclId: string,
  entry: UnreadableNaclEntry,
  direction: Direction,
): 'allow' | 'deny' | 'no match' {
  const actions = entry.action === null ? (['allow', 'deny'] as const) : [entry.action];
  const key = `entry ${aclId} ${entry.number} ${entry.fact.key} ${direction} ${packetKey(walk.packet)}`;
  return walk.choose(key, ['no match', ...actions] as const);
}

/** Connection tracking first (CT-01, CT-08), then related errors (OPEN-09), then the rules. Ends the walk on a deny. */
export function passGroups(walk: Walk, eni: NetworkInterface, direction: Direction): void {
  const { packet, state, now } = walk;
  const stage = `security-group-${direction}`;
  const known = connectionOf(state, eni, direction, packet, now);
  if (known !== null) {
    touch(known.connection, known.isForward, now);
    // OPEN-16: however it was sent, it is what the other side waits for.
    if (!known.isForward) walk.isAnswer = true;
    walk.lastPass = { stage, resource: null, rules: [], codes: [] };
    return;
  }
  if (packet.quoted !== null && isRelatedError(packet)) {
    // The error travels against the packet that it quotes.
    const quotedWay = direction === 'in' ? 'out' : 'in';
    if (connectionOf(state, eni, quotedWay, packet.quoted, now) !== null) {
      walk.lastPass = { stage, resource: null, rules: [], codes: [] };
      return;
    }
  }
  const rules = matchingRules(walk, eni, direction);
  if (rules === null) drop(walk, { stage, resource: null, rules: [], codes: denialCodes(walk, eni, direction) });
  walk.lastPass = { stage, resource: null, rules: rules.map(({ id }) => id), codes: [] };
  if (!startsFlow(packet)) return;
  if (isUntracked(walk, eni, direction, rules)) walk.untracked.push({ interfaceId: eni.id, direction, packet });
  else remember(state, eni.id, direction, packet, now);
}

function groupsOf(walk: Walk, eni: NetworkInterface): (SecurityGroup | null)[] {
  return eni.groupIds.map((id) => byId(walk.network.securityGroups, id));
}

function rulesOf(walk: Walk, eni: NetworkInterface, direction: Direction): SecurityGroupRule[] {
  return groupsOf(walk, eni).flatMap((group) => group?.rules.filter((rule) => rule.direction === direction) ?? []);
}

/** SG-02: all rules of all groups that match, empty when only what the snapshot lacks lets it pass, null when nothing does. */
function matchingRules(walk: Walk, eni: NetworkInterface, direction: Direction): SecurityGroupRule[] | null {
  const rules = rulesOf(walk, eni, direction);
  const certain = rules.filter((rule) => matches(walk, eni, rule, () => false));
  if (certain.length > 0) return certain;
  const key = `${direction} ${packetKey(walk.packet)}`;
  const guess = (what: string): boolean => walk.choose(`${what} ${key}`, [false, true]);
  // A choice is made for every open point, so that all of them are tried together with all others.
  const guessed = rules.filter((rule) => matches(walk, eni, rule, guess));
  const unseen = eni.groupIds.filter((id) => {
    const group = byId(walk.network.securityGroups, id);
    const isOpen = group === null || group.gaps.some((gap) => gap.direction === direction);
    return isOpen && guess(`group ${id}`);
  });
  return guessed.length > 0 || unseen.length > 0 ? guessed : null;
}

/** `guess` is asked where the snapshot does not say. */
function matches(
  walk: Walk,
  eni: NetworkInterface,
  rule: SecurityGroupRule,
  guess: (what: string) => boolean,
): boolean {
  if (rule.traffic !== null && !covers(rule.traffic, walk.packet)) return false;
  if (!peerMatches(walk, eni, rule, guess)) return false;
  return rule.traffic !== null || guess(`traffic of ${rule.id}`);
}

function peerMatches(
  walk: Walk,
  eni: NetworkInterface,
  rule: SecurityGroupRule,
  guess: (what: string) => boolean,
): boolean {
  const { peer } = rule;
  const address = peerOf(walk.packet, rule.direction);
  switch (peer.kind) {
    case 'cidr':
      return prefixContains(peer.prefix, address);
    case 'prefix-list': {
      const entries = byId(walk.network.prefixLists, peer.id)?.entries ?? null;
      return entries === null ? guess(`entries of ${peer.id}`) : anyContains(entries, address);
    }
    case 'unreadable':
      return guess(`peer of ${rule.id}`);
    case 'group': {
      if (peer.peeringStatus !== null && peer.peeringStatus !== 'active') return false; // SG-16
      const isDirect = rule.direction === 'in' ? walk.keepsMembership : goesStraight(walk, eni, guess);
      return isDirect && isMember(walk, eni, peer, rule.direction, address, guess);
    }
  }
}

/**
 * SG-10, OPEN-06: the address belongs to an interface that carries the group; across peering in the same Region only (SG-14). A group
 * that is no more has no members (SG-16).
 */
function isMember(
  walk: Walk,
  eni: NetworkInterface,
  peer: RulePeer & { readonly kind: 'group' },
  direction: Direction,
  address: Address,
  guess: (what: string) => boolean,
): boolean {
  const { network } = walk;
  for (const other of direction === 'in' && walk.actsAs !== null ? [walk.actsAs] : network.networkInterfaces) {
    const isReachable =
      other.vpcId === eni.vpcId || isPeered(walk, eni, other.vpcId) || cameByTransit(walk, other.vpcId);
    if (isReachable && (other === walk.actsAs || holds(other, address))) return other.groupIds.includes(peer.groupId);
  }
  const isDeleted =
    byId(network.securityGroups, peer.groupId) === null &&
    peer.vpcId === null &&
    peer.peeringId === null &&
    (peer.account === null || peer.account === eni.account) &&
    isComplete(network, 'securityGroups', eni.account, eni.region);
  if (isDeleted) return false;
  return couldBeUnseen(walk, eni, address) && guess(`members of ${peer.groupId}`);
}

/** Whether an interface that the snapshot lacks may hold the address: in the own VPC, or in a peer's. */
function couldBeUnseen(walk: Walk, eni: NetworkInterface, address: Address): boolean {
  const { network } = walk;
  const own = byId(network.vpcs, eni.vpcId);
  if (own === null || anyContains(own.cidrs, address)) {
    return !isComplete(network, 'networkInterfaces', eni.account, eni.region);
  }
  const crossed = network.vpcs.filter(({ id, cidrs }) => cameByTransit(walk, id) && anyContains(cidrs, address));
  if (crossed.some((vpc) => !isComplete(network, 'networkInterfaces', vpc.account, vpc.region))) return true;
  return network.peerings.some((peering) => {
    const ends = [peering.requester, peering.accepter];
    const far = ends.find((end) => end.vpcId !== eni.vpcId);
    if (far === undefined || !ends.some((end) => end.vpcId === eni.vpcId) || peering.state !== 'active') return false;
    const vpc = byId(network.vpcs, far.vpcId);
    // SG-14: references hold inside one Region.
    const isSameRegion = (vpc ?? far).region === own.region;
    const isThere = isSameRegion && anyContains(vpc?.cidrs ?? far.cidrs, address);
    return isThere && (vpc === null || !isComplete(network, 'networkInterfaces', vpc.account, vpc.region));
  });
}

/** SG-11 to SG-14: only what goes straight to its destination, within the VPC or over a peering, is known by its groups. */
function goesStraight(walk: Walk, eni: NetworkInterface, guess: (what: string) => boolean): boolean {
  const subnet = byId(walk.network.subnets, eni.subnetId);
  if (subnet === null || anyContains(subnet.cidrs, walk.packet.destination)) return true;
  const table = tableOf(walk.network, subnet, isComplete(walk.network, 'routeTables', subnet.account, subnet.region));
  if (table === null) {
    // Within the VPC every table leads straight, as far as anyone knows (RT-03).
    const vpc = byId(walk.network.vpcs, eni.vpcId);
    return (vpc !== null && anyContains(vpc.cidrs, walk.packet.destination)) || guess(`way out of ${subnet.id}`);
  }
  const target = bestRoute(walk, table, walk.packet.destination)?.target;
  return target?.kind === 'local' || (target?.kind === 'peering' && leadsThere(walk, eni, target.id));
}

/** Over a peering with another VPC than the one that has the address nothing goes straight there. */
function leadsThere({ network, packet }: Walk, eni: NetworkInterface, peeringId: string): boolean {
  const peering = byId(network.peerings, peeringId);
  if (peering === null) return true;
  const far = [peering.requester, peering.accepter].find(({ vpcId }) => vpcId !== eni.vpcId);
  return far !== undefined && anyContains(byId(network.vpcs, far.vpcId)?.cidrs ?? far.cidrs, packet.destination);
}

function isPeered(walk: Walk, eni: NetworkInterface, vpcId: string): boolean {
  const { vpcs, peerings } = walk.network;
  const sameRegion = (byId(vpcs, eni.vpcId)?.region ?? null) === (byId(vpcs, vpcId)?.region ?? null);
  return peerings.some(({ requester, accepter, state }) => {
    const ends = [requester.vpcId, accepter.vpcId];
    return state === 'active' && sameRegion && ends.includes(eni.vpcId) && ends.includes(vpcId);
  });
}

/**
 * CT-03, CT-05, OPEN-07: one literal rule for everyone that matches, and one the other way for everyone and all ports. That is said of
 * the flow, so its answers are untracked as it is. Nothing remembers what they answer: any packet that may be one is held for one.
 */
function isUntracked(
  walk: Walk,
  eni: NetworkInterface,
  direction: Direction,
  matched: readonly SecurityGroupRule[],
): boolean {
  const { packet } = walk;
  if (!hasPorts(packet.protocol)) return false;
  const forEveryone = (way: Direction): SecurityGroupRule[] =>
    rulesOf(walk, eni, way).filter((rule) => isForEveryone(rule, packet));
  const letsAllThrough = (way: Direction): boolean =>
    forEveryone(way).some(({ traffic }) => coversAllPorts(traffic, packet.protocol));
  const otherWay = direction === 'in' ? 'out' : 'in';
  if (matched.some((rule) => isForEveryone(rule, packet)) && letsAllThrough(otherWay)) return true;
  const opensConnection = packet.protocol === TCP && (packet.tcpFlags & (SYN | ACK)) === SYN;
  if (opensConnection || !letsAllThrough(direction)) return false;
  const answered = { ...packet, destinationPortOrIcmp: packet.sourcePortOrIcmpId };
  return forEveryone(otherWay).some(({ traffic }) => traffic !== null && covers(traffic, answered));
}

function isForEveryone({ peer }: SecurityGroupRule, packet: Packet): boolean {
  return peer.kind === 'cidr' && peer.prefix.length === 0 && peer.prefix.address.family === packet.source.family;
}

function coversAllPorts(traffic: Traffic | null, protocol: number): boolean {
  if (traffic === null) return false;
  if (traffic.protocol === ALL_PROTOCOLS) return true;
  return traffic.protocol === protocol && traffic.firstPortOrIcmp === 0 && traffic.lastPortOrIcmp === 65535;
}

function denialCodes(walk: Walk, eni: NetworkInterface, direction: Direction): string[] {
  const rules = rulesOf(walk, eni, direction);
  if (rules.length === 0) return ['SG_HAS_NO_RULES'];
  const refers = rules.some(({ peer }) => peer.kind === 'group');
  return ['ENI_SG_RULES_MISMATCH', ...(refers && !walk.keepsMembership ? ['SG_REFERENCES_NOT_PRESERVED'] : [])];
}
