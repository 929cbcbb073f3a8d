/** What happens in a session, as data: packets with what became of them, and what is done to the network between them. */

import type { ConnectionRow, SessionResult } from '../explain/session.ts';
import type { Problem } from '../model/problem.ts';

export type SessionEvent =
  | {
      readonly kind: 'packet';
      readonly role: 'packet' | 'answer';
      readonly result: SessionResult;
      /** What was expected of it, or null. */
      readonly expected: SessionResult['verdict'] | null;
    }
  | { readonly kind: 'wait'; readonly seconds: number; readonly at: number }
  | { readonly kind: 'remove'; readonly rule: string; readonly at: number }
  | {
      readonly kind: 'update';
      readonly ids: readonly string[];
      readonly problems: readonly Problem[];
      readonly at: number;
    }
  | { readonly kind: 'connections'; readonly rows: readonly ConnectionRow[]; readonly at: number };

/** Whether what was expected has happened. */
export function isAsExpected(event: SessionEvent): boolean {
  return event.kind === 'packet' && event.result.verdict === event.expected;
}

/** Whether something else than what was expected has happened. An unknown verdict is no answer, so it is neither. */
export function isUnexpected(event: SessionEvent): boolean {
  if (event.kind !== 'packet' || event.expected === null) return false;
  return event.result.verdict !== 'unknown' && event.result.verdict !== event.expected;
}
