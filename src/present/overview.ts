/** What a snapshot holds, summed up: the first thing to look at, because no answer is better than its input. */

import { type NetworkPart, Topology } from '../compile/topology.ts';
import { BASIC_KINDS, KINDS, type Kind, type Network } from '../model/network.ts';
import type { Fact, Problem } from '../model/problem.ts';

/** One account and Region that has VPCs or interfaces (any, where none has). Null: neither the records nor their folders say. */
export interface PlaceCount {
  readonly account: string | null;
  readonly region: string | null;
  readonly vpcs: number;
  readonly networkInterfaces: number;
}

export interface KindCount {
  readonly kind: Kind;
  readonly count: number;
  /** `partial`: a list of this kind was cut off or lost records, so that absence proves nothing. `absent`: no list was read. */
  readonly read: 'whole' | 'partial' | 'absent';
}

interface UnmodelledCount {
  /** The array's key: `TransitGateways`. */
  readonly key: string;
  readonly count: number;
}

export interface Overview {
  readonly places: readonly PlaceCount[];
  readonly kinds: readonly KindCount[];
  /** VPCs that packets pass between without the internet, and the gateways they leave by. */
  readonly parts: readonly NetworkPart[];
  readonly unmodelled: readonly UnmodelledCount[];
  readonly problems: readonly Problem[];
  readonly facts: readonly Fact[];
}

/** Problems and facts are those of the network, or of its compiled form, which knows more of them. */
export function overviewOf(
  network: Network,
  problems: readonly Problem[] = network.problems,
  facts: readonly Fact[] = network.facts,
): Overview {
  return {
    places: placesOf(network),
    kinds: KINDS.map((kind) => ({ kind, count: network[kind].length, read: howWhole(network, kind) })).filter(
      ({ kind, read }) => BASIC_KINDS.has(kind) || read !== 'absent',
    ),
    parts: new Topology(network).parts(),
    unmodelled: unmodelledOf(network),
    problems,
    facts,
  };
}

function placesOf(network: Network): readonly PlaceCount[] {
  const places = new Map<string, { -readonly [K in keyof PlaceCount]: PlaceCount[K] }>();
  for (const kind of KINDS) {
    for (const { account, region } of network[kind]) {
      const key = `${account ?? ''} ${region ?? ''}`;
      const place = places.get(key) ?? { account, region, vpcs: 0, networkInterfaces: 0 };
      if (kind === 'vpcs' || kind === 'networkInterfaces') place[kind]++;
      places.set(key, place);
    }
  }
  const sorted = [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
  // Records that do not say where they belong stand beside those that do; they are no place of their own.
  const inhabited = sorted.filter(({ vpcs, networkInterfaces }) => vpcs + networkInterfaces > 0);
  return inhabited.length > 0 ? inhabited : sorted;
}

function howWhole(network: Network, kind: Kind): KindCount['read'] {
  const lists = network.lists.filter((list) => list.kind === kind);
  if (lists.length === 0) return 'absent';
  return lists.every(({ complete }) => complete) ? 'whole' : 'partial';
}

function unmodelledOf(network: Network): readonly UnmodelledCount[] {
  const counts = new Map<string, number>();
  for (const { key, count } of network.unmodelled) counts.set(key, (counts.get(key) ?? 0) + count);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => ({ key, count }));
}
