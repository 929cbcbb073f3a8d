/** What one pair of addresses answers to a question: the sets of `Connection`, cut down to what was asked. */

import {
  formatIntervals,
  type IntervalSet,
  intersectIntervals,
  intervalSet,
  noIntervals,
  subtractIntervals,
} from '../net/interval-set.ts';
import { ALL_PROTOCOLS, TCP, UDP } from '../net/protocol.ts';
import { quote } from '../net/quote.ts';
import type { Connection } from '../reach/connection.ts';
import { EMPTY, EVERYTHING, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import { QuestionError } from './question-error.ts';
import type { ReachVerdict } from './reach-answer.ts';
import type { Service } from './service-text.ts';

/** What is asked: packets by protocol and destination port, and the ports that a client may send them from. */
export interface Asked {
  readonly packets: L4Id;
  readonly clientPorts: IntervalSet;
}

/** Throws a QuestionError where some parts of the service pin their source ports and others do not. */
export function askedOf(sets: L4Sets, { parts, isInverted }: Service, clientPorts: IntervalSet): Asked {
  const pinned = parts.map((part) => part.clientPorts).filter((ports) => ports !== null);
  if (pinned.length > 0 && pinned.length < parts.length) {
    throw new QuestionError('pin source ports for all parts of the service or for none: ask about them apart');
  }
  const named = parts.reduce<L4Id>((all, { protocol, ports }) => {
    const part = protocol === ALL_PROTOCOLS ? EVERYTHING : sets.ofPorts(protocol, ports);
    return sets.union(all, part);
  }, EMPTY);
  const packets = isInverted ? sets.subtract(EVERYTHING, named) : named;
  return { packets, clientPorts: pinned.length > 0 ? intervalSet(pinned.flat()) : clientPorts };
}

/** What is left of a question without the packets of these services. Throws a QuestionError where one of them pins its source ports. */
export function askedWithout(sets: L4Sets, asked: Asked, left: readonly Service[]): Asked {
  const pinned = left.find(({ parts }) => parts.some(({ clientPorts }) => clientPorts !== null));
  if (pinned !== undefined) {
    throw new QuestionError(`what is left out is so for all source ports: write ${quote(pinned.text)} without them`);
  }
  const packets = left.reduce<L4Id>(
    (rest, service) => sets.subtract(rest, askedOf(sets, service, asked.clientPorts).packets),
    asked.packets,
  );
  return { packets, clientPorts: asked.clientPorts };
}

export interface PairAnswer {
  readonly verdict: ReachVerdict;
  /** Asked and certainly arriving. */
  readonly forward: L4Id;
  /** Certainly arriving and answered for every client port; for some client ports only. */
  readonly answered: L4Id;
  readonly partly: L4Id;
  /** May arrive and be answered, or not, for facts that are missing. */
  readonly open: L4Id;
  /** Client ports that answers certainly return to, where those are not all. */
  readonly tcpClientPorts: IntervalSet;
  readonly udpClientPorts: IntervalSet;
}

/** How far answers return: to every client port asked about, to some, to none. */
type Extent = 'all' | 'some' | 'none';

export function answerPair(sets: L4Sets, connection: Connection, asked: Asked): PairAnswer {
  // Listeners of a balancer whose answers come back differently are judged each by itself.
  const parts = (connection.apart ?? [connection]).map((part) => judged(sets, part, asked));
  const all = (of: (part: Judged) => L4Id): L4Id =>
    parts.reduce<L4Id>((united, part) => sets.union(united, of(part)), EMPTY);
  const answered = all(({ sure }) => sure.answered);
  const pessimist = verdictOf(
    sets,
    asked,
    answered,
    all(({ arrives }) => arrives),
  );
  const optimist = verdictOf(
    sets,
    asked,
    all(({ hoped }) => hoped.answered),
    all(({ mayArrive }) => mayArrive),
  );
  const common = (protocol: number): IntervalSet =>
    parts.reduce<IntervalSet>(
      (ports, { reply }) => intersectIntervals(ports, sets.ports(reply.must, protocol)),
      asked.clientPorts,
    );
  return {
    verdict: pessimist === optimist ? pessimist : 'unknown',
    forward: all(({ arrives }) => arrives),
    answered,
    partly: all(({ sure }) => sure.partly),
    open: all(({ open }) => open),
    tcpClientPorts: common(TCP),
    udpClientPorts: common(UDP),
  };
}

interface Judged {
  readonly arrives: L4Id;
  readonly mayArrive: L4Id;
  readonly sure: ReturnType<typeof split>;
  readonly hoped: ReturnType<typeof split>;
  readonly open: L4Id;
  readonly reply: Connection['reply'];
}

function judged(sets: L4Sets, { forward, reply }: Connection, asked: Asked): Judged {
  const arrives = sets.intersect(forward.must, asked.packets);
  const mayArrive = sets.intersect(forward.may, asked.packets);
  const sure = split(sets, arrives, reply.must, asked.clientPorts);
  const hoped = split(sets, mayArrive, reply.may, asked.clientPorts);
  // Not certain: what may arrive and need not, what may be answered and need not, or for more client ports than surely.
  const moreAnswers = sets.subtract(sets.union(hoped.answered, hoped.partly), sets.union(sure.answered, sure.partly));
  const open = sets.union(
    sets.subtract(mayArrive, arrives),
    sets.union(moreAnswers, sets.subtract(hoped.answered, sure.answered)),
  );
  return { arrives, mayArrive, sure, hoped, open, reply };
}

/** By protocol: client ports asked about that answers return to. */
export function portsThatReturn(
  sets: L4Sets,
  { partly, tcpClientPorts, udpClientPorts }: PairAnswer,
  { clientPorts }: Asked,
): (protocol: number) => IntervalSet {
  return (protocol) => {
    if (noIntervals(sets.ports(partly, protocol))) return clientPorts;
    return protocol === TCP ? tcpClientPorts : udpClientPorts;
  };
}

/** Client ports that answers return to, where those are not all: `tcp to client ports 32768-60999`. */
export function clientPortWords(
  sets: L4Sets,
  { partly, tcpClientPorts, udpClientPorts }: PairAnswer,
): readonly string[] {
  const limits: string[] = [];
  const add = (protocol: number, name: string, ports: IntervalSet): void => {
    if (noIntervals(sets.ports(partly, protocol))) return;
    limits.push(`${name} to client ports ${formatIntervals(ports)}`);
  };
  add(TCP, 'tcp', tcpClientPorts);
  add(UDP, 'udp', udpClientPorts);
  return limits;
}

/** A packet that arrives unanswered is no "none": whoever asks about exposure wants to know of it. */
function verdictOf(sets: L4Sets, asked: Asked, answered: L4Id, arriving: L4Id): ReachVerdict {
  if (sets.isSubset(asked.packets, answered)) return 'all';
  return arriving === EMPTY ? 'none' : 'some';
}

/** Packets that arrive, by how far their answers return. */
function split(sets: L4Sets, arriving: L4Id, reply: L4Id, clientPorts: IntervalSet): { answered: L4Id; partly: L4Id } {
  const withPorts = sets.union(sets.box(TCP, 0, 65535), sets.box(UDP, 0, 65535));
  let answered = sets.intersect(sets.subtract(arriving, withPorts), reply);
  let partly: L4Id = EMPTY;
  for (const protocol of [TCP, UDP]) {
    const packets = sets.intersect(arriving, sets.box(protocol, 0, 65535));
    const extent = extentOf(clientPorts, sets.ports(reply, protocol));
    if (extent === 'all') answered = sets.union(answered, packets);
    else if (extent === 'some') partly = sets.union(partly, packets);
  }
  return { answered, partly };
}

function extentOf(wanted: IntervalSet, reached: IntervalSet): Extent {
  if (noIntervals(subtractIntervals(wanted, reached))) return 'all';
  return noIntervals(intersectIntervals(wanted, reached)) ? 'none' : 'some';
}
