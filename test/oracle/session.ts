/** Packets one after the other, with the memory that each leaves. Where a reading was open, every world it leads to goes on. */

import type { Network } from '../../src/model/network.ts';
import { answerTo } from '../../src/net/answer.ts';
import type { Packet } from '../../src/net/packet.ts';
import { copyState, emptyState, type State } from './flow.ts';
import { agreed, type NaiveOptions, type Question, type Sender, walkOnce } from './naive.ts';
import { everyReading } from './readings.ts';
import type { Ending } from './walk.ts';

/** Worlds beyond these are dropped: the first ones differ enough. */
const MOST_WORLDS = 64;

type Sent = Pick<Question, 'packet' | 'from' | 'isAnswer'>;

interface World {
  readonly state: State;
  /** How the packet that was delivered last ended. */
  readonly delivered: Ending | null;
}

export class NaiveSession {
  private network: Network;
  private readonly options: NaiveOptions;
  private worlds: readonly World[] = [{ state: emptyState(), delivered: null }];

  constructor(network: Network, options: NaiveOptions = {}) {
    this.network = network;
    this.options = options;
  }

  /** Times are seconds and never go back. */
  send(packet: Packet, from: Sender, now: number): Ending {
    return this.pass(now, () => ({ packet, from }));
  }

  /** The answer to the packet delivered last, from where it was delivered; null when that has none, or AWS itself has it. */
  answer(now: number): Ending | null {
    const answers = this.worlds.map(({ delivered }) => delivered && answerTo(delivered.packet));
    if (answers.includes(null) || this.worlds.some(({ delivered }) => delivered?.at === 'aws-service')) return null;
    const from = (world: World): Sender => world.delivered?.at ?? '';
    return this.pass(now, (world, index) => ({ packet: answers[index]!, from: from(world), isAnswer: true }));
  }

  private pass(now: number, sent: (world: World, index: number) => Sent): Ending {
    const { network, options } = this;
    const next = this.worlds.flatMap((world, index) =>
      everyReading((choose) => {
        const state = copyState(world.state);
        const ending = walkOnce({ network, ...sent(world, index), state, now, choose, options });
        const delivered = ending.outcome === 'delivered' ? ending : world.delivered;
        return { ending, world: { state, delivered } };
      }),
    );
    const worlds = new Map(next.map(({ world }) => [JSON.stringify(world), world]));
    this.worlds = [...worlds.values()].slice(0, MOST_WORLDS);
    return agreed(next.map(({ ending }) => ending));
  }

  /** Rules change, connections stay (CT-08, OPEN-25). */
  apply(network: Network): void {
    this.network = network;
  }
}
