/** Works out all pairs of places and groups them by equal behaviour. */

import { assumptionIds } from '../compile/assumption.ts';
import type { Compiled } from '../compile/compile.ts';
import { EMPTY, type L4Sets } from '../reach/l4-sets.ts';
import { allPairs, type KindOfPair } from './all-pairs.ts';
import { type EndClass, pairsBetween } from './end-classes.ts';
import type { MatrixAnswer, MatrixBehaviour, MatrixEnd, MatrixGroup } from './matrix-answer.ts';
import type { PlaceSet } from './place-set.ts';
import { QuestionError } from './question-error.ts';
import type { ReachAnswer } from './reach-answer.ts';
import { familyOf, type Sender, sendersOf, type Target, targetsOf } from './reach-ends.ts';
import { placesOfEnds } from './reach-groups.ts';
import { type Asked, answerPair, clientPortWords, type PairAnswer } from './reach-pair.ts';
import { wordsOf } from './reach-words.ts';
import type { SetEngine } from './set-engine.ts';
import { StrangerWords } from './stranger-words.ts';

export interface MatrixQuestion {
  readonly from: PlaceSet;
  readonly to: PlaceSet;
  readonly asked: Asked;
  readonly overInternet: boolean;
  readonly maxPairs: number;
  readonly texts: ReachAnswer['question'];
}

export function matrixOf(
  { compiled, sets, connections }: SetEngine,
  { from, to, asked, overInternet, maxPairs, texts }: MatrixQuestion,
): MatrixAnswer {
  const words = new StrangerWords(compiled);
  const senders = new Ends<Sender>(compiled, words);
  const targets = new Ends<Target>(compiled, words);
  const behaviours = new Behaviours(sets, asked);
  const cells: Cell[] = [];
  const facts = new Set<number>();
  let assumptions = 0;
  let reaching = 0;
  let open = 0;
  let kinds = 0;
  for (const pair of allPairs(compiled, connections, from, to, overInternet)) {
    kinds++;
    if (kinds > maxPairs) throw tooManyPairs(maxPairs, overInternet);
    const behaviour = behaviours.of(pair);
    const { answer } = behaviours.all[behaviour]!;
    if (answer.forward === EMPTY && answer.open === EMPTY) continue;
    const pairs = pairsOf(pair);
    if (answer.forward !== EMPTY) reaching += pairs;
    if (answer.open !== EMPTY) {
      open += pairs;
      for (const fact of pair.connection.facts) facts.add(fact);
    }
    assumptions |= pair.connection.assumptions;
    cells.push({ behaviour, from: senders.of(pair.from), to: targets.of(pair.to), pairs });
  }
  return {
    question: texts,
    pairs: countPairs(sendersOf(compiled, from), targetsOf(compiled, to)),
    reaching,
    open,
    senders: senders.all,
    targets: targets.all,
    behaviours: behaviours.all.map(({ words }) => words),
    groups: groupsOf(cells),
    assumptions: assumptionIds(assumptions),
    unknowns: [...facts].sort((a, b) => a - b).map((index) => compiled.facts[index]!),
  };
}

function tooManyPairs(limit: number, overInternet: boolean): QuestionError {
  const advice = overInternet
    ? 'leave out pairs that meet only on the internet (--within), narrow it with --from and --to, or raise --max-pairs'
    : 'narrow it with --from and --to, or raise --max-pairs';
  return new QuestionError(`there are over ${limit} kinds of pairs, the limit: ${advice}`);
}

interface Cell {
  readonly behaviour: number;
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
}

/** Kinds of ends as the answer lists them. */
class Ends<T extends Sender | Target> {
  readonly all: MatrixEnd[] = [];
  readonly #compiled: Compiled;
  readonly #words: StrangerWords;
  readonly #known = new Map<EndClass<T>, number>();

  constructor(compiled: Compiled, words: StrangerWords) {
    this.#compiled = compiled;
    this.#words = words;
  }

  of(members: EndClass<T>): number {
    const known = this.#known.get(members);
    if (known !== undefined) return known;
    const index =
      this.all.push({
        family: familyOf(members[0]!),
        places: placesOfEnds(this.#compiled, members),
        addresses: this.#words.of(members),
      }) - 1;
    this.#known.set(members, index);
    return index;
  }
}

/** Ways to behave, told apart by the ids of their sets. */
class Behaviours {
  readonly all: { readonly answer: PairAnswer; readonly words: MatrixBehaviour }[] = [];
  readonly #sets: L4Sets;
  readonly #asked: Asked;
  readonly #known = new Map<string, number>();

  constructor(sets: L4Sets, asked: Asked) {
    this.#sets = sets;
    this.#asked = asked;
  }

  of({ connection: { forward, reply }, connection }: KindOfPair): number {
    const key = `${forward.must} ${forward.may} ${reply.must} ${reply.may}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const answer = answerPair(this.#sets, connection, this.#asked);
    const index = this.all.push({ answer, words: this.#words(answer) }) - 1;
    this.#known.set(key, index);
    return index;
  }

  #words(answer: PairAnswer): MatrixBehaviour {
    const sets = this.#sets;
    return {
      verdict: answer.verdict,
      forward: wordsOf(sets, answer.forward),
      roundTrip: wordsOf(sets, sets.union(answer.answered, answer.partly)),
      clientPorts: clientPortWords(sets, answer),
      open: wordsOf(sets, answer.open),
    };
  }
}

/** Cells of one behaviour together; inside, senders with equal targets, so that a group is a true product of its two sides. */
function groupsOf(cells: readonly Cell[]): readonly MatrixGroup[] {
  const bySender = new Map<number, Map<number, { to: number[]; pairs: number }>>();
  for (const { behaviour, from, to, pairs } of cells) {
    const rows = bySender.get(behaviour) ?? new Map<number, { to: number[]; pairs: number }>();
    bySender.set(behaviour, rows);
    const row = rows.get(from) ?? { to: [], pairs: 0 };
    rows.set(from, row);
    row.to.push(to);
    row.pairs += pairs;
  }
  const groups = [...bySender].flatMap(([behaviour, rows]) => {
    const products = new Map<string, { from: number[]; to: number[]; pairs: number }>();
    for (const [from, { to, pairs }] of rows) {
      const key = to.join();
      const product = products.get(key);
      if (product === undefined) products.set(key, { from: [from], to, pairs });
      else {
        product.from.push(from);
        product.pairs += pairs;
      }
    }
    return [...products.values()].map((product) => ({ behaviour, ...product }));
  });
  return groups.sort((a, b) => b.pairs - a.pairs || a.behaviour - b.behaviour || a.from[0]! - b.from[0]!);
}

/** The internet, in however many pieces, is one end. */
function pairsOf({ from, to }: KindOfPair): number {
  if (from[0]!.held === null) return to.length;
  return to[0]!.held === null ? from.length : pairsBetween(from, to);
}

function countPairs(senders: readonly Sender[], targets: readonly Target[]): number {
  let pairs = 0;
  for (const family of [4, 6] as const) {
    const from = senders.filter((end) => end.held !== null && familyOf(end) === family);
    const to = targets.filter((end) => end.held !== null && familyOf(end) === family);
    pairs += pairsBetween(from, to);
    if (targets.some((end) => end.held === null && familyOf(end) === family)) pairs += from.length;
    if (senders.some((end) => end.held === null && familyOf(end) === family)) pairs += to.length;
  }
  return pairs;
}
