/** Packets that show an exposure, replayed by the walker, and the rules that they passed. */

import type { Compiled } from '../compile/compile.ts';
import { ARRIVES_AND_RETURNS, RoundTrips } from '../evaluate/round-trip.ts';
import { formatPacket } from '../net/packet-text.ts';
import { EMPTY, type L4Sets } from '../reach/l4-sets.ts';
import { explainLeg } from './explain-leg.ts';
import type { Exposure, PassedRule } from './exposure-answer.ts';
import { familiarAddress, type Sender, type Target } from './reach-ends.ts';
import { INTERNET } from './reach-groups.ts';
import { type Asked, type PairAnswer, portsThatReturn } from './reach-pair.ts';
import { VERDICT_WORDS, witnessOf } from './reach-witness.ts';
import type { Step } from './trace.ts';

export class ExposureWitnesses {
  readonly #compiled: Compiled;
  readonly #sets: L4Sets;
  readonly #trips: RoundTrips;

  constructor(compiled: Compiled, sets: L4Sets) {
    this.#compiled = compiled;
    this.#sets = sets;
    this.#trips = new RoundTrips(compiled);
  }

  /** Throws when the walker does not confirm what the sets say: the two readers must agree. */
  of(sender: Sender, target: Target, answer: PairAnswer, asked: Asked): Pick<Exposure, 'witness' | 'through'> {
    const sets = this.#sets;
    const returns = sets.union(answer.answered, answer.partly);
    const set = returns === EMPTY ? answer.forward : returns;
    const source = familiarAddress(sender.piece!);
    const packet = witnessOf(sets, set, source, target.fromInternet, portsThatReturn(sets, answer, asked))!;
    const trip = this.#trips.walk(packet, { stage: sender.start, sender: sender.sender });
    if (returns !== EMPTY && trip.verdict !== ARRIVES_AND_RETURNS) {
      throw new Error(`the sets say that ${formatPacket(packet)} is answered and the walker does not`);
    }
    const { hops } = explainLeg(this.#compiled, trip.forward, {
      sent: packet,
      received: trip.received!,
      from: INTERNET,
    });
    const through = hops
      .flatMap(({ steps }) => steps)
      .filter(decides)
      .map(passedRule);
    return { witness: { packet: formatPacket(packet), verdict: VERDICT_WORDS[trip.verdict]! }, through };
  }
}

function decides({ stage, result, resource }: Step): boolean {
  return resource !== null && (result === 'allow' || result === 'forward' || stage === 'listener');
}

function passedRule({ stage, text, resource, rule, source }: Step): PassedRule {
  return { stage, text, resource, rule, source };
}
