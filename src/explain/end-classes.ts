/** Ends of a question that fare alike, so that each pair of classes is looked at once. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import {
  classesAfterRules,
  type InterfaceClasses,
  interfaceClasses,
  separatingBlocks,
} from '../compile/interface-classes.ts';
import { find } from '../compile/lookup.ts';
import type { Network } from '../model/network.ts';
import { type Address, sameAddress } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import type { HeldAddress } from './place-set.ts';
import { isFamiliar, type Sender, type Target } from './reach-ends.ts';

/** Never empty; the one that people recognise first. */
export type EndClass<T extends Sender | Target> = readonly T[];

const CLASSES = new WeakMap<Compiled, InterfaceClasses>();

/** What classes of recompiled networks are made from: those share their names. */
interface FirstClasses {
  readonly network: Network;
  readonly classes: InterfaceClasses;
  blocks: ReadonlySet<string> | null;
}

const FIRST = new WeakMap<Compiled['names'], FirstClasses>();

/** Classes of interfaces outlive their question, and changes of rules. */
export function interfaceClassesOf(compiled: Compiled): InterfaceClasses {
  const known = CLASSES.get(compiled) ?? newClasses(compiled);
  CLASSES.set(compiled, known);
  return known;
}

function newClasses(compiled: Compiled): InterfaceClasses {
  const first = FIRST.get(compiled.names);
  if (first !== undefined) {
    first.blocks ??= separatingBlocks(first.network);
    return classesAfterRules(first.classes, first.blocks, first.network, compiled);
  }
  const classes = interfaceClasses(compiled);
  FIRST.set(compiled.names, { network: compiled.network, classes, blocks: null });
  return classes;
}

/** In the order of their first members. `viewOf` gives interfaces that fare alike one number. */
export function classesOfEnds<T extends Sender | Target>(
  compiled: Compiled,
  ends: readonly T[],
  viewOf: Int32Array = interfaceClassesOf(compiled).kindOf,
): readonly EndClass<T>[] {
  const classes = interfaceClassesOf(compiled);
  const byKey = new Map<string, T[]>();
  for (const end of ends) {
    const key =
      end.held === null ? pieceKey(compiled, classes, end.piece!.first) : heldKey(compiled, classes, viewOf, end.held);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [end]);
    else if (isFamiliar(end.piece)) known.unshift(end);
    else known.push(end);
  }
  return [...byKey.values()];
}

function pieceKey({ space }: Compiled, { separated }: InterfaceClasses, address: Address): string {
  return `internet ${address.family} ${find(separated, rankOf(space, address))}`;
}

function heldKey(
  { space, network }: Compiled,
  { isNamed, separated }: InterfaceClasses,
  viewOf: Int32Array,
  { eni, prefix }: HeldAddress,
): string {
  const record = network.networkInterfaces[eni]!;
  // Something names the interface: nothing says that its own addresses fare alike.
  if (isNamed[eni] === 1) return `${eni} ${formatAddress(prefix.address)}`;
  const word = (address: Address): string => `${address.family} ${find(separated, rankOf(space, address))}`;
  const pair = record.privateAddresses.find(({ address }) => sameAddress(address, prefix.address));
  const publicWord = pair === undefined || pair.publicAddress === null ? '' : word(pair.publicAddress);
  return `view ${viewOf[eni]} ${word(prefix.address)} ${pair?.isPrimary ?? false} ${publicWord}`;
}

/** One sender and one target of the classes that are not the same interface, or null where there are none. */
export function examplePair(from: EndClass<Sender>, to: EndClass<Target>): readonly [Sender, Target] | null {
  const [sender] = from;
  const [target] = to;
  if (isPair(sender!, target!)) return [sender!, target!];
  const otherTarget = to.find((other) => isPair(sender!, other));
  if (otherTarget !== undefined) return [sender!, otherTarget];
  const otherSender = from.find((other) => isPair(other, target!));
  return otherSender === undefined ? null : [otherSender, target!];
}

/** How many pairs of members are a question: not those of an interface with itself. */
export function pairsBetween(from: EndClass<Sender>, to: EndClass<Target>): number {
  return from.length * to.length - pairsWithItself(from, to);
}

/** Members mostly come in the order of their interfaces: then one look at each tells which they share. */
function pairsWithItself(from: EndClass<Sender>, to: EndClass<Target>): number {
  let own = 0;
  for (let i = 0, j = 0; i < from.length && j < to.length; ) {
    const [eni, other] = [interfaceOf(from[i]!), interfaceOf(to[j]!)];
    if ((i > 0 && interfaceOf(from[i - 1]!) > eni) || (j > 0 && interfaceOf(to[j - 1]!) > other)) {
      return pairsWithItselfInAnyOrder(from, to);
    }
    if (eni < other) i++;
    else if (eni > other) j++;
    else if (eni === NOBODY) return 0;
    else {
      let same = 0;
      for (; j + same < to.length && interfaceOf(to[j + same]!) === eni; same++);
      own += same;
      i++;
    }
  }
  return own;
}

function pairsWithItselfInAnyOrder(from: EndClass<Sender>, to: EndClass<Target>): number {
  const targetsAt = new Map<number, number>();
  for (const { held } of to) if (held !== null) targetsAt.set(held.eni, (targetsAt.get(held.eni) ?? 0) + 1);
  return from.reduce((sum, { held }) => sum + (held === null ? 0 : (targetsAt.get(held.eni) ?? 0)), 0);
}

function interfaceOf({ held }: Sender | Target): number {
  return held === null ? NOBODY : held.eni;
}

function isPair({ held }: Sender, target: Target): boolean {
  return held === null || target.held === null || held.eni !== target.held.eni;
}
