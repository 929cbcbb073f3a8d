/** Ends of flows that neither network tells apart: what holds of one member of a class holds of all. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import type { InterfaceClasses } from '../compile/interface-classes.ts';
import { find } from '../compile/lookup.ts';
import type { Address } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import type { DiffEnd, EndIn } from './diff-ends.ts';
import type { Touches } from './diff-touched.ts';
import { interfaceClassesOf } from './end-classes.ts';

export interface EndClass {
  readonly members: readonly DiffEnd[];
  /** Whether the difference of the networks may touch them. */
  readonly isTouched: boolean;
}

const NAMES = new WeakMap<
  readonly DiffEnd[],
  { readonly inBefore: InterfaceClasses; readonly inAfter: InterfaceClasses; readonly names: readonly string[] }
>();

/** In the order of their first members. */
export class EndClasses {
  readonly #before: (end: EndIn) => string;
  readonly #after: (end: EndIn) => string;
  readonly #classes: readonly [InterfaceClasses, InterfaceClasses];
  readonly #touches: Touches | null;

  constructor(before: Compiled, after: Compiled, touches: Touches | null) {
    this.#before = naming(before);
    this.#after = naming(after);
    this.#classes = [interfaceClassesOf(before), interfaceClassesOf(after)];
    this.#touches = touches;
  }

  of(ends: readonly DiffEnd[]): readonly EndClass[] {
    const classes = new Map<string, { members: DiffEnd[]; isTouched: boolean }>();
    const names = this.#namesOf(ends);
    for (const [index, end] of ends.entries()) {
      const { before, after } = end;
      const isTouched = this.#isTouched(before) || (after !== before && this.#isTouched(after));
      const key = isTouched ? `touched ${names[index]}` : names[index]!;
      const known = classes.get(key);
      if (known === undefined) classes.set(key, { members: [end], isTouched });
      else known.members.push(end);
    }
    return [...classes.values()];
  }

  /** What the networks know each end as. Networks that differ in rules share their ends and mostly their classes. */
  #namesOf(ends: readonly DiffEnd[]): readonly string[] {
    const [inBefore, inAfter] = this.#classes;
    const known = NAMES.get(ends);
    if (known !== undefined && known.inBefore === inBefore && known.inAfter === inAfter) return known.names;
    const names = ends.map(({ before, after }) => {
      const was = before === null ? '' : this.#before(before);
      if (after === before && inAfter === inBefore) return was;
      return `${was}|${after === null ? '' : this.#after(after)}`;
    });
    NAMES.set(ends, { inBefore, inAfter, names });
    return names;
  }

  #isTouched(end: EndIn | null): boolean {
    if (end === null) return false;
    const touches = this.#touches;
    if (touches === null) return true;
    const { fromInside, fromInternet } = end.target;
    return touches(fromInside) || (fromInternet !== fromInside && touches(fromInternet));
  }
}

/** What the network knows an end as: equal for ends that it cannot tell apart. */
function naming(compiled: Compiled): (end: EndIn) => string {
  const { space } = compiled;
  const { kindOf, isNamed, separated } = interfaceClassesOf(compiled);
  const word = (address: Address): string => `${address.family}:${find(separated, rankOf(space, address))}`;
  return ({ sender, target, isPrimary }) => {
    if (sender.held === null) return `internet ${formatAddress(sender.address)}`;
    const { eni } = sender.held;
    if (isNamed[eni] === 1) return `interface ${eni} ${formatAddress(sender.address)}`;
    return `kind ${kindOf[eni]} ${word(sender.address)} ${word(target.fromInternet)} ${isPrimary}`;
  };
}
