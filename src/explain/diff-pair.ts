/** How the fate of packets between two places differs between two networks: the sets of two `Connection`s, cell by cell. */

import {
  formatIntervals,
  type IntervalSet,
  intersectIntervals,
  noIntervals,
  sameIntervals,
  subtractIntervals,
  unionIntervals,
} from '../net/interval-set.ts';
import { TCP, UDP } from '../net/protocol.ts';
import type { Connection, Passing } from '../reach/connection.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import type { Asked } from './reach-pair.ts';
import type { Verdict } from './trace.ts';

/** Packets between two places whose verdict differs. */
export interface FlowChange {
  readonly before: Verdict;
  readonly after: Verdict;
  readonly packets: L4Id;
  /** TCP and UDP: the client ports for which it does; null for every one that was asked about. */
  readonly clientPorts: IntervalSet | null;
}

/** NO, MAYBE or YES: an index into what `threeWays` gives. */
const NO = 0;
const MAYBE = 1;
const YES = 2;
const WAYS = [NO, MAYBE, YES];

/**
 * The packets asked about whose verdict differs, in parts that do not overlap: one part for each pair of verdicts and client ports.
 * A connection that is null stands for a place that is not there: nothing arrives.
 *
 * Between two places the verdict is a function of two things that vary on their own: whether the packet arrives (by destination
 * port), and whether its answer returns (TCP and UDP: by client port). So the cells of both networks are products.
 */
export function flowChanges(
  sets: L4Sets,
  before: Connection | null,
  after: Connection | null,
  asked: Asked,
): readonly FlowChange[] {
  if (isAlike(before, after)) return [];
  const parts = new Parts(sets);
  const [there, thereAfter] = [
    threeWays(sets, before?.forward, asked.packets),
    threeWays(sets, after?.forward, asked.packets),
  ];
  const [back, backAfter] = [
    threeWays(sets, before?.reply, asked.packets),
    threeWays(sets, after?.reply, asked.packets),
  ];
  const withPorts = sets.union(sets.box(TCP, 0, 65535), sets.box(UDP, 0, 65535));
  for (const was of WAYS) {
    for (const is of WAYS) {
      const arriving = sets.intersect(there[was]!, thereAfter[is]!);
      if (arriving === EMPTY || (was === NO && is === NO)) continue;
      for (const protocol of [TCP, UDP]) {
        const packets = sets.intersect(arriving, sets.box(protocol, 0, 65535));
        if (packets === EMPTY) continue;
        const ports = portsThreeWays(sets, before?.reply, protocol, asked.clientPorts);
        const portsAfter = portsThreeWays(sets, after?.reply, protocol, asked.clientPorts);
        const byVerdicts = new Map<string, { before: Verdict; after: Verdict; ports: IntervalSet }>();
        for (const answered of WAYS) {
          for (const answeredAfter of WAYS) {
            const common = intersectIntervals(ports[answered]!, portsAfter[answeredAfter]!);
            const [verdict, verdictAfter] = [verdictOf(was, answered), verdictOf(is, answeredAfter)];
            if (noIntervals(common) || verdict === verdictAfter) continue;
            const known = byVerdicts.get(`${verdict} ${verdictAfter}`)?.ports ?? [];
            const all = unionIntervals(known, common);
            byVerdicts.set(`${verdict} ${verdictAfter}`, { before: verdict, after: verdictAfter, ports: all });
          }
        }
        for (const cell of byVerdicts.values()) {
          parts.add({
            ...cell,
            packets,
            clientPorts: sameIntervals(cell.ports, asked.clientPorts) ? null : cell.ports,
          });
        }
      }
      const others = sets.subtract(arriving, withPorts);
      for (const answered of WAYS) {
        for (const answeredAfter of WAYS) {
          const packets = sets.intersect(others, sets.intersect(back[answered]!, backAfter[answeredAfter]!));
          const [verdict, verdictAfter] = [verdictOf(was, answered), verdictOf(is, answeredAfter)];
          if (packets === EMPTY || verdict === verdictAfter) continue;
          parts.add({ before: verdict, after: verdictAfter, packets, clientPorts: null });
        }
      }
    }
  }
  return parts.all();
}

/** Reports whether some packet asked about may arrive, or be answered, and need not. */
export function isOpen(sets: L4Sets, { forward, reply }: Connection, { packets }: Asked): boolean {
  const mayArrive = sets.intersect(forward.may, packets);
  if (mayArrive === EMPTY) return false;
  return sets.subtract(mayArrive, forward.must) !== EMPTY || reply.must !== reply.may;
}

/** Equal ids are equal sets. */
function isAlike(before: Connection | null, after: Connection | null): boolean {
  if (before === null || after === null) return before === after;
  return (
    before.forward.must === after.forward.must &&
    before.forward.may === after.forward.may &&
    before.reply.must === after.reply.must &&
    before.reply.may === after.reply.may
  );
}

/** What certainly does not pass, what may, and what certainly does. */
function threeWays(sets: L4Sets, passing: Passing | undefined, asked: L4Id): readonly [L4Id, L4Id, L4Id] {
  const { must, may } = passing ?? { must: EMPTY, may: EMPTY };
  const [yes, notNo] = [sets.intersect(asked, must), sets.intersect(asked, may)];
  return [sets.subtract(asked, notNo), sets.subtract(notNo, yes), yes];
}

function portsThreeWays(
  sets: L4Sets,
  passing: Passing | undefined,
  protocol: number,
  asked: IntervalSet,
): readonly [IntervalSet, IntervalSet, IntervalSet] {
  const { must, may } = passing ?? { must: EMPTY, may: EMPTY };
  const yes = intersectIntervals(asked, sets.ports(must, protocol));
  const notNo = intersectIntervals(asked, sets.ports(may, protocol));
  return [subtractIntervals(asked, notNo), subtractIntervals(notNo, yes), yes];
}

/** As the walker has it: what does not arrive is dropped, however its answer would fare. */
function verdictOf(arrives: number, answered: number): Verdict {
  if (arrives === NO) return 'dropped';
  if (arrives === MAYBE || answered === MAYBE) return 'unknown';
  return answered === YES ? 'delivered' : 'one-way';
}

/** Cells with equal verdicts and client ports together. */
class Parts {
  readonly #sets: L4Sets;
  readonly #parts = new Map<string, FlowChange>();

  constructor(sets: L4Sets) {
    this.#sets = sets;
  }

  add({ before, after, packets, clientPorts }: FlowChange): void {
    const key = `${before} ${after} ${clientPorts === null ? 'all' : formatIntervals(clientPorts)}`;
    const known = this.#parts.get(key)?.packets ?? EMPTY;
    this.#parts.set(key, { before, after, packets: this.#sets.union(known, packets), clientPorts });
  }

  all(): readonly FlowChange[] {
    return [...this.#parts.values()];
  }
}
