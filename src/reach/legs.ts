/**
 * Legs: what the stages between two plain interfaces let through in one direction, from behind the groups of the one to the groups of
 * the other. All addresses of one district fare alike with all of another, so that a leg serves all their pairs, and the answers of
 * the pairs the other way round.
 *
 * Only what needs no further thought is a leg: filters that certainly allow or refuse, lookups that have one answer and replace
 * nothing. Everything else (translation, appliances, missing facts, choices) is left to the walker of the sets.
 */

import type { Compiled } from '../compile/compile.ts';
import { find, NOTHING } from '../compile/lookup.ts';
import { DESTINATION, SOURCE } from '../compile/rule-table.ts';
import {
  DROP,
  FILTER,
  FORGETS_SENDER,
  GATEWAY_IN,
  LEAVES_INTERFACE,
  LOOKUP,
  RETURNS_TO_GATEWAY,
  ROUTES,
  SILENT,
  type StageId,
} from '../compile/stage.ts';
import type { AddressMaps } from './address-map.ts';
import { type Districts, isBetween } from './districts.ts';
import { EMPTY, EVERYTHING, type L4Id, type L4Sets } from './l4-sets.ts';

export interface Leg {
  /** Packets that get as far as the groups. */
  readonly passing: L4Id;
  readonly assumptions: number;
  /** Group references no longer see who sent the packet. */
  readonly forgetsSender: boolean;
}

/** Effects that mean nothing to packets that no gateway has translated and no balancer sent on, besides FORGETS_SENDER. */
const HARMLESS = FORGETS_SENDER | RETURNS_TO_GATEWAY | ROUTES | LEAVES_INTERFACE | SILENT;
const MOST_STAGES = 100;

export class Legs {
  readonly #compiled: Compiled;
  readonly #sets: L4Sets;
  readonly #maps: AddressMaps;
  readonly #districts: Districts;

  constructor(compiled: Compiled, sets: L4Sets, maps: AddressMaps, districts: Districts) {
    this.#compiled = compiled;
    this.#sets = sets;
    this.#maps = maps;
    this.#districts = districts;
  }

  /**
   * From an address of one district, whose packets start at `lan`, to one of another. Null where that is no plain way. Worked out
   * anew each time.
   */
  between(lan: StageId, from: number, to: number): Leg | null {
    const { ranks, homes, examples } = this.#districts;
    const target = examples[to]!;
    return this.#walk(lan, ranks[examples[from]!]!, ranks[target]!, homes[target]!);
  }

  #walk(start: StageId, source: number, destination: number, home: StageId): Leg | null {
    const { stages, space } = this.#compiled;
    let passing: L4Id = EVERYTHING;
    let assumptions = 0;
    let forgetsSender = false;
    let at = start;
    for (let met = 0; at !== home; met++) {
      const stage = stages[at];
      if (stage === undefined || met === MOST_STAGES) return null;
      assumptions |= stage.assumptions;
      if (stage.kind === GATEWAY_IN) {
        // Nothing was translated on the way, so that this is no answer which the gateway knows.
        at = stage.otherwise;
        continue;
      }
      if ((stage.effects & ~HARMLESS) !== 0) return null;
      switch (stage.kind) {
        case FILTER: {
          const { rules } = stage;
          const { must, may } = this.#maps.inOrder(rules, rules.peer === SOURCE ? source : destination);
          if (must !== may || !isBetween(stage)) return null;
          passing = this.#sets.intersect(passing, must);
          at = stage.next;
          break;
        }
        case LOOKUP: {
          // Every IPv4 source may fare in its own way there.
          if (!isBetween(stage) || (stage.end !== DESTINATION && source < space.firstV6)) return null;
          const found = find(stage.lookup, stage.end === DESTINATION ? destination : source);
          if (found === NOTHING) at = stage.next;
          else {
            const entry = stage.entries[found]!;
            if (entry.rewrite !== null || entry.alternatives.length > 0) return null;
            assumptions |= entry.assumptions;
            at = entry.next;
          }
          break;
        }
        case DROP:
          return { passing: EMPTY, assumptions, forgetsSender };
        default:
          return null;
      }
      if (passing === EMPTY) return { passing, assumptions, forgetsSender };
      if ((stage.effects & FORGETS_SENDER) !== 0 && at !== stage.otherwise) forgetsSender = true;
    }
    return { passing, assumptions, forgetsSender };
  }
}
