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
  /** Equal where district and `lan` are. */
  readonly cell: number;
  readonly outbound: TableMap;
  readonly inbound: TableMap;
  readonly identities: PlainEnd['identities'];
}

/** The legs between two cells; `back` where it was asked for. */
interface Way {
  readonly from: number;
  readonly to: number;
  readonly there: Leg | null;
  back: Leg | null | undefined;
}

/** Nothing may pass. */
export const NO_WAY = 'no way';
/** Missing facts, translation or an appliance: to be walked. */
export const TO_WALK = 'to walk';

export class PlainPairs {
  readonly districts: Districts;
  /** Marks stages where an interface is addressed, by stage. */
  readonly isHome: Uint8Array;
  readonly #connections: Connections;
  readonly #maps: AddressMaps;
  readonly #legs: Legs;
  readonly #addresses = new Map<number, PlainAddress>();
  readonly #known = new Map<number, Connection[]>();
  /** By cell of the sender, by cell of the target. */
  readonly #ways: Map<number, Way>[] = [];
  #way: Way = { from: -1, to: -1, there: null, back: null };

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
    this.isHome = ends.isHome;
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
    const cells = new Map<string, number>();
    this.districts.ranks.forEach((rank, index) => {
      const { eni, lan, outbound, inbound, identities } = plain.get(rank)!;
      const district = this.districts.of[index]!;
      const key = `${district} ${lan}`;
      const cell = cells.get(key) ?? this.#ways.push(new Map()) - 1;
      cells.set(key, cell);
      this.#addresses.set(rank, {
        eni,
        rank,
        district,
        lan,
        cell,
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

  /** Whether anything gets from the groups of the one to those of the other, as far as that is known without a walk. */
  mayPass(from: PlainAddress, to: PlainAddress): boolean {
    const { there } = this.#wayBetween(from, to);
    return there === null || there.passing !== EMPTY;
  }

  /**
   * Between two interfaces that fare like `from` and `to`, and carry the groups of `sender` and `target`: NOBODY for one that carries
   * none of which the other's rules speak. The connection does not tell what stopped packets.
   */
  between(
    from: PlainAddress,
    sender: number,
    to: PlainAddress,
    target: number,
  ): Connection | typeof NO_WAY | typeof TO_WALK {
    const way = this.#wayBetween(from, to);
    const { there } = way;
    if (there === null) return TO_WALK;
    if (there.passing === EMPTY) return NO_WAY;
    const maps = this.#maps;
    const into = maps.anyIn(to.inbound, from.rank, there.forgetsSender ? NOBODY : sender);
    if (into.may === EMPTY) return NO_WAY;
    const out = maps.anyIn(from.outbound, to.rank, this.#holderSeenFrom(from, to, target));
    if (out.must !== out.may || into.must !== into.may) return TO_WALK;
    const { sets } = this.#connections;
    const forward = sets.intersect(sets.intersect(out.must, into.must), there.passing);
    if (forward === EMPTY) return NO_WAY;
    if (way.back === undefined) way.back = this.#wayOf(to, from).there;
    return way.back === null ? TO_WALK : this.#connectionOf(forward, there, way.back);
  }

  /** Where the outbound groups see the interface that has the address, they see the groups of `target`. */
  #holderSeenFrom({ outbound, identities }: PlainAddress, to: PlainAddress, target: number): number {
    if (!outbound.table.hasGroups) return NOBODY;
    const holder = find(identities, to.rank);
    return holder === to.eni ? target : holder;
  }

  /** Neighbours in the order of questions nearly always share their way. */
  #wayBetween(from: PlainAddress, to: PlainAddress): Way {
    const last = this.#way;
    if (last.from === from.cell && last.to === to.cell) return last;
    this.#way = this.#wayOf(from, to);
    return this.#way;
  }

  #wayOf(from: PlainAddress, to: PlainAddress): Way {
    const ways = this.#ways[from.cell]!;
    const known = ways.get(to.cell);
    if (known !== undefined) return known;
    const way: Way = {
      from: from.cell,
      to: to.cell,
      there: this.#legs.between(from.lan, from.district, to.district),
      back: undefined,
    };
    ways.set(to.cell, way);
    return way;
  }

  #connectionOf(forward: L4Id, there: Leg, back: Leg): Connection {
    const reply = this.#connections.requestsOf(back.passing);
    const assumptions = there.assumptions | back.assumptions;
    // Ids stay far below 2^25.
    const key = forward * 2 ** 25 + reply;
    let known = this.#known.get(key);
    if (known === undefined) {
      known = [];
      this.#known.set(key, known);
    }
    for (const connection of known) if (connection.assumptions === assumptions) return connection;
    const made: Connection = {
      forward: { must: forward, may: forward },
      reply: { must: reply, may: reply },
      facts: [],
      assumptions,
      forwardKills: [],
      replyKills: [],
      apart: null,
    };
    known.push(made);
    return made;
  }
}

/** Index of the first rank that is not before another. */
function indexFrom(ranks: Int32Array, rank: number): number {
  let low = 0;
  let high = ranks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranks[middle]! < rank) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Leaves out interfaces from which some of the addresses are not reached by way of their groups. */
function exclude(plain: Map<number, PlainEnd>): void {
  const ranks = Int32Array.from(plain.keys()).sort();
  const isSpecial = new Map<PlainEnd['exempt'], boolean>();
  for (const [rank, { exempt }] of plain) {
    let special = isSpecial.get(exempt);
    if (special === undefined) {
      special = exempt.starts.some((start, run) => {
        if (exempt.values[run] === NOTHING) return false;
        const next = ranks[indexFrom(ranks, start)];
        return next !== undefined && next < (exempt.starts[run + 1] ?? Number.POSITIVE_INFINITY);
      });
      isSpecial.set(exempt, special);
    }
    if (special) plain.delete(rank);
  }
}
