/** Asking, and what the worked examples read off an answer: one line of text for whatever decided. */

import { expect } from 'vitest';
import { type CompileOptions, compile } from '../../src/compile/compile.ts';
import { createNet, type Net, type Session, type SessionResult } from '../../src/explain/net.ts';
import { askPacket } from '../../src/explain/packet-question.ts';
import type { Leg, Step, Trace } from '../../src/explain/trace.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import { readersDisagree } from '../support/two-readers.ts';

export function netOf(drawing: Drawing, options?: CompileOptions): Net {
  return createNet(networkOf(drawing), options);
}

export function walk(drawing: Drawing, packet: string, options?: CompileOptions): Trace {
  return netOf(drawing, options).walk(packet);
}

export function sessionOf(drawing: Drawing, options?: CompileOptions): Session {
  return netOf(drawing, options).session();
}

/** The walk of a packet of which the sets, too, are made sure to say the same, there and back. */
export function readTwice(drawing: Drawing, packet: string, options?: CompileOptions): Trace {
  const compiled = compile(networkOf(drawing), options);
  expect(readersDisagree(compiled, [askPacket(compiled, packet)])).toEqual([]);
  return walk(drawing, packet, options);
}

/** `unknown: KEY, KEY` for an answer that hangs on missing facts; else as `outcome` has it. */
export function judged(drawing: Drawing, packet: string, options?: CompileOptions): string {
  const trace = readTwice(drawing, packet, options);
  return trace.verdict === 'unknown' ? `unknown: ${trace.unknowns.map(({ key }) => key).join()}` : outcome(trace);
}

/** `dropped: nacl-in acl-p 100 SUBNET_ACL_RESTRICTION`, `one-way: ...` for what stopped the answer, or the verdict alone. */
export function outcome(trace: Trace): string {
  const stopped = stoppedIn(trace.verdict === 'one-way' ? trace.reply : trace.forward);
  return stopped === null ? trace.verdict : `${trace.verdict}: ${stopped}`;
}

/** The same for one packet of a session. */
export function sent({ verdict, leg }: SessionResult): string {
  const stopped = stoppedIn(leg);
  return stopped === null ? verdict : `${verdict}: ${stopped}`;
}

function stoppedIn(leg: Leg | null): string | null {
  const first = leg?.blockers[0];
  if (first === undefined) return null;
  return [first.stage, first.resource, first.rule, first.code].filter((part) => part !== null).join(' ');
}

/** Every filter that refused, not only the first one. */
export function blockers({ blockers: all }: Leg): readonly string[] {
  return all.map(({ stage, resource, rule, code }) =>
    [stage, resource, rule, code].filter((part) => part !== null).join(' '),
  );
}

/** `nacl-out acl-p 100`: the steps of these stages in the order in which they were asked. */
export function asked(leg: Leg | null, ...stages: readonly Step['stage'][]): readonly string[] {
  return steps(leg, ...stages).map(({ stage, resource, rule }) =>
    [stage, resource, rule].filter((part) => part !== null).join(' '),
  );
}

export const NACLS = ['nacl-out', 'nacl-in'] as const;
export const GROUPS = ['security-group-out', 'security-group-in'] as const;

/** Destination and table of each route that was taken: `0.0.0.0/0 in rtb-p`. */
export function routes(leg: Leg | null): readonly string[] {
  return steps(leg, 'route').map(({ resource, rule }) => `${rule} in ${resource}`);
}

/** How connection tracking took part, group by group on the way. */
export function tracking(leg: Leg | null): readonly Step['tracking'][] {
  return steps(leg, ...GROUPS).map((step) => step.tracking);
}

/** Ids of the places on the way. */
export function places(leg: Leg | null): readonly string[] {
  return leg?.hops.map(({ place }) => place.id) ?? [];
}

function steps(leg: Leg | null, ...stages: readonly Step['stage'][]): readonly Step[] {
  return leg?.hops.flatMap((hop) => hop.steps).filter(({ stage }) => stages.includes(stage)) ?? [];
}
