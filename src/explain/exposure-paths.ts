/**
 * How packets of the internet get to interfaces: worked out once for all whose address, subnet and state are alike, with their inbound
 * groups left out. What the groups of one of them say is put on top, which is one look at its rules for each piece of the internet.
 */

import { rankOf } from '../compile/address-space.ts';
import { NOBODY } from '../compile/identity.ts';
import { type RuleTable, SOURCE } from '../compile/rule-table.ts';
import { GROUPS, NO_STAGE } from '../compile/stage.ts';
import { AddressMaps, boundsOf, runOfBounds } from '../reach/address-map.ts';
import type { Allowed } from '../reach/allowed.ts';
import type { Connection, Survey } from '../reach/connection.ts';
import type { Consulted } from '../reach/consulted.ts';
import { EMPTY } from '../reach/l4-sets.ts';
import type { EndClass } from './end-classes.ts';
import { type Look, lookFromInternet, type NearMiss, nearMissesIn } from './exposure-near.ts';
import { familyOf, receiverOf, type Sender, type Target } from './reach-ends.ts';
import type { SetEngine } from './set-engine.ts';
import { KnownMembers, mergedByFate, type Strangers, type WalkedStrangers, walkedStrangers } from './strangers.ts';

/** Ways to one kind of place. Null where what groups say cannot be put on top. */
interface Path {
  readonly connections: readonly WalkedStrangers<Besides>[] | null;
  /** Null, too, where nobody on the internet is looked at for near misses. */
  readonly surveys: readonly WalkedStrangers<Survey | null>[] | null;
  readonly look: Look | null;
}

interface Besides {
  readonly connection: Connection;
  readonly meetsGroups: boolean;
}

export class InternetPaths {
  readonly #engine: SetEngine;
  readonly #strangers: Readonly<Record<4 | 6, readonly EndClass<Sender>[]>>;
  readonly #known = new KnownMembers<Sender>();
  readonly #paths = new Map<EndClass<Target>, Path>();
  readonly #maps: AddressMaps;
  /** Ranks of the lowest and the highest piece. */
  readonly #ends = new Map<readonly EndClass<Sender>[], { readonly first: number; readonly last: number }>();

  constructor(engine: SetEngine, strangers: Readonly<Record<4 | 6, readonly EndClass<Sender>[]>>) {
    this.#engine = engine;
    this.#strangers = strangers;
    this.#maps = new AddressMaps(engine.compiled, engine.sets);
  }

  /** What passes between pieces of the internet and a target that is alike, besides its groups, to those of `alike`. */
  connectionsOf(
    target: Target,
    alike: EndClass<Target>,
    fateOf: (connection: Connection) => string,
  ): readonly Strangers<Sender, Connection>[] {
    const { connections } = this.#pathTo(alike);
    const rules = this.#rulesOf(target);
    const walked = connections !== null && rules !== null ? this.#withGroups(connections, rules) : null;
    return this.#merged(target, walked ?? this.#walk(target, this.#connection(target)), fateOf);
  }

  /** What one thing alone keeps pieces of the internet from reaching the target, which is alike as above. */
  nearMissesOf(target: Target, alike: EndClass<Target>): readonly Strangers<Sender, readonly NearMiss[]>[] {
    const { surveys, look: alikeLook } = this.#pathTo(alike);
    const rules = this.#rulesOf(target);
    if (surveys !== null && rules !== null) {
      return this.#merged(target, this.#missesWithGroups(surveys, rules, alikeLook!), JSON.stringify);
    }
    const look = lookFromInternet(this.#engine.compiled, target);
    if (look === null) return [];
    const walked = this.#walk(target, (piece, consulted) =>
      nearMissesIn(this.#engine, this.#survey(piece, look, consulted, NOBODY), look, null),
    );
    return this.#merged(target, walked, JSON.stringify);
  }

  #merged<R>(
    target: Target,
    walked: readonly WalkedStrangers<R>[],
    fateOf: (result: R) => string,
  ): readonly Strangers<Sender, R>[] {
    return mergedByFate(this.#strangers[familyOf(target)], this.#known, walked, fateOf);
  }

  #walk<R>(target: Target, walk: (piece: Sender, consulted: Consulted) => R): readonly WalkedStrangers<R>[] {
    return walkedStrangers(this.#strangers[familyOf(target)], {
      watched: SOURCE,
      rankOf: rankOfPiece,
      walk,
    });
  }

  #connection(target: Target): (piece: Sender, consulted: Consulted) => Connection {
    const { compiled, connections } = this.#engine;
    const rank = rankOf(compiled.space, target.fromInternet);
    return (piece, consulted) => connections.between(piece, target.fromInternet, rank, consulted, receiverOf(target));
  }

  #survey(piece: Sender, look: Look, consulted: Consulted, openHost: number): Survey | null {
    const { compiled, connections } = this.#engine;
    const rank = rankOf(compiled.space, look.destination);
    return connections.survey(
      { ...piece, start: look.start, sender: NOBODY },
      look.destination,
      rank,
      consulted,
      openHost,
    );
  }

  #pathTo(alike: EndClass<Target>): Path {
    const known = this.#paths.get(alike);
    if (known !== undefined) return known;
    const [target] = alike;
    const { compiled, connections } = this.#engine;
    const rank = rankOf(compiled.space, target!.fromInternet);
    const besides = this.#walk(target!, (piece, consulted) =>
      connections.besidesGroups(piece, target!.fromInternet, rank, consulted, receiverOf(target!)),
    );
    const look = lookFromInternet(compiled, target!);
    const surveys =
      look === null ? null : this.#walk(target!, (piece, consulted) => this.#survey(piece, look, consulted, look.eni));
    const path: Path = {
      connections: besides.every(isKnown) ? besides : null,
      surveys: surveys?.some(({ result }) => (result?.timesOpen ?? 0) > 1) ? null : surveys,
      look,
    };
    this.#paths.set(alike, path);
    return path;
  }

  /** The inbound rules of an interface that packets leave by way of its groups. */
  #rulesOf({ held }: Target): RuleTable | null {
    const { stages, entrances } = this.#engine.compiled;
    const { eni } = held!;
    const own = stages[entrances.leaveAsItself[eni]!];
    const exempt = stages[own?.next ?? NO_STAGE];
    const groups = stages[exempt?.next ?? NO_STAGE];
    return groups?.kind === GROUPS && groups.role === 'security-group-out' && groups.host === eni
      ? groups.opposite
      : null;
  }

  /** Null where it is not certain what the groups say. */
  #withGroups(
    walked: readonly WalkedStrangers<Besides>[],
    rules: RuleTable,
  ): readonly WalkedStrangers<Connection>[] | null {
    const { sets } = this.#engine;
    const parts: WalkedStrangers<Connection>[] = [];
    for (const one of walked) {
      const { connection, meetsGroups } = one.result;
      if (!meetsGroups) {
        parts.push({ ...one, result: connection });
        continue;
      }
      for (const { allowed, indices, rank } of this.#said(one, rules)) {
        if (allowed.must !== allowed.may) return null;
        const must = sets.intersect(connection.forward.must, allowed.must);
        const forward = { must, may: must };
        const result =
          must === EMPTY ? { ...connection, forward, reply: forward, facts: [] } : { ...connection, forward };
        parts.push({ rank, indices, result });
      }
    }
    return inOrder(parts);
  }

  #missesWithGroups(
    walked: readonly WalkedStrangers<Survey | null>[],
    rules: RuleTable,
    look: Look,
  ): readonly WalkedStrangers<readonly NearMiss[]>[] {
    const parts: WalkedStrangers<readonly NearMiss[]>[] = [];
    for (const one of walked) {
      const survey = one.result;
      if (survey === null || survey.timesOpen === 0) {
        parts.push({ ...one, result: nearMissesIn(this.#engine, survey, look, null) });
        continue;
      }
      for (const { allowed, indices, rank } of this.#said(one, rules)) {
        parts.push({ rank, indices, result: nearMissesIn(this.#engine, survey, look, { ...allowed, rules }) });
      }
    }
    return inOrder(parts);
  }

  /** The pieces by what a list of rules says of them. */
  #said(
    { rank: walkedRank, indices }: WalkedStrangers<unknown>,
    rules: RuleTable,
  ): Iterable<{ readonly allowed: Allowed; readonly rank: number; readonly indices: readonly number[] }> {
    const strangers = this.#strangers[walkedRank < this.#engine.compiled.space.firstV6 ? 4 : 6];
    const bounds = boundsOf(rules);
    const byRun = new Map<number, { allowed: Allowed; rank: number; indices: number[] }>();
    const isOneRun = this.#runsAt(strangers, bounds, 'first') === this.#runsAt(strangers, bounds, 'last');
    if (isOneRun) return [{ allowed: this.#maps.any(rules, walkedRank, NOBODY), rank: walkedRank, indices }];
    for (const index of indices) {
      const { rank } = strangers[index]![0]!;
      const run = runOfBounds(bounds, rank);
      const known = byRun.get(run);
      if (known !== undefined) known.indices.push(index);
      else byRun.set(run, { allowed: this.#maps.any(rules, rank, NOBODY), rank, indices: [index] });
    }
    return byRun.values();
  }

  /** Where the lowest or the highest piece stands: between equal ends there is nothing to tell apart. */
  #runsAt(strangers: readonly EndClass<Sender>[], bounds: Int32Array, end: 'first' | 'last'): number {
    let ends = this.#ends.get(strangers);
    if (ends === undefined) {
      const ranks = strangers.map(([piece]) => piece!.rank);
      ends = { first: ranks.reduce((a, b) => Math.min(a, b)), last: ranks.reduce((a, b) => Math.max(a, b)) };
      this.#ends.set(strangers, ends);
    }
    return runOfBounds(bounds, ends[end]);
  }
}

function rankOfPiece({ rank }: Sender): number {
  return rank;
}

function isKnown(walked: WalkedStrangers<Besides | null>): walked is WalkedStrangers<Besides> {
  return walked.result !== null;
}

function inOrder<R>(walked: readonly WalkedStrangers<R>[]): readonly WalkedStrangers<R>[] {
  return walked.toSorted((a, b) => a.indices[0]! - b.indices[0]!);
}
