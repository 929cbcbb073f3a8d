/** Who is reached behind a node of a balancer: a host with no public address is on the internet all the same if a listener leads to it. */

import type { Compiled } from '../compile/compile.ts';
import { BALANCE, type Listener, SAME_PORT } from '../compile/stage.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
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

/** One way from a listener to a target. */
export interface WayBehind {
  /** What the listener takes, and what it becomes at the target. */
  readonly front: L4Id;
  readonly taken: L4Id;
  /** Index of the interface that gets it, or -1. */
  readonly eni: number;
  readonly shown: ReachedBehind;
}

/** Interfaces that are nodes of balancers. */
export function isNode(compiled: Compiled, eni: number): boolean {
  return listenersOf(compiled, eni).length > 0;
}

/** Targets to which a node sends some of the packets that certainly pass it, in the order of its listeners. */
export function behindNode(compiled: Compiled, sets: L4Sets, node: number, passing: L4Id): readonly WayBehind[] {
  return listenersOf(compiled, node)
    .filter(({ protocol, port }) => sets.contains(passing, protocol, port))
    .flatMap(({ protocol, port, targets }) =>
      targets.flatMap(({ address, port: own, origin }) => {
        if (address === null) return [];
        const at = own === SAME_PORT ? port : own;
        const taken = sets.box(protocol, at, at);
        const eni = holderOf(compiled, node, address);
        const by = `listener ${origin.rule ?? ''} of ${origin.resource}`;
        const shown = { place: placeOf(compiled, eni, address), packets: wordsOf(sets, taken), by };
        return [{ front: sets.box(protocol, port, port), taken, eni, shown }];
      }),
    );
}

/** Interfaces that are nodes with a listener that leads to one of these. */
export function nodesBefore(compiled: Compiled, enis: ReadonlySet<number>): readonly number[] {
  return compiled.network.networkInterfaces.flatMap((_, node) =>
    listenersOf(compiled, node).some(({ targets }) =>
      targets.some(({ address }) => address !== null && enis.has(holderOf(compiled, node, address))),
    )
      ? [node]
      : [],
  );
}

/** Who has the address: in the VPC of the node if anyone there has, else anywhere; -1 for nobody. */
function holderOf({ network }: Compiled, node: number, address: Address): number {
  const enis = network.networkInterfaces;
  const { vpcId } = enis[node]!;
  const has = ({ privateAddresses }: NetworkInterface): boolean =>
    privateAddresses.some((own) => sameAddress(own.address, address));
  const near = enis.findIndex((eni) => eni.vpcId === vpcId && has(eni));
  return near >= 0 ? near : enis.findIndex(has);
}

function placeOf(compiled: Compiled, eni: number, address: Address): Place {
  return eni < 0
    ? { kind: 'other', id: formatAddress(address), name: null }
    : interfaceAsPlace(compiled, compiled.network.networkInterfaces[eni]!);
}
