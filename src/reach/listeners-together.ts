/** What comes of packets that several listeners of a balancer took, told as one connection in the client's terms. */

import { LAST_PORT } from '../net/protocol.ts';
import type { Connection, Passing } from './connection.ts';
import { EMPTY, type L4Id, type L4Sets } from './l4-sets.ts';
import type { SetsInFlight } from './sets-in-flight.ts';
import type { Taken } from './through-balancer.ts';

/** A target takes all packets of a listener, or none: what reached it stands for what the listener took. */
export function inClientTerms(
  sets: L4Sets,
  part: Connection,
  { front, isSentOn }: Taken,
  protocol: number,
  certain: L4Id,
): Connection {
  const answers = sets.box(protocol, 0, LAST_PORT);
  const reply: Passing = {
    must: sets.intersect(part.reply.must, answers),
    may: sets.intersect(part.reply.may, answers),
  };
  if (!isSentOn) return { ...part, reply };
  return {
    ...part,
    forward: {
      must: part.forward.must === EMPTY ? EMPTY : sets.intersect(certain, front),
      may: part.forward.may === EMPTY ? EMPTY : front,
    },
    reply,
    forwardKills: part.forwardKills.map(({ stage }) => ({ stage, killed: front })),
    apart: null,
  };
}

/** What comes of packets that go one way or the other; `which` is the fact that would tell. */
export function eitherOf(sets: L4Sets, one: Connection, other: Connection, which: number): Connection {
  const both = (of: (connection: Connection) => Passing): Passing => ({
    must: sets.intersect(of(one).must, of(other).must),
    may: sets.union(of(one).may, of(other).may),
  });
  const forward = both((connection) => connection.forward);
  const reply = both((connection) => connection.reply);
  const isOpen = forward.must !== forward.may || reply.must !== reply.may;
  return {
    ...one,
    forward,
    reply,
    facts: isOpen ? [...new Set([...one.facts, ...other.facts, which])] : [],
    assumptions: one.assumptions | other.assumptions,
    apart: null,
  };
}

/** `differ` is the fact that answers to several listeners come back differently. */
export function together(
  sets: L4Sets,
  parts: readonly Connection[],
  packets: SetsInFlight,
  differ: number,
): Connection {
  const arriving = parts.filter(({ forward }) => forward.may !== EMPTY);
  const union = (of: (part: Connection) => L4Id): L4Id =>
    parts.reduce<L4Id>((all, part) => sets.union(all, of(part)), EMPTY);
  const certain = (of: (part: Connection) => L4Id): L4Id =>
    arriving.reduce<L4Id>((all, part) => sets.union(all, of(part)), EMPTY);
  const isApart = arriving.some((one) => arriving.some((other) => answersDiffer(sets, one, other)));
  const reply: Passing = {
    must: isApart ? common(sets, arriving) : certain(({ reply: { must } }) => must),
    may: certain(({ reply: { may } }) => may),
  };
  const facts = new Set(parts.flatMap((part) => part.facts));
  if (isApart) facts.add(differ);
  return {
    forward: { must: union(({ forward }) => forward.must), may: union(({ forward }) => forward.may) },
    reply,
    facts: [...facts],
    assumptions: parts.reduce((all, { assumptions }) => all | assumptions, packets.assumptions),
    forwardKills: [...packets.kills, ...parts.flatMap(({ forwardKills }) => forwardKills)],
    replyKills: parts.flatMap(({ replyKills }) => replyKills),
    apart: isApart ? arriving : null,
  };
}

/** Two listeners of one protocol whose answers do not come back to the same client ports. */
function answersDiffer(sets: L4Sets, a: Connection, b: Connection): boolean {
  for (const protocol of protocolsOf(sets, a.forward.may)) {
    if (!protocolsOf(sets, b.forward.may).includes(protocol)) continue;
    const whole = sets.box(protocol, 0, LAST_PORT);
    if (sets.intersect(a.reply.must, whole) !== sets.intersect(b.reply.must, whole)) return true;
    if (sets.intersect(a.reply.may, whole) !== sets.intersect(b.reply.may, whole)) return true;
  }
  return false;
}

const LISTENED: readonly number[] = [6, 17];

function protocolsOf(sets: L4Sets, set: L4Id): readonly number[] {
  return LISTENED.filter((protocol) => sets.intersect(set, sets.box(protocol, 0, LAST_PORT)) !== EMPTY);
}

/** What every listener of a protocol gets back. */
function common(sets: L4Sets, arriving: readonly Connection[]): L4Id {
  return LISTENED.reduce<L4Id>((all, protocol) => {
    const whole = sets.box(protocol, 0, LAST_PORT);
    const of = arriving.filter(({ forward }) => protocolsOf(sets, forward.may).includes(protocol));
    const shared = of.reduce<L4Id>((most, { reply }) => sets.intersect(most, reply.must), whole);
    return of.length === 0 ? all : sets.union(all, shared);
  }, EMPTY);
}
