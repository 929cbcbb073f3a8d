/** A question about sets, asked of a network and then of the same network after a change. */

import { rankOf } from '../compile/address-space.ts';
import { type Compiled, type CompileOptions, compile } from '../compile/compile.ts';
import { recompile } from '../compile/recompile.ts';
import { RoundTrips } from '../evaluate/round-trip.ts';
import type { Network } from '../model/network.ts';
import type { Address } from '../net/address.ts';
import type { IntervalSet } from '../net/interval-set.ts';
import { ICMP, ICMPV6, LAST_PORT } from '../net/protocol.ts';
import { type Connection, Connections } from '../reach/connection.ts';
import { EMPTY, type L4Sets } from '../reach/l4-sets.ts';
import type { PlaceExpression } from './place-expression.ts';
import { type PlaceSet, placesOf } from './place-set.ts';
import { destinationFor, receiverOf, type Sender, sendersOf, type Target, targetsOf } from './reach-ends.ts';
import { type Asked, answerPair, askedOf, type PairAnswer } from './reach-pair.ts';
import type { Service } from './service-text.ts';

export interface AskedQuestion {
  readonly from: PlaceExpression;
  readonly to: PlaceExpression;
  readonly service: Service;
  /** Ports that clients send from, unless the service pins them. */
  readonly clientPorts: IntervalSet;
}

export interface AskedPair {
  readonly sender: Sender;
  readonly target: Target;
  readonly destination: Address;
  readonly connection: Connection;
  readonly answer: PairAnswer;
}

/** One network under one question. */
export interface Asking {
  readonly compiled: Compiled;
  readonly from: PlaceSet;
  readonly to: PlaceSet;
  readonly pairs: readonly AskedPair[];
  readonly trips: RoundTrips;
}

/** What the service asks, whatever the network. */
export function askedIn(sets: L4Sets, { service, clientPorts }: AskedQuestion): Asked {
  return askedOf(sets, service, clientPorts);
}

/** The question in a changed network: rules alone are replaced, everything else is compiled. */
export function askIn(
  after: Network,
  { network, compiled }: { readonly network: Network; readonly compiled: Compiled },
  options: CompileOptions,
  sets: L4Sets,
  question: AskedQuestion,
): Asking {
  return askCompiled(recompile(compiled, network, after) ?? compile(after, options), sets, question);
}

export function askCompiled(compiled: Compiled, sets: L4Sets, question: AskedQuestion): Asking {
  const asked = askedIn(sets, question);
  const from = placesOf(compiled, question.from);
  const to = placesOf(compiled, question.to);
  const targets = targetsOf(compiled, to);
  const connections = new Connections(compiled, sets);
  const trips = new RoundTrips(compiled);
  trips.findsAllBlockers = true;
  const pairs: AskedPair[] = [];
  for (const sender of sendersOf(compiled, from)) {
    for (const target of targets) {
      const destination = destinationFor(sender, target);
      if (destination === null || isOfOtherFamily(sets, asked, destination)) continue;
      const connection = connections.between(
        sender,
        destination,
        rankOf(compiled.space, destination),
        null,
        receiverOf(target),
      );
      pairs.push({ sender, target, destination, connection, answer: answerPair(sets, connection, asked) });
    }
  }
  return { compiled, from, to, pairs, trips };
}

/** ICMP is no question between v6 addresses, nor ICMPv6 between v4 ones. */
function isOfOtherFamily(sets: L4Sets, { packets }: Asked, { family }: Address): boolean {
  return sets.isSubset(packets, sets.box(family === 6 ? ICMP : ICMPV6, 0, LAST_PORT));
}

/** Everything asked arrives and is answered, for certain. */
export function isOpen({ pairs }: Asking): boolean {
  return pairs.every(({ answer }) => answer.verdict === 'all');
}

/** Nothing asked arrives, for certain. */
export function isClosed({ pairs }: Asking, sets: L4Sets, asked: Asked): boolean {
  return pairs.every(({ connection }) => sets.intersect(connection.forward.may, asked.packets) === EMPTY);
}
