/** What stops the packets that a rule speaks of: one packet of each kind, walked, names the stage and the rule that refuses it. */

import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { NONE } from '../compile/names.ts';
import { RoundTrips } from '../evaluate/round-trip.ts';
import { intervalSet } from '../net/interval-set.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import { explainLeg } from './explain-leg.ts';
import type { Arrival } from './group-arrivals.ts';
import type { Departure } from './group-departures.ts';
import type { LintStop } from './lint-finding.ts';
import { witnessOf } from './reach-witness.ts';

/** The source port of the packets that are walked: no rule asks about it on the way there. */
const CLIENT_PORT = intervalSet([{ first: 49152, last: 49152 }]);

export class StoppedPackets {
  readonly #compiled: Compiled;
  readonly #sets: L4Sets;
  readonly #trips: RoundTrips;

  constructor(compiled: Compiled, sets: L4Sets) {
    this.#compiled = compiled;
    this.#sets = sets;
    this.#trips = new RoundTrips(compiled);
  }

  /** What stops the first of these packets to be stopped; null where none of them are, or nobody can say. */
  stop({ ended, from, to, start, sender }: Arrival | Departure, packets: L4Id, peer: string): LintStop | null {
    const kill = ended?.[0]?.kills.find(({ killed }) => this.#sets.intersect(killed, packets) !== EMPTY);
    const stopped = kill === undefined ? packets : this.#sets.intersect(kill.killed, packets);
    const packet = witnessOf(this.#sets, stopped, from.address, to.address, () => CLIENT_PORT);
    if (packet === null) return null;
    const trip = this.#trips.walk(packet, { stage: start, sender });
    const place = { kind: 'other', id: peer, name: null } as const;
    const leg = explainLeg(this.#compiled, trip.forward, { sent: packet, received: trip.received!, from: place });
    const blocker = leg.blockers[0];
    if (blocker !== undefined) {
      const { stage, code, resource, rule, text } = blocker;
      return { peer, count: 1, stage, code, resource, rule, text };
    }
    if (leg.outcome !== 'delivered') return null;
    const text = `delivered to ${leg.to.name ?? leg.to.id} instead`;
    return { peer, count: 1, stage: 'deliver', code: null, resource: null, rule: null, text };
  }

  /** `interfaces of subnet-1`, or `the internet`. */
  nameOf(sender: number): string {
    if (sender === NOBODY) return 'the internet';
    const { names, network } = this.#compiled;
    const subnet = names.subnetOfEni[sender]!;
    return subnet === NONE ? network.networkInterfaces[sender]!.id : `interfaces of ${network.subnets[subnet]!.id}`;
  }
}

/** Stops that differ in their numbers only as one. */
export class StopTally {
  readonly #stops = new Map<string, LintStop>();

  /** `interfaces`: how many it speaks for; none for peers that are no interfaces. */
  add(stop: LintStop, interfaces: number): void {
    const { peer, stage, code, resource, rule } = stop;
    const key = [peer, stage, code, resource, rule].join(' ');
    const known = this.#stops.get(key);
    this.#stops.set(key, { ...stop, ...known, count: Math.max(1, (known?.count ?? 0) + interfaces) });
  }

  /** The first few, and how many kinds there are besides. */
  listed(limit: number): { readonly stops: readonly LintStop[]; readonly more: number } {
    const stops = [...this.#stops.values()];
    return { stops: stops.slice(0, limit), more: Math.max(0, stops.length - limit) };
  }
}
