/** What happens in a session, as data: packets with what became of them, and what is done to the network between them. */

import type { ConnectionRow, SessionResult } from '../explain/session.ts';

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
  | { readonly kind: 'update'; readonly ids: readonly string[]; readonly at: number }
  | { readonly kind: 'connections'; readonly rows: readonly ConnectionRow[]; readonly at: number };

/** Whether what was expected did not happen. An unknown verdict is no answer, so it is none of the two. */
export function isUnexpected(event: SessionEvent): boolean {
  if (event.kind !== 'packet' || event.expected === null) return false;
  return event.result.verdict !== 'unknown' && event.result.verdict !== event.expected;
}
