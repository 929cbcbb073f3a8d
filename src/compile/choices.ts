/**
 * Choices that AWS makes and nobody can see: which of two equal routes, which address of a NAT gateway. A reader takes one way
 * through them; asking again after `next` takes another, until all were taken.
 */

/** More ways than this are not tried: the answer is then open. Target groups of balancers have hundreds of targets. */
export const MAX_WAYS = 1024;

export class Choices {
  readonly #taken: number[] = [];
  readonly #sizes: number[] = [];
  /** The entry or gateway that each choice belongs to. */
  readonly #owners: unknown[] = [];
  #cursor = 0;
  /** Facts behind the choices met on this way. */
  readonly facts: number[] = [];

  /** Back to the first choice of the same way, for another walk along it. */
  restart(): void {
    this.#cursor = 0;
    if (this.facts.length > 0) this.facts.length = 0;
  }

  /** Forgets every way. */
  reset(): void {
    this.restart();
    if (this.#taken.length > 0) this.#taken.length = 0;
    if (this.#sizes.length > 0) this.#sizes.length = 0;
  }

  /**
   * Which of `size` options this way takes; 0 on the first way. AWS keeps what it picked (OPEN-13), so an owner that is met again
   * takes the same option again.
   */
  take(owner: unknown, size: number, fact: number): number {
    for (let at = 0; at < this.#cursor; at++) if (this.#owners[at] === owner) return this.#taken[at]!;
    const at = this.#cursor++;
    this.#owners[at] = owner;
    this.#sizes[at] = size;
    this.note(fact);
    return (this.#taken[at] ??= 0);
  }

  /** A further fact behind the option taken; negative for none. */
  note(fact: number): void {
    if (fact >= 0) this.facts.push(fact);
  }

  /** Reports whether the last walk met any choice. */
  get any(): boolean {
    return this.#cursor > 0;
  }

  /** Moves on to the next way; false when all were taken. */
  next(): boolean {
    for (let at = this.#cursor - 1; at >= 0; at--) {
      if (this.#taken[at]! + 1 < this.#sizes[at]!) {
        this.#taken[at]!++;
        this.#taken.length = at + 1;
        this.restart();
        return true;
      }
    }
    return false;
  }
}
