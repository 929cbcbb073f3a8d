/** The ends of flows in two networks at once: addresses of aligned interfaces, of interfaces that one network lacks, and the internet. */

import { type AddressSpace, rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { type Address, compareAddresses, nextAddress, sameAddress } from '../net/address.ts';
import { unionAddresses } from '../net/address-set.ts';
import { formatAddress } from '../net/address-text.ts';
import { firstAddress, lastAddress, type Prefix, prefixContains } from '../net/prefix.ts';
import { type Alignment, NOWHERE } from './diff-align.ts';
import { parsePlaceExpression } from './place-expression.ts';
import { type PlaceSet, placesOf } from './place-set.ts';
import { QuestionError } from './question-error.ts';
import { type InternetPiece, type Sender, sendersOf, type Target, targetsOf } from './reach-ends.ts';

/** A place of one network, as who sends and as who is sent to. */
export interface EndIn {
  readonly sender: Sender;
  readonly target: Target;
  /** The primary private address of its interface. */
  readonly isPrimary: boolean;
}

/** One place in both networks; null in the one that lacks it. */
export interface DiffEnd {
  readonly before: EndIn | null;
  readonly after: EndIn | null;
}

const EVERYTHING = 'internet | !internet';

/** Ends of networks that share their names, by question: rules, which alone differ, move none. */
const KNOWN = new WeakMap<Compiled['names'], Map<string, readonly DiffEnd[]>>();

/** One side of a question: everything unless it says what. Equal ends of recompiled networks are one array. */
export function diffEnds(
  before: Compiled,
  after: Compiled,
  alignment: Alignment,
  text: string | undefined,
): readonly DiffEnd[] {
  if (before.names !== after.names || before.space !== after.space) return newEnds(before, after, alignment, text);
  const known = KNOWN.get(before.names) ?? new Map<string, readonly DiffEnd[]>();
  KNOWN.set(before.names, known);
  const key = JSON.stringify(text ?? null);
  const ends = known.get(key) ?? newEnds(before, after, alignment, text);
  known.set(key, ends);
  return ends;
}

function newEnds(
  before: Compiled,
  after: Compiled,
  alignment: Alignment,
  text: string | undefined,
): readonly DiffEnd[] {
  const asked = askedPlaces(before, after, text);
  const internet = unionAddresses(asked.before.internet, asked.after.internet);
  const space = commonSpace(before, after, asked);
  const was = endsIn(before, space, internet);
  const isSame = before.names === after.names && before.space === after.space;
  const is = isSame ? was : endsIn(after, space, internet);
  const [askedBefore, askedAfter] = [byInterface(asked.before), byInterface(asked.after)];
  const meant = ({ before: one, after: other }: DiffEnd): boolean =>
    (isAsked(askedBefore, one?.sender) || isAsked(askedAfter, other?.sender)) &&
    // NAT gateways say nothing of their own: what they pass on is compared where it comes from.
    (text !== undefined || !(isOfNat(before, one) || isOfNat(after, other)));
  return [...alignedPieces(was.outside, is.outside), ...alignedAddresses(alignment, was.held, is.held).filter(meant)];
}

/** What an expression means in either network: it may name what only one of them has. */
function askedPlaces(
  before: Compiled,
  after: Compiled,
  text: string = EVERYTHING,
): { readonly before: PlaceSet; readonly after: PlaceSet } {
  const expression = parsePlaceExpression(text);
  const nothing: PlaceSet = { held: [], internet: [] };
  const meaning = (compiled: Compiled): PlaceSet | QuestionError => {
    try {
      return placesOf(compiled, expression);
    } catch (error) {
      if (error instanceof QuestionError) return error;
      throw error;
    }
  };
  const [was, is] = [meaning(before), meaning(after)];
  if (was instanceof QuestionError && is instanceof QuestionError) throw is;
  return { before: was instanceof QuestionError ? nothing : was, after: is instanceof QuestionError ? nothing : is };
}

/** Own addresses asked about, by interface. */
function byInterface({ held }: PlaceSet): ReadonlyMap<number, readonly Prefix[]> {
  const found = new Map<number, Prefix[]>();
  for (const { eni, prefix } of held) {
    const known = found.get(eni);
    if (known === undefined) found.set(eni, [prefix]);
    else known.push(prefix);
  }
  return found;
}

function isAsked(asked: ReadonlyMap<number, readonly Prefix[]>, sender: Sender | undefined): boolean {
  if (sender === undefined || sender.held === null) return false;
  return asked.get(sender.held.eni)?.some((prefix) => prefixContains(prefix, sender.address)) ?? false;
}

function isOfNat({ network }: Compiled, end: EndIn | null): boolean {
  const held = end?.sender.held ?? null;
  return held !== null && network.networkInterfaces[held.eni]!.owner === 'nat-gateway';
}

/** The cuts of both networks and of the question: no table of either tells parts of a piece apart. */
function commonSpace(
  before: Compiled,
  after: Compiled,
  asked: { readonly before: PlaceSet; readonly after: PlaceSet },
): AddressSpace {
  const starts: Address[] = [];
  for (const { space } of [before, after]) {
    for (let rank = 0; rank < space.size; rank++) {
      const [w0, w1, w2, w3] = [space.w0[rank]!, space.w1[rank]!, space.w2[rank]!, space.w3[rank]!];
      starts.push({ family: rank < space.firstV6 ? 4 : 6, w0, w1, w2, w3 });
    }
  }
  for (const { prefix } of [...asked.before.held, ...asked.after.held]) {
    const next = nextAddress(lastAddress(prefix));
    starts.push(firstAddress(prefix), ...(next === null ? [] : [next]));
  }
  const sorted = starts
    .sort(compareAddresses)
    .filter((start, index, all) => index === 0 || !sameAddress(start, all[index - 1]!));
  const word = (of: 'w0' | 'w1' | 'w2' | 'w3'): Uint32Array => Uint32Array.from(sorted, (start) => start[of]);
  const firstV6 = sorted.findIndex(({ family }) => family === 6);
  return { size: sorted.length, firstV6, w0: word('w0'), w1: word('w1'), w2: word('w2'), w3: word('w3') };
}

interface EndsOfNetwork {
  /** By interface index. */
  readonly held: ReadonlyMap<number, readonly EndIn[]>;
  readonly outside: readonly (EndIn & { readonly piece: InternetPiece })[];
}

/** Every own address of every interface, and the pieces of the internet. */
function endsIn(compiled: Compiled, space: AddressSpace, internet: PlaceSet['internet']): EndsOfNetwork {
  const { held } = placesOf(compiled, parsePlaceExpression(EVERYTHING));
  const places: PlaceSet = { held, internet };
  // Cut where either network cuts, and looked up where this one does.
  const cut: Compiled = { ...compiled, space };
  const targets = targetsOf(cut, places);
  const byInterface = new Map<number, EndIn[]>();
  const outside: (EndIn & { piece: InternetPiece })[] = [];
  sendersOf(cut, places).forEach((sender, index) => {
    const rank = rankOf(compiled.space, sender.address);
    const end = { sender: { ...sender, rank }, target: targets[index]!, isPrimary: isPrimary(compiled, sender) };
    if (sender.piece !== null) outside.push({ ...end, piece: sender.piece });
    else {
      const { eni } = sender.held!;
      const others = byInterface.get(eni);
      if (others === undefined) byInterface.set(eni, [end]);
      else others.push(end);
    }
  });
  return { held: byInterface, outside };
}

function isPrimary({ network }: Compiled, { held, address }: Sender): boolean {
  const own = held === null ? [] : network.networkInterfaces[held.eni]!.privateAddresses;
  return own.some((pair) => pair.isPrimary && sameAddress(pair.address, address));
}

/** What is the internet in one network and somebody's address in the other is no place of both, and is left out. */
function alignedPieces(was: EndsOfNetwork['outside'], is: EndsOfNetwork['outside']): readonly DiffEnd[] {
  const after = new Map(is.map((end) => [pieceKey(end.piece), end]));
  return was.flatMap((end) => {
    const same = after.get(pieceKey(end.piece));
    return same === undefined ? [] : [{ before: end, after: same }];
  });
}

function pieceKey({ first, last }: InternetPiece): string {
  return `${formatAddress(first)}-${formatAddress(last)}`;
}

function alignedAddresses(
  { kinds }: Alignment,
  was: EndsOfNetwork['held'],
  is: EndsOfNetwork['held'],
): readonly DiffEnd[] {
  const { inAfter, appear } = kinds.networkInterfaces;
  const ends: DiffEnd[] = [];
  inAfter.forEach((index, eni) => {
    ends.push(...matched(was.get(eni) ?? [], index === NOWHERE ? [] : (is.get(index) ?? [])));
  });
  for (const index of appear) ends.push(...matched([], is.get(index) ?? []));
  return ends;
}

/** Equal addresses; of the others, in each family, the primary one with the primary one and so on: an instance that was made anew. */
function matched(was: readonly EndIn[], is: readonly EndIn[]): readonly DiffEnd[] {
  const after = new Map(is.map((end) => [formatAddress(end.sender.address), end]));
  const ends: DiffEnd[] = [];
  for (const end of was) {
    const same = after.get(formatAddress(end.sender.address));
    if (same === undefined) continue;
    ends.push({ before: end, after: same });
    after.delete(formatAddress(end.sender.address));
  }
  for (const family of [4, 6]) {
    const left = was
      .filter((end) => !ends.some(({ before }) => before === end))
      .filter(isOf(family))
      .sort(primaryFirst);
    const right = [...after.values()].filter(isOf(family)).sort(primaryFirst);
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
      ends.push({ before: left[i] ?? null, after: right[i] ?? null });
    }
  }
  return ends;
}

function isOf(family: number): (end: EndIn) => boolean {
  return ({ sender }) => sender.address.family === family;
}

/** Others stay sorted by address. */
function primaryFirst(a: EndIn, b: EndIn): number {
  return Number(b.isPrimary) - Number(a.isPrimary);
}
