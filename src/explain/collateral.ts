/**
 * What changes open or close besides what was asked: the difference between two networks, over the interfaces whose lists and tables
 * are changed against everyone who may send to them or be sent to.
 */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NONE } from '../compile/names.ts';
import { hasAddress } from '../net/address-set.ts';
import { hostPrefix, type Prefix, prefixContains } from '../net/prefix.ts';
import { TCP, UDP } from '../net/protocol.ts';
import { type Connection, Connections } from '../reach/connection.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import type { Asking } from './asked-pairs.ts';
import type { Change } from './change.ts';
import type { Collateral, CollateralFlow } from './explain-answer.ts';
import { interfaceAsPlace } from './packet-question.ts';
import { THE_INTERNET } from './place-index.ts';
import type { PlaceSet } from './place-set.ts';
import { destinationFor, type Sender, sendersOf, type Target, targetsOf } from './reach-ends.ts';
import type { Asked } from './reach-pair.ts';
import { wordsOf } from './reach-words.ts';
import type { Place } from './trace.ts';

/** Pairs of addresses that are compared for one set of changes. */
const MAX_PAIRS = 40_000;
const MAX_EXAMPLES = 5;

/** Who may be affected: interfaces whose packets a change lets out or in, by index. */
interface Touched {
  readonly out: ReadonlySet<number>;
  readonly in: ReadonlySet<number>;
}

/**
 * `question` is asked of the network before the changes; `before` is the one that lets less through, which is the changed one where
 * changes close. Interfaces have equal indices in both, since
 * changes add and remove rules, entries and routes only.
 */
export function collateralOf(
  sets: L4Sets,
  asked: Asked,
  question: Asking,
  changes: readonly Change[],
  before: Compiled,
  after: Compiled,
): Collateral {
  const touched = touchedBy(question.compiled, changes);
  const everyone = everyoneNear(before, new Set([...touched.out, ...touched.in]));
  const senders = together(sendersOf(before, everyone), sendersOf(after, everyone));
  const targets = together(targetsOf(before, everyone), targetsOf(after, everyone));
  const outgoing = senders.filter(({ held }) => held !== null && touched.out.has(held.eni));
  const incoming = targets.filter(({ held }) => held !== null && touched.in.has(held.eni));
  const count = outgoing.length * targets.length + senders.length * incoming.length;
  if (count > MAX_PAIRS) {
    return { kind: 'not-counted', why: `it would take looking at ${count} pairs of addresses, over ${MAX_PAIRS}` };
  }
  const lesser = new Connections(before, sets);
  const greater = new Connections(after, sets);
  const isAsked = questionTest(question);
  const flows = new Map<string, { from: Place; to: Place; packets: L4Id }>();
  const compare = (sender: Sender, target: Target): void => {
    const destination = destinationFor(sender, target);
    if (destination === null) return;
    const ask = (connections: Connections, { space, entrances }: Compiled): Connection => {
      const start = sender.held === null ? entrances.internet : entrances.leaveAsItself[sender.held.eni]!;
      const from = { ...sender, start, rank: rankOf(space, sender.address) };
      return connections.between(from, destination, rankOf(space, destination));
    };
    const gained = gainOf(sets, asked, ask(lesser, before), ask(greater, after));
    const packets = isAsked(sender, target) ? sets.subtract(gained, asked.packets) : gained;
    if (packets === EMPTY) return;
    const from = placeOf(before, sender);
    const to = placeOf(before, target);
    const key = `${from.id} ${to.id}`;
    const known = flows.get(key);
    flows.set(key, { from, to, packets: known === undefined ? packets : sets.union(known.packets, packets) });
  };
  for (const sender of outgoing) for (const target of targets) compare(sender, target);
  const compared = new Set(outgoing);
  for (const target of incoming) {
    for (const sender of senders) if (!compared.has(sender)) compare(sender, target);
  }
  const ordered = [...flows.values()];
  const examples: readonly CollateralFlow[] = ordered
    .slice(0, MAX_EXAMPLES)
    .map(({ from, to, packets }) => ({ from, to, packets: wordsOf(sets, packets) }));
  return { kind: 'counted', pairs: ordered.length, examples };
}

/** Packets that pass in the second network and not in the first, or whose answers do. */
function gainOf(sets: L4Sets, asked: Asked, before: Connection, after: Connection): L4Id {
  const arriving = sets.subtract(after.forward.may, before.forward.may);
  const answered = sets.subtract(after.reply.may, before.reply.may);
  if (answered === EMPTY) return arriving;
  let gained = sets.union(arriving, sets.intersect(after.forward.may, answered));
  for (const protocol of [TCP, UDP]) {
    // Answers of TCP and UDP stand by client port: one that clients use and that is new concerns all that arrives.
    const whole = sets.box(protocol, 0, 65535);
    const isNew = sets.intersect(answered, sets.ofPorts(protocol, asked.clientPorts)) !== EMPTY;
    gained = sets.union(sets.subtract(gained, whole), sets.intersect(whole, isNew ? after.forward.may : arriving));
  }
  return gained;
}

function touchedBy(compiled: Compiled, changes: readonly Change[]): Touched {
  const out = new Set<number>();
  const inward = new Set<number>();
  for (const change of changes) {
    const { isOut, isIn, enis } = reachOfChange(compiled, change);
    for (const eni of enis) {
      if (isOut) out.add(eni);
      if (isIn) inward.add(eni);
    }
  }
  return { out, in: inward };
}

interface ChangeReach {
  readonly isOut: boolean;
  readonly isIn: boolean;
  readonly enis: readonly number[];
}

function reachOfChange(compiled: Compiled, change: Change): ChangeReach {
  const { network } = compiled;
  switch (change.kind) {
    case 'add-group-rule': {
      const isIn = change.rule.direction === 'in';
      return { isIn, isOut: !isIn, enis: membersOf(compiled, change.group) };
    }
    case 'remove-rule': {
      const rules = network.securityGroups.flatMap((group) => group.rules.map((rule) => ({ group, rule })));
      const found = rules.find(({ rule }) => rule.id === change.rule);
      if (found === undefined)
        return bothWays(interfacesUnderAcl(compiled, change.rule.replace(/\/(in|out)\/\d+$/, '')));
      const isIn = found.rule.direction === 'in';
      return { isIn, isOut: !isIn, enis: membersOf(compiled, found.group.id) };
    }
    case 'add-nacl-entry':
      return bothWays(interfacesUnderAcl(compiled, change.networkAcl));
    case 'add-route':
    case 'remove-route':
      return bothWays(interfacesUnderTable(compiled, change.routeTable));
    default:
      return bothWays(network.networkInterfaces.map((_, index) => index));
  }
}

/** ACLs and routes decide about packets and about answers. */
function bothWays(enis: readonly number[]): ChangeReach {
  return { isIn: true, isOut: true, enis };
}

function membersOf({ network }: Compiled, group: string): readonly number[] {
  return network.networkInterfaces.flatMap(({ groupIds }, index) => (groupIds.includes(group) ? [index] : []));
}

/** Also those that send through a NAT gateway or an appliance in such a subnet: the whole VPC, then. */
function interfacesUnder(compiled: Compiled, subnets: readonly number[]): readonly number[] {
  const { names, network } = compiled;
  const transit = subnets.some((subnet) =>
    names.enisOfSubnet[subnet]!.some((eni) => {
      const { owner, sourceDestCheck } = network.networkInterfaces[eni]!;
      return owner === 'nat-gateway' || !sourceDestCheck;
    }),
  );
  if (!transit) return subnets.flatMap((subnet) => names.enisOfSubnet[subnet]!);
  const vpcs = new Set(subnets.map((subnet) => names.vpcOfSubnet[subnet]!));
  return [...vpcs].flatMap((vpc) => (vpc === NONE ? [] : names.enisOfVpc[vpc]!));
}

function interfacesUnderAcl(compiled: Compiled, acl: string): readonly number[] {
  const index = compiled.names.networkAcl.get(acl);
  return interfacesUnder(compiled, subnetsWith(compiled.names.networkAclOfSubnet, index));
}

function interfacesUnderTable(compiled: Compiled, table: string): readonly number[] {
  const index = compiled.names.routeTable.get(table);
  return interfacesUnder(compiled, subnetsWith(compiled.names.routeTableOfSubnet, index));
}

function subnetsWith(ofSubnet: readonly number[], wanted: number | undefined): readonly number[] {
  return ofSubnet.flatMap((value, subnet) => (value === wanted ? [subnet] : []));
}

/** Interfaces of the VPCs concerned and of those that an active peering joins to them, and the internet. */
function everyoneNear({ network, names }: Compiled, enis: ReadonlySet<number>): PlaceSet {
  const near = new Set([...enis].map((eni) => network.networkInterfaces[eni]!.vpcId));
  const vpcs = new Set(near);
  for (const { state, requester, accepter } of network.peerings) {
    if (state !== 'active') continue;
    if (near.has(requester.vpcId)) vpcs.add(accepter.vpcId);
    if (near.has(accepter.vpcId)) vpcs.add(requester.vpcId);
  }
  const held = [...vpcs]
    .flatMap((id) => names.enisOfVpc[names.vpc.get(id) ?? NONE] ?? [])
    .sort((a, b) => a - b)
    .flatMap((eni) => {
      const { privateAddresses, ipv6Addresses, delegated } = network.networkInterfaces[eni]!;
      const own = [...privateAddresses.map(({ address }) => address), ...ipv6Addresses].map(hostPrefix);
      return [...own, ...delegated].map((prefix) => ({ eni, prefix }));
    });
  return { held, internet: THE_INTERNET.internet };
}

/** Both networks cut the internet and delegated prefixes at their own bounds; together at those of both. One address stands for each piece. */
function together<T extends Sender | Target>(ofOne: readonly T[], ofOther: readonly T[]): readonly T[] {
  const ends = new Map<string, T>();
  for (const end of [...ofOne, ...ofOther]) {
    const { family, w0, w1, w2, w3 } = end.held?.prefix.address ?? end.piece!.first;
    ends.set([end.held?.eni ?? 'internet', family, w0, w1, w2, w3].join(' '), end);
  }
  return [...ends.values()];
}

function placeOf(compiled: Compiled, { held }: Sender | Target): Place {
  if (held === null) return { kind: 'internet', id: 'internet', name: null };
  return interfaceAsPlace(compiled, compiled.network.networkInterfaces[held.eni]!);
}

/** Whether a pair is one that the question is about. */
function questionTest({ from, to }: Asking): (sender: Sender, target: Target) => boolean {
  const endTest = (places: PlaceSet): ((end: Sender | Target) => boolean) => {
    const held = new Map<number, Prefix[]>();
    for (const { eni, prefix } of places.held) held.set(eni, [...(held.get(eni) ?? []), prefix]);
    return (end) => {
      if (end.held === null) return hasAddress(places.internet, end.piece!.first);
      const { address } = end.held.prefix;
      return held.get(end.held.eni)?.some((prefix) => prefixContains(prefix, address)) ?? false;
    };
  };
  const isFrom = endTest(from);
  const isTo = endTest(to);
  return (sender, target) => isFrom(sender) && isTo(target);
}
