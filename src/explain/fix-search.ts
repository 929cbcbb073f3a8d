/**
 * The smallest sets of changes after which everything asked arrives and is answered.
 *
 * What stops the pairs is read off their ways past the first stage that stops them, and mended for a trial; the way then leads further,
 * or its answer sets out, and shows what stops it there. Every route that could lead on is a branch of its own. What was lacking in a
 * branch is then covered by as few edits as can be, and whatever covers it is tried on the network itself.
 */

import type { CompileOptions } from '../compile/compile.ts';
import type { Network } from '../model/network.ts';
import type { Fact } from '../model/problem.ts';
import { sameAddress } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import { type AskedQuestion, type Asking, askIn, isOpen } from './asked-pairs.ts';
import { type Change, changed } from './change.ts';
import { changesOf } from './edit.ts';
import { choiceOf } from './fix-candidates.ts';
import { type DeadEnd, type FilterNeed, listKey, needsOf, type Reading } from './fix-needs.ts';
import { type RouteNeed, sameTarget } from './fix-routes.ts';
import { namedBlocks } from './named-blocks.ts';
import { smallestCovers } from './set-cover.ts';

export interface Trial {
  readonly changes: readonly Change[];
  /** The question in the changed network. */
  readonly after: Asking;
}

export interface Fixes {
  /** Every one reaches the goal, and no part of it does. */
  readonly fixes: readonly Trial[];
  /** Everything that stops packets, along all branches. */
  readonly filters: readonly FilterNeed[];
  readonly deadEnds: readonly DeadEnd[];
  readonly facts: readonly Fact[];
  /** Lists to which nothing can be added that would do, in words. */
  readonly unmet: readonly string[];
  /** A limit was reached: there may be fixes besides. */
  readonly isCutOff: boolean;
}

/** Ways through routes that are looked at, and how many changes of route one may hold. */
const MAX_BRANCHES = 24;
const MAX_ROUTES = 4;
/** More rounds than stages could ask for. */
const MAX_ROUNDS = 12;

export class FixSearch {
  readonly #network: Network;
  readonly #options: CompileOptions;
  readonly #question: AskedQuestion;
  readonly #reading: Reading;
  readonly #base: Asking;
  readonly #named: readonly Prefix[];
  readonly #most: number;
  readonly #unmet = new Set<string>();
  readonly #fixes = new Map<string, Trial>();
  readonly #filters = new Map<string, FilterNeed>();
  readonly #deadEnds = new Map<string, DeadEnd>();
  readonly #facts = new Map<string, Fact>();
  #branches = 0;
  #isCutOff = false;

  /** Of each branch at most `most` sets of changes are compared. */
  constructor(
    network: Network,
    options: CompileOptions,
    question: AskedQuestion,
    reading: Reading,
    base: Asking,
    most: number,
  ) {
    this.#network = network;
    this.#options = options;
    this.#question = question;
    this.#reading = reading;
    this.#base = base;
    this.#named = namedBlocks(question);
    this.#most = most;
  }

  run(): Fixes {
    this.#explore([]);
    return {
      fixes: [...this.#fixes.values()],
      filters: [...this.#filters.values()],
      deadEnds: [...this.#deadEnds.values()],
      facts: [...this.#facts.values()],
      unmet: [...this.#unmet],
      isCutOff: this.#isCutOff,
    };
  }

  #explore(routes: readonly RouteNeed[]): void {
    if (++this.#branches > MAX_BRANCHES || routes.length > MAX_ROUTES * Math.max(1, this.#base.pairs.length)) {
      this.#isCutOff = true;
      return;
    }
    const needs = new Map<string, FilterNeed>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const asking = this.#try(needs, routes);
      if (asking === null) return;
      if (isOpen(asking)) {
        this.#collect([...needs.values()], routes);
        return;
      }
      const found = needsOf(this.#reading, asking);
      for (const fact of found.facts) this.#facts.set(fact.key, fact);
      if (found.facts.length > 0) return;
      if (found.deadEnds.length > 0) {
        this.#branch(routes, found.deadEnds);
        return;
      }
      if (!this.#note(needs, found.filters)) return;
    }
    this.#isCutOff = true;
  }

  /** Adds what is new; false when nothing is. */
  #note(needs: Map<string, FilterNeed>, filters: readonly FilterNeed[]): boolean {
    const { sets } = this.#reading;
    let isNew = false;
    for (const need of filters) {
      const key = needKey(need);
      const known = needs.get(key);
      const missing = sets.union(known?.missing ?? 0, need.missing);
      if (known !== undefined && missing === known.missing) continue;
      const merged = { ...need, missing, room: sets.union(known?.room ?? 0, need.room) };
      needs.set(key, merged);
      this.#filters.set(key, merged);
      isNew = true;
    }
    return isNew;
  }

  /** The first dead end decides; those that the same route would mend go with it, and others follow in their turn. */
  #branch(routes: readonly RouteNeed[], deadEnds: readonly DeadEnd[]): void {
    for (const end of deadEnds) this.#deadEnds.set(`${end.leg} ${end.stage.role} ${end.place.id} ${end.text}`, end);
    const [first] = deadEnds;
    for (const option of first!.routes) {
      const alike = deadEnds
        .flatMap((end) => end.routes)
        .filter((other) => other.routeTable === option.routeTable && sameTarget(other.target, option.target));
      const added = distinctRoutes(alike).filter((need) => !routes.some((known) => sameNeed(known, need)));
      // A route that was tried already did not lead on.
      if (added.length > 0) this.#explore([...routes, ...added]);
    }
  }

  /** The question after some cover of what is lacking; null where nothing covers it. */
  #try(needs: ReadonlyMap<string, FilterNeed>, routes: readonly RouteNeed[]): Asking | null {
    if (needs.size === 0 && routes.length === 0) return this.#base;
    const { edits, coveredBy } = this.#choice([...needs.values()], routes);
    // Of each lack the widest candidate: whatever covers most covers what is to come.
    const chosen = new Set(coveredBy.map((candidates) => candidates.at(-1)));
    const changes = chosen.has(undefined)
      ? null
      : changesOf(
          this.#network,
          [...chosen].map((index) => edits[index!]!),
        );
    if (changes !== null) return this.#ask(changes);
    const lists = new Set([...needs.values()].map(({ stage }) => stage.rules.resources.join(', ')));
    this.#unmet.add(
      `${[...lists].join(', ')}: no rule can be added that would do; an ACL may have no free number in front of its denials`,
    );
    return null;
  }

  #choice(filters: readonly FilterNeed[], routes: readonly RouteNeed[]): ReturnType<typeof choiceOf> {
    const { original, sets } = this.#reading;
    return choiceOf(original, sets, filters, routes, this.#named);
  }

  /** Every smallest cover that holds what it promises, without those of which a part would do. */
  #collect(filters: readonly FilterNeed[], routes: readonly RouteNeed[]): void {
    const { edits, coveredBy } = this.#choice(filters, routes);
    const { covers, areAll } = smallestCovers(coveredBy, this.#most);
    if (!areAll) this.#isCutOff = true;
    for (const cover of covers) {
      const changes = changesOf(
        this.#network,
        cover.map((index) => edits[index]!),
      );
      if (changes === null) continue;
      const key = JSON.stringify(changes);
      if (this.#fixes.has(key)) continue;
      const after = this.#ask(changes);
      if (!isOpen(after) || this.#hasPartThatDoes(changes)) continue;
      this.#fixes.set(key, { changes, after });
    }
  }

  #hasPartThatDoes(changes: readonly Change[]): boolean {
    return changes.length > 1 && changes.some((_, left) => isOpen(this.#ask(changes.filter((_, i) => i !== left))));
  }

  #ask(changes: readonly Change[]): Asking {
    const network = changed(this.#network, { kind: 'several', changes });
    return askIn(network, this.#options, this.#reading.sets, this.#question);
  }
}

function needKey({ stage, leg, peer, holder, direction }: FilterNeed): string {
  const { family, w0, w1, w2, w3 } = peer.first;
  return [listKey(stage), leg, direction, holder, family, w0, w1, w2, w3].join(' ');
}

function sameNeed(a: RouteNeed, b: RouteNeed): boolean {
  return (
    a.routeTable === b.routeTable &&
    sameTarget(a.target, b.target) &&
    sameAddress(a.destination.first, b.destination.first)
  );
}

function distinctRoutes(needs: readonly RouteNeed[]): readonly RouteNeed[] {
  return needs.filter((need, index) => needs.findIndex((other) => sameNeed(other, need)) === index);
}
