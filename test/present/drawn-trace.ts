/** Traces written down for tests of their text: every field has a value of its own, and nothing was computed. */

import type { Blocker, Header, Hop, Leg, Place, PlaceKind, Step, Trace } from '../../src/explain/trace.ts';

export function place(kind: PlaceKind, id: string, name: string | null = null): Place {
  return { kind, id, name };
}

export const INTERNET: Place = place('internet', 'internet');

/** `tcp` from and to `address:port`. */
export function tcp(source: string, destination: string): Header {
  const [sourceAddress, sourcePort] = ends(source);
  const [destinationAddress, destinationPort] = ends(destination);
  return {
    protocol: 'tcp',
    source: sourceAddress,
    sourcePort,
    destination: destinationAddress,
    destinationPort,
    icmpType: null,
    icmpCode: null,
    tcpFlags: 'S',
  };
}

function ends(text: string): readonly [string, string] {
  const colon = text.lastIndexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

export function step(stage: Step['stage'], result: Step['result'], text: string, more: Partial<Step> = {}): Step {
  const nothing = { resource: null, rule: null, source: null, code: null, tracking: null, header: null, because: [] };
  return { stage, result, text, ...nothing, ...more };
}

export function hop(at: Place, ...steps: readonly Step[]): Hop {
  return { place: at, steps };
}

export function delivered(sent: Header, received: Header, ...hops: readonly Hop[]): Leg {
  return leg('delivered', sent, received, hops, []);
}

export function dropped(sent: Header, hops: readonly Hop[], blockers: readonly Blocker[]): Leg {
  return leg('dropped', sent, sent, hops, blockers);
}

export function leg(
  outcome: Leg['outcome'],
  sent: Header,
  received: Header,
  hops: readonly Hop[],
  blockers: readonly Blocker[],
): Leg {
  return { outcome, from: hops[0]!.place, to: hops.at(-1)!.place, sent, received, hops, blockers };
}

export function blocker(at: Place, { stage, resource, rule, source, text, code }: Step): Blocker {
  return { stage, code: code ?? 'NO_CODE', place: at, resource, rule, source, text };
}

export function trace(verdict: Trace['verdict'], forward: Leg, reply: Leg | null, more: Partial<Trace> = {}): Trace {
  return { verdict, forward, reply, assumptions: [], unknowns: [], notes: [], ...more };
}
