/**
 * Every pair of places, each kind of pair once.
 *
 * Senders are told apart by what the far end can notice of them, targets likewise (`reach/views.ts`); pairs that routes stop are
 * never looked at (`reach/live-kinds.ts`), and those of plain interfaces never walked (`reach/plain-pairs.ts`); of the internet each
 * way to fare is one kind of end (`strangers.ts`).
 */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { DESTINATION, SOURCE } from '../compile/rule-table.ts';
import type { Family } from '../net/address.ts';
import type { Connection, Connections } from '../reach/connection.ts';
import type { Consulted } from '../reach/consulted.ts';
import { LiveKinds } from '../reach/live-kinds.ts';
import { NO_WAY, PlainPairs, TO_WALK } from '../reach/plain-pairs.ts';
import { Views } from '../reach/views.ts';
import { areApart, divisibleKind, divisionOf } from './carried-groups.ts';
import { classesOfEnds, type EndClass, examplePair, interfaceClassesOf } from './end-classes.ts';
import type { PlaceSet } from './place-set.ts';
import { destinationFor, familyOf, receiverOf, type Sender, sendersOf, type Target, targetsOf } from './reach-ends.ts';
import { fateOfConnection, KnownMembers, strangersByFate } from './strangers.ts';

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
 * between two interfaces is not told. `overInternet` says whether pairs of interfaces that meet nowhere but on the internet (with IPv6
 * addresses in two VPCs) are told one by one: there may be as many as the square of the interfaces.
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
  const { groupsOfInterface } = compiled;
  const divided = <T extends Sender | Target>(kinds: readonly EndClass<T>[]): readonly EndClass<T>[] =>
    kinds.flatMap((kind) => divisionOf(divisibleKind(kind, groupsOfInterface), views.namedOnTheWay, groupsOfInterface));
  const senderKinds = divided(senders.inside);
  const targetKinds = divided(targets.inside);
  yield* insidePairs(compiled, connections, views, senderKinds, targetKinds, overInternet, walk);
  const knownTargets = new KnownMembers<Target>();
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
  const knownSenders = new KnownMembers<Sender>();
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

function* insidePairs(
  compiled: Compiled,
  connections: Connections,
  views: Views,
  senders: readonly EndClass<Sender>[],
  targets: readonly EndClass<Target>[],
  overInternet: boolean,
  walk: (sender: Sender, target: Target) => Connection | null,
): Generator<KindOfPair> {
  const { groupsOfInterface, space } = compiled;
  const sorted = targets
    .map((kind) => ({ kind, eni: kind[0]!.held!.eni, rank: rankOf(space, kind[0]!.fromInside) }))
    .sort((a, b) => a.rank - b.rank);
  const pairs = new PlainPairs(compiled, connections, interfaceClassesOf(compiled), [
    ...sorted,
    ...senders.map(([first]) => ({ eni: first!.sender, rank: first!.rank })),
  ]);
  const ranked = sorted.map(({ kind, eni, rank }) => ({
    to: divisibleKind(kind, groupsOfInterface),
    rank,
    named: views.namedByTarget(eni),
    plain: pairs.addressOf(eni, rank),
  }));
  const live = new LiveKinds(compiled, ranked, overInternet, pairs.isHome);
  for (const kind of senders) {
    const { start, rank, sender: eni, address } = kind[0]!;
    const own = pairs.addressOf(eni, rank);
    const namedBySender = views.namedBySender(eni);
    const senderKind = divisibleKind(kind, groupsOfInterface);
    for (const at of own === null ? live.from(start, address.family) : live.fromLan(own.lan, address.family)) {
      const { to: targetKind, named, plain } = ranked[at]!;
      const isPlain = own !== null && plain !== null;
      if (isPlain && !pairs.mayPass(own, plain)) continue;
      const isSenderNamed = !areApart(senderKind.carried, named);
      const isTargetNamed = !areApart(targetKind.carried, namedBySender);
      const froms = isSenderNamed ? divisionOf(senderKind, named, groupsOfInterface) : senderKind.whole;
      const tos = isTargetNamed ? divisionOf(targetKind, namedBySender, groupsOfInterface) : targetKind.whole;
      for (const to of tos) {
        for (const from of froms) {
          const direct = isPlain
            ? pairs.between(
                own,
                isSenderNamed ? from[0]!.sender : NOBODY,
                plain,
                isTargetNamed ? to[0]!.held!.eni : NOBODY,
              )
            : TO_WALK;
          if (direct === NO_WAY) continue;
          const example = examplePair(from, to);
          if (example === null) continue;
          const [sender, target] = example;
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
