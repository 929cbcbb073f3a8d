/** Packets one after the other, with the memory that each leaves. Where a reading was open, every world it leads to goes on. */

import type { Network } from '../../src/model/network.ts';
import type { Packet } from '../../src/net/packet.ts';
import { copyState, emptyState, type State } from './flow.ts';
import { agreed, type NaiveOptions, type Sender, walkOnce } from './naive.ts';
import { everyReading } from './readings.ts';
import type { Ending } from './walk.ts';

/** Worlds beyond these are dropped: the first ones differ enough. */
const MOST_WORLDS = 64;

export class NaiveSession {
  private network: Network;
  private readonly options: NaiveOptions;
  private worlds: readonly State[] = [emptyState()];

  constructor(network: Network, options: NaiveOptions = {}) {
    this.network = network;
    this.options = options;
  }

  /** Times are seconds and never go back. */
  send(packet: Packet, from: Sender, now: number): Ending {
    const { network, options } = this;
    const next: { state: State; ending: Ending }[] = [];
    for (const world of this.worlds) {
      next.push(
        ...everyReading((choose) => {
          const state = copyState(world);
          return { state, ending: walkOnce({ network, packet, from, state, now, choose, options }) };
        }),
      );
    }
    const worlds = new Map(next.map(({ state }) => [JSON.stringify(state), state]));
    this.worlds = [...worlds.values()].slice(0, MOST_WORLDS);
    return agreed(next.map(({ ending }) => ending));
  }

  /** Rules change, connections stay (CT-08, OPEN-25). */
  apply(network: Network): void {
    this.network = network;
  }
}
