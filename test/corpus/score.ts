/** Counts answers against known ones, and prints what came of it. */

import type { Trace } from '../../src/explain/trace.ts';

export type Agreement = 'agree' | 'unknown' | 'wrong';

/** What a known answer says of packet and reply. */
export function agreement(trace: Trace, expected: 'reachable' | 'not-reachable'): Agreement {
  if (trace.verdict === 'unknown') return 'unknown';
  return (trace.verdict === 'delivered') === (expected === 'reachable') ? 'agree' : 'wrong';
}

/** `routes`, `not-modelled:transit-gateway`, ...: the kind of each missing fact, without the id it is about. */
export function reasons(trace: Trace): readonly string[] {
  const kinds = trace.unknowns.map(({ key }) => {
    const [kind = '', detail = ''] = key.split(':');
    return kind === 'not-modelled' ? `${kind}:${detail}` : kind;
  });
  return [...new Set(kinds)].sort();
}

export class Score {
  readonly wrong: string[] = [];
  #agree = 0;
  #unknown = 0;
  readonly #reasons = new Map<string, number>();

  add(what: string, how: Agreement, why: readonly string[] = []): void {
    if (how === 'agree') this.#agree++;
    else if (how === 'wrong') this.wrong.push(what);
    else {
      this.#unknown++;
      const reason = why.join(' + ') || 'no reason given';
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    }
  }

  get agree(): number {
    return this.#agree;
  }

  /** Why answers were unknown, each reason once. */
  get reasons(): readonly string[] {
    return [...new Set([...this.#reasons.keys()].flatMap((reason) => reason.split(' + ')))].sort();
  }

  get total(): number {
    return this.#agree + this.#unknown + this.wrong.length;
  }

  /** `20 of 20 agree, 0 unknown, 0 wrong`, and the reasons of the unknown ones. */
  line(): string {
    const counts = `${this.#agree} of ${this.total} agree, ${this.#unknown} unknown, ${this.wrong.length} wrong`;
    const listed = [...this.#reasons].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return [counts, ...listed.map(([reason, count]) => `${count} x ${reason}`)].join('; ');
  }
}
