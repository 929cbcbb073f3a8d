/**
 * Every pair of places, each kind of pair once.
 *
 * Senders are told apart by what the far end can notice of them, targets likewise (`reach/views.ts`); pairs that routes stop are
 * never looked at (`reach/live-kinds.ts`), and those of plain interfaces never walked (`reach/plain-pairs.ts`); of the internet each
 * way to fare is one kind of end (`strangers.ts`).
 */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { DESTINATION, SOURCE } from '../compile/rule-table.ts';
import type { Family } from '../net/address.ts';
import type { Connection, Connections } from '../reach/connection.ts';
import type { Consulted } from '../reach/consulted.ts';
import { LiveKinds } from '../reach/live-kinds.ts';
import { NO_WAY, PlainPairs, TO_WALK } from '../reach/plain-pairs.ts';
import { Views } from '../reach/views.ts';
import { CarriedGroups } from './carried-groups.ts';
import { classesOfEnds, type EndClass, examplePair, interfaceClassesOf } from './end-classes.ts';
import type { PlaceSet } from './place-set.ts';
import { destinationFor, familyOf, receiverOf, type Sender, sendersOf, type Target, targetsOf } from './reach-ends.ts';
import { fateOfConnection, strangersByFate } from './strangers.ts';

/** A kind of sender, a kind of target, and what passes between any two of them. */
export interface KindOfPair {
  readonly from: EndClass<Sender>;
  readonly to: EndClass<Target>;
  readonly sender: Sender;
  readonly target: Target;
  readonly connection: Connection;
}

/**
 * Pairs that are certainly stopped by routes are left out, and so may be others between which nothing passes. What stopped packets
 * between two interfaces is not told. `overInternet` says whether pairs of interfaces that meet nowhere but on
 * the internet (with IPv6 addresses in two VPCs) are told one by one: there may be as many as the square of the interfaces.
 */
export function* allPairs(
  compiled: Compiled,
  connections: Connections,
  from: PlaceSet,
  to: PlaceSet,
  overInternet: boolean,
): Generator<KindOfPair> {
  const views = new Views(compiled, interfaceClassesOf(compiled));
  const senders = apart(classesOfEnds(compiled, sendersOf(compiled, from), views.sender));
  const targets = apart(classesOfEnds(compiled, targetsOf(compiled, to), views.target));
  const walk = (sender: Sender, target: Target, consulted: Consulted | null = null): Connection | null => {
    const destination = destinationFor(sender, target);
    return destination === null
      ? null
      : connections.between(sender, destination, rankOf(compiled.space, destination), consulted, receiverOf(target));
  };
  const sendersBy = new CarriedGroups<Sender>(compiled.groupsOfInterface);
  const targetsBy = new CarriedGroups<Target>(compiled.groupsOfInterface);
  const senderKinds = senders.inside.flatMap((kind) => sendersBy.divisionsOf(kind)(views.namedOnTheWay));
  const targetKinds = targets.inside.flatMap((kind) => targetsBy.divisionsOf(kind)(views.namedOnTheWay));
  yield* insidePairs(
    compiled,
    connections,
    views,
    { senders: senderKinds, sendersBy, targets: targetKinds, targetsBy, overInternet },
    walk,
  );
  const knownTargets = new Map<string, EndClass<Target>>();
  for (const inside of senderKinds) {
    const [sender] = inside;
    const fates = strangersByFate(targets.strangers[familyOf(sender!)], knownTargets, {
      watched: DESTINATION,
      rankOf: ({ fromInside }) => rankOf(compiled.space, fromInside),
      walk: (piece, consulted) => walk(sender!, piece, consulted)!,
      fateOf: fateOfConnection,
    });
    for (const { members, result } of fates) {
      yield { from: inside, to: members, sender: sender!, target: members[0]!, connection: result };
    }
  }
  const knownSenders = new Map<string, EndClass<Sender>>();
  for (const inside of targetKinds) {
    const [target] = inside;
    const fates = strangersByFate(senders.strangers[familyOf(target!)], knownSenders, {
      watched: SOURCE,
      rankOf: ({ rank }) => rank,
      walk: (piece, consulted) => walk(piece, target!, consulted)!,
      fateOf: fateOfConnection,
    });
    for (const { members, result } of fates) {
      yield { from: members, to: inside, sender: members[0]!, target: target!, connection: result };
    }
  }
}

interface InsideKinds {
  readonly senders: readonly EndClass<Sender>[];
  readonly targets: readonly EndClass<Target>[];
  readonly sendersBy: CarriedGroups<Sender>;
  readonly targetsBy: CarriedGroups<Target>;
  readonly overInternet: boolean;
}

function* insidePairs(
  compiled: Compiled,
  connections: Connections,
  views: Views,
  { senders, sendersBy, targets, targetsBy, overInternet }: InsideKinds,
  walk: (sender: Sender, target: Target) => Connection | null,
): Generator<KindOfPair> {
  const rankedTargets = targets
    .map((to) => ({ to, eni: to[0]!.held!.eni, rank: rankOf(compiled.space, to[0]!.fromInside) }))
    .sort((a, b) => a.rank - b.rank);
  const pairs = new PlainPairs(compiled, connections, interfaceClassesOf(compiled), [
    ...rankedTargets,
    ...senders.map(([first]) => ({ eni: first!.sender, rank: first!.rank })),
  ]);
  const ranked = rankedTargets.map(({ to, eni, rank }) => ({
    to,
    whole: [to],
    rank,
    named: views.namedByTarget(eni),
    plain: pairs.addressOf(eni, rank),
  }));
  const live = new LiveKinds(compiled, ranked, overInternet);
  for (const kind of senders) {
    const { start, rank, sender: eni, address } = kind[0]!;
    const { family } = address;
    const own = pairs.addressOf(eni, rank);
    const namedBySender = views.namedBySender(eni);
    const partsFor = sendersBy.divisionsOf(kind);
    for (const at of own === null ? live.from(start, family) : live.fromLan(own.lan, family)) {
      const { to: targetKind, whole, named, plain } = ranked[at]!;
      const froms = partsFor(named);
      const tos = namedBySender.size === 0 ? whole : targetsBy.divisionsOf(targetKind)(namedBySender);
      for (const to of tos) {
        for (const from of froms) {
          const example = examplePair(from, to);
          if (example === null) continue;
          const [sender, target] = example;
          const direct =
            own === null || plain === null
              ? TO_WALK
              : pairs.between(own, sender.sender, plain, rankOf(compiled.space, target.fromInside));
          if (direct === NO_WAY) continue;
          const connection = direct === TO_WALK ? walk(sender, target) : direct;
          if (connection !== null) yield { from, to, sender, target, connection };
        }
      }
    }
  }
}

function apart<T extends Sender | Target>(
  classes: readonly EndClass<T>[],
): { inside: readonly EndClass<T>[]; strangers: Readonly<Record<Family, readonly EndClass<T>[]>> } {
  const strangers = classes.filter(([first]) => first!.held === null);
  return {
    inside: classes.filter(([first]) => first!.held !== null),
    strangers: {
      4: strangers.filter(([first]) => familyOf(first!) === 4),
      6: strangers.filter(([first]) => familyOf(first!) === 6),
    },
  };
}
