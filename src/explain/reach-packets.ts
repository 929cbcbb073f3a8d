/** The packets of an answer as exact sets, over all pairs that it is about. */

import type { AddressRange } from '../net/address-set.ts';
import { LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import { EMPTY, EVERYTHING, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import { type ExactSet, type Flows, packetsOf } from './exact-set.ts';
import { destinationFor, type Sender, type Target } from './reach-ends.ts';
import type { Pair } from './reach-groups.ts';
import type { Asked } from './reach-pair.ts';

/** What certainly arrives of what was asked about, and what of it is certainly answered; under the addresses that senders use. */
export interface ReachPackets {
  readonly forward: ExactSet;
  readonly roundTrip: ExactSet;
}

/** `isPinned` says whether the question names source ports; if not, the sets hold packets from every port. */
export function packetsOfPairs(sets: L4Sets, pairs: readonly Pair[], isPinned: boolean): ReachPackets {
  const flows = pairs.flatMap(({ from, to, asked, connection }) => {
    const forward = sets.intersect(connection.forward.must, asked.packets);
    if (forward === EMPTY) return [];
    const sources = isPinned ? sourcesOf(sets, asked) : EVERYTHING;
    const reply = sets.intersect(connection.reply.must, sources);
    return from
      .flatMap((sender) => to.flatMap((target) => rangesOf(sender, target)))
      .map((ends) => ({ ...ends, forward, reply, sent: sources }));
  });
  return {
    forward: packetsOf(
      sets,
      flows.map((flow): Flows => ({ ...flow, reply: flow.sent })),
    ),
    roundTrip: packetsOf(sets, flows),
  };
}

/** Packets from the client's ports, as replies have them; those without ports whole. */
function sourcesOf(sets: L4Sets, { clientPorts }: Asked): L4Id {
  const withPorts = sets.union(sets.box(TCP, 0, LAST_PORT), sets.box(UDP, 0, LAST_PORT));
  return [TCP, UDP].reduce<L4Id>(
    (all, protocol) => sets.union(all, sets.ofPorts(protocol, clientPorts)),
    sets.subtract(EVERYTHING, withPorts),
  );
}

/** The addresses of one pair's packets; none where the pair is no question. */
function rangesOf(sender: Sender, target: Target): readonly { sources: AddressRange; destinations: AddressRange }[] {
  const destination = destinationFor(sender, target);
  if (destination === null) return [];
  // An address of the internet stands for its piece; a public address for itself alone.
  const isItself = target.piece !== null || destination === target.fromInside;
  return [{ sources: sender.range, destinations: isItself ? target.range : { first: destination, last: destination } }];
}
