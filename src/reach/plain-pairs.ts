/**
 * What passes between plain interfaces (`plain-ends.ts`): what the groups of the sender, the stages in between and the groups of the
 * target let through is worked out on its own, each once, and a pair is two intersections. Equal connections are one.
 */

import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import type { InterfaceClasses } from '../compile/interface-classes.ts';
import { find, NOTHING } from '../compile/lookup.ts';
import type { StageId } from '../compile/stage.ts';
import { AddressMaps, type TableMap } from './address-map.ts';
import type { Connection, Connections } from './connection.ts';
import { Districts } from './districts.ts';
import { EMPTY, type L4Id } from './l4-sets.ts';
import { type Leg, Legs } from './legs.ts';
import { type PlainEnd, PlainEnds } from './plain-ends.ts';

/** An address of a plain interface, ready to be asked about. */
export interface PlainAddress {
  readonly eni: number;
  readonly rank: number;
  readonly district: number;
  readonly lan: StageId;
  readonly outbound: TableMap;
  readonly inbound: TableMap;
  readonly identities: PlainEnd['identities'];
}

/** Nothing may pass. */
export const NO_WAY = 'no way';
/** Missing facts, translation or an appliance: to be walked. */
export const TO_WALK = 'to walk';

export class PlainPairs {
  readonly districts: Districts;
  readonly #connections: Connections;
  readonly #maps: AddressMaps;
  readonly #legs: Legs;
  readonly #addresses = new Map<number, PlainAddress>();
  readonly #known = new Map<number, Connection[]>();

  /** `held` are the addresses that there are questions about, with their interfaces. */
  constructor(
    compiled: Compiled,
    connections: Connections,
    classes: InterfaceClasses,
    held: Iterable<{ readonly eni: number; readonly rank: number }>,
  ) {
    this.#connections = connections;
    this.#maps = new AddressMaps(compiled, connections.sets);
    const ends = new PlainEnds(compiled, classes);
    const plain = new Map<number, PlainEnd>();
    for (const { eni, rank } of held) {
      const end = ends.of(eni);
      if (end !== null) plain.set(rank, end);
    }
    exclude(plain);
    this.districts = new Districts(
      compiled,
      [...plain].map(([rank, { home }]) => ({ rank, home })),
    );
    this.districts.ranks.forEach((rank, index) => {
      const { eni, lan, outbound, inbound, identities } = plain.get(rank)!;
      this.#addresses.set(rank, {
        eni,
        rank,
        district: this.districts.of[index]!,
        lan,
        outbound: this.#maps.of(outbound),
        inbound: this.#maps.of(inbound),
        identities,
      });
    });
    this.#legs = new Legs(compiled, connections.sets, this.#maps, this.districts);
  }

  /** Null where the interface is not plain. */
  addressOf(eni: number, rank: number): PlainAddress | null {
    const address = this.#addresses.get(rank);
    return address === undefined || address.eni !== eni ? null : address;
  }

  /**
   * From one interface to another, which fare like `from` and `to` besides the groups that they carry. The connection does not tell
   * what stopped packets.
   */
  between(
    from: PlainAddress,
    sender: number,
    to: PlainAddress,
    targetRank: number,
  ): Connection | typeof NO_WAY | typeof TO_WALK {
    const leg = this.#legs.between(from.lan, from.district, to.district);
    if (leg === null) return TO_WALK;
    if (leg.passing === EMPTY) return NO_WAY;
    const maps = this.#maps;
    const holder = from.outbound.table.hasGroups ? find(from.identities, targetRank) : NOBODY;
    const out = maps.anyIn(from.outbound, targetRank, holder);
    if (out.may === EMPTY) return NO_WAY;
    const into = maps.anyIn(to.inbound, from.rank, leg.forgetsSender ? NOBODY : sender);
    if (out.must !== out.may || into.must !== into.may) return TO_WALK;
    const { sets } = this.#connections;
    const forward = sets.intersect(sets.intersect(out.must, into.must), leg.passing);
    if (forward === EMPTY) return NO_WAY;
    const back = this.#legs.between(to.lan, to.district, from.district);
    return back === null ? TO_WALK : this.#connectionOf(forward, leg, back);
  }

  #connectionOf(forward: L4Id, leg: Leg, back: Leg): Connection {
    const reply = this.#connections.requestsOf(back.passing);
    const assumptions = leg.assumptions | back.assumptions;
    // Ids stay far below 2^25.
    const key = forward * 2 ** 25 + reply;
    const known = this.#known.get(key) ?? [];
    this.#known.set(key, known);
    const same = known.find((connection) => connection.assumptions === assumptions);
    if (same !== undefined) return same;
    const made: Connection = {
      forward: { must: forward, may: forward },
      reply: { must: reply, may: reply },
      facts: [],
      assumptions,
      forwardKills: [],
      replyKills: [],
    };
    known.push(made);
    return made;
  }
}

/** Leaves out interfaces from which some of the addresses are not reached by way of their groups. */
function exclude(plain: Map<number, PlainEnd>): void {
  const ranks = Int32Array.from(plain.keys()).sort();
  const isSpecial = new Map<PlainEnd['exempt'], boolean>();
  for (const [rank, { exempt }] of plain) {
    let special = isSpecial.get(exempt);
    if (special === undefined) {
      special = exempt.starts.some((start, run) => {
        const end = exempt.starts[run + 1] ?? Number.POSITIVE_INFINITY;
        return exempt.values[run] !== NOTHING && ranks.some((other) => start <= other && other < end);
      });
      isSpecial.set(exempt, special);
    }
    if (special) plain.delete(rank);
  }
}
