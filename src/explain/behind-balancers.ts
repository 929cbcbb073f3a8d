/** Who is reached behind a node of a balancer: a host with no public address is on the internet all the same if a listener leads to it. */

import type { Compiled } from '../compile/compile.ts';
import { BALANCE, type BalancedTarget, type Listener, SAME_PORT } from '../compile/stage.ts';
import { type Address, sameAddress } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import type { L4Id, L4Sets } from '../reach/l4-sets.ts';
import { interfaceAsPlace } from './packet-question.ts';
import { wordsOf } from './reach-words.ts';
import type { Place } from './trace.ts';

export interface ReachedBehind {
  /** Who gets the packets: an interface, or an address that the snapshot has no interface for. */
  readonly place: Place;
  /** What arrives there, as people write rules. */
  readonly packets: readonly string[];
  /** `listener TCP 443 of web-lb`: what leads there. */
  readonly by: string;
}

const listenersByNode = new WeakMap<Compiled, ReadonlyMap<number, readonly Listener[]>>();

function listenersOf(compiled: Compiled, node: number): readonly Listener[] {
  let known = listenersByNode.get(compiled);
  if (known === undefined) {
    const found = new Map<number, readonly Listener[]>();
    for (const { kind, host, listeners } of compiled.stages) {
      if (kind === BALANCE) found.set(compiled.gateways[host]!.index, listeners);
    }
    known = found;
    listenersByNode.set(compiled, known);
  }
  return known.get(node) ?? [];
}

/** Targets to which a node sends some of the packets that certainly pass it, in the order of its listeners. */
export function behindNode(compiled: Compiled, sets: L4Sets, node: number, passing: L4Id): readonly ReachedBehind[] {
  return listenersOf(compiled, node)
    .filter(({ protocol, port }) => sets.contains(passing, protocol, port))
    .flatMap(({ protocol, port, targets }) =>
      targets.flatMap((target) => {
        if (target.address === null) return [];
        const taken = target.port === SAME_PORT ? port : target.port;
        return [reached(compiled, node, target, target.address, wordsOf(sets, sets.box(protocol, taken, taken)))];
      }),
    );
}

function reached(
  compiled: Compiled,
  node: number,
  { origin }: BalancedTarget,
  address: Address,
  packets: readonly string[],
): ReachedBehind {
  const enis = compiled.network.networkInterfaces;
  const { vpcId } = enis[node]!;
  const holders = enis.filter(({ privateAddresses }) =>
    privateAddresses.some((own) => sameAddress(own.address, address)),
  );
  const holder = holders.find((eni) => eni.vpcId === vpcId) ?? holders[0];
  const place: Place =
    holder === undefined
      ? { kind: 'other', id: formatAddress(address), name: null }
      : interfaceAsPlace(compiled, holder);
  return { place, packets, by: `listener ${origin.rule ?? ''} of ${origin.resource}` };
}
