/** What the connection table knows of one connection: its state, and how people see it. */

import type { Address } from '../net/address.ts';

// Bits of STATE.
export const ANSWERED = 1;
/** UDP: more than one request and answer (CT-10). */
export const STREAM = 2;
export const ASKED_AGAIN = 4;
export const FIN_FROM_ORIGINATOR = 8;
export const FIN_FROM_RESPONDER = 16;
export const BOTH_FINS: number = FIN_FROM_ORIGINATOR | FIN_FROM_RESPONDER;

/** What a gateway put in place of one end of a flow. */
export interface Translation {
  readonly address: Address;
  readonly portOrIcmpId: number;
  /** Balancer's node: what it put in place of the other end as well, or what stood there. Null where that end stays. */
  readonly front: { readonly address: Address; readonly portOrIcmpId: number } | null;
  /** Balancer's node: the gateway that had chosen the client's port before, or -1. */
  readonly chosenBy: number;
}

/** An entry as people see it. Ends as the originator sent them. */
export interface Connection {
  readonly holder: number;
  readonly direction: number;
  readonly protocol: number;
  readonly from: Address;
  readonly to: Address;
  readonly fromPortOrIcmpId: number;
  readonly toPortOrIcmp: number;
  readonly state: 'new' | 'established' | 'stream' | 'closing';
  readonly seen: number;
  readonly timeout: number;
}

export function stateName(state: number): Connection['state'] {
  if ((state & BOTH_FINS) === BOTH_FINS) return 'closing';
  if ((state & STREAM) !== 0) return 'stream';
  return (state & ANSWERED) !== 0 ? 'established' : 'new';
}
