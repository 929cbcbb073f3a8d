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
import { touchedBy } from './collateral-touched.ts';
import type { Collateral, CollateralFlows } from './explain-answer.ts';
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

/**
 * `question` is asked of the network before the changes; interfaces have equal indices after them, since they add and remove rules,
 * entries and routes only.
 */
export function collateralOf(
  sets: L4Sets,
  asked: Asked,
  question: Asking,
  changes: readonly Change[],
  after: Compiled,
): Collateral {
  const before = question.compiled;
  const touched = touchedBy(before, changes);
  const everyone = everyoneNear(before, new Set([...touched.out, ...touched.in]));
  const senders = together(sendersOf(before, everyone), sendersOf(after, everyone));
  const targets = together(targetsOf(before, everyone), targetsOf(after, everyone));
  const outgoing = senders.filter(({ held }) => held !== null && touched.out.has(held.eni));
  const incoming = targets.filter(({ held }) => held !== null && touched.in.has(held.eni));
  const count = outgoing.length * targets.length + senders.length * incoming.length;
  if (count > MAX_PAIRS) {
    return { kind: 'not-counted', why: `it would take looking at ${count} pairs of addresses, over ${MAX_PAIRS}` };
  }
  const sides = [before, after].map((compiled) => ({ compiled, connections: new Connections(compiled, sets) }));
  const isAsked = questionTest(question);
  const opened = new Flows(sets, before);
  const closed = new Flows(sets, before);
  const compare = (sender: Sender, target: Target): void => {
    const destination = destinationFor(sender, target);
    if (destination === null) return;
    const [then, now] = sides.map(({ compiled: { space, entrances }, connections }): Connection => {
      const start = sender.held === null ? entrances.internet : entrances.leaveAsItself[sender.held.eni]!;
      const from = { ...sender, start, rank: rankOf(space, sender.address) };
      return connections.between(from, destination, rankOf(space, destination));
    });
    const besides = isAsked(sender, target) ? asked.packets : EMPTY;
    opened.add(sender, target, sets.subtract(gainOf(sets, asked, then!, now!), besides));
    closed.add(sender, target, sets.subtract(gainOf(sets, asked, now!, then!), besides));
  };
  for (const sender of outgoing) for (const target of targets) compare(sender, target);
  const compared = new Set(outgoing);
  for (const target of incoming) {
    for (const sender of senders) if (!compared.has(sender)) compare(sender, target);
  }
  return { kind: 'counted', opens: opened.told, closes: closed.told };
}

/** Packets by pair of places. */
class Flows {
  readonly #flows = new Map<string, { readonly from: Place; readonly to: Place; packets: L4Id }>();
  readonly #sets: L4Sets;
  readonly #compiled: Compiled;

  constructor(sets: L4Sets, compiled: Compiled) {
    this.#sets = sets;
    this.#compiled = compiled;
  }

  add(sender: Sender, target: Target, packets: L4Id): void {
    if (packets === EMPTY) return;
    const from = placeOf(this.#compiled, sender);
    const to = placeOf(this.#compiled, target);
    const key = `${from.id} ${to.id}`;
    const known = this.#flows.get(key);
    if (known === undefined) this.#flows.set(key, { from, to, packets });
    else known.packets = this.#sets.union(known.packets, packets);
  }

  get told(): CollateralFlows {
    const flows = [...this.#flows.values()];
    const examples = flows
      .slice(0, MAX_EXAMPLES)
      .map(({ from, to, packets }) => ({ from, to, packets: wordsOf(this.#sets, packets) }));
    return { pairs: flows.length, examples };
  }
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
