/** What a walk in one direction met: indices only, in arrays that are reused. `explain` turns them into names and sentences. */

import type { Packet } from '../net/packet.ts';

/** A routing loop ends here: no path that AWS has is nearly as long. */
export const MAX_STEPS = 200;

// How a leg ended.
export const DELIVERED = 0;
export const DROPPED = 1;
export const UNDECIDED = 2;

/** Decision of a route lookup that was not made: the answer goes back to a NAT gateway over its peering (NAT-06). */
export const BACK_THE_WAY_IT_CAME = -2;

// How connection tracking took part at a GROUPS stage.
export const NOT_TRACKED_HERE = 0;
export const NEW = 1;
export const UNTRACKED = 2;
export const ESTABLISHED = 3;
export const REPLY = 4;
export const RELATED = 5;

/** A header after a rewrite. */
export interface Rewrite {
  readonly step: number;
  readonly packet: Packet;
  /** The source (or destination) port is any that a NAT gateway may choose. */
  readonly hasChosenSourcePort: boolean;
  readonly hasChosenDestinationPort: boolean;
}

export class Leg {
  /** DELIVERED, DROPPED or UNDECIDED. */
  outcome: number = DROPPED;
  length = 0;
  /** By step: the stage, what decided (row or entry index), the verdict there, tracking; the fact, where the verdict is EITHER. */
  readonly stage: Int32Array = new Int32Array(MAX_STEPS);
  readonly decision: Int32Array = new Int32Array(MAX_STEPS);
  readonly verdict: Uint8Array = new Uint8Array(MAX_STEPS);
  readonly tracking: Uint8Array = new Uint8Array(MAX_STEPS);
  readonly fact: Int32Array = new Int32Array(MAX_STEPS);
  /** By step, at a balancer's listeners: which target of the listener. */
  readonly target: Int32Array = new Int32Array(MAX_STEPS);
  /** By step, where groups denied: 1 if a rule that names the sender's group could not see it. */
  readonly lostReference: Uint8Array = new Uint8Array(MAX_STEPS);
  /** The step that stopped the packet; later steps are what would have happened (NACL-27's further blockers). -1: none. */
  stoppedAt = -1;
  /** Facts in doubt that were met before the end, in order. */
  readonly facts: number[] = [];
  readonly rewrites: Rewrite[] = [];
  /** OPEN-nn bits that the outcome rests on. */
  assumptions = 0;
  /** Where an answer starts. */
  answerStart = -1;
  /** The interface it was delivered to, or -1. */
  deliveredTo = -1;
  /** The packet set out for a port that a NAT gateway chose. */
  sentToChosenPort = false;
  /** Too many steps. */
  isLoop = false;

  reset(): void {
    this.outcome = DROPPED;
    this.length = 0;
    this.stoppedAt = -1;
    // Setting a length is a call out of compiled code, so it is done only where there is something to drop.
    if (this.facts.length > 0) this.facts.length = 0;
    if (this.rewrites.length > 0) this.rewrites.length = 0;
    this.assumptions = 0;
    this.answerStart = -1;
    this.deliveredTo = -1;
    this.sentToChosenPort = false;
    this.isLoop = false;
  }
}
