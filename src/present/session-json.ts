/** A session's events as JSON, in a fixed order of keys. */

import { factJson, legJson } from './answer-json.ts';
import { problemJson } from './problem-json.ts';
import { isAsExpected, type SessionEvent } from './session-event.ts';

export function sessionJson(event: SessionEvent): object {
  switch (event.kind) {
    case 'packet': {
      const { verdict, leg, assumptions, unknowns, notes, at } = event.result;
      return {
        event: event.role,
        at,
        verdict,
        ...(event.expected === null ? {} : { expected: event.expected, asExpected: isAsExpected(event) }),
        leg: legJson(leg),
        assumptions,
        unknowns: unknowns.map(factJson),
        notes,
      };
    }
    case 'wait':
      return { event: 'wait', at: event.at, seconds: event.seconds };
    case 'remove':
      return { event: 'remove', at: event.at, rule: event.rule };
    case 'update':
      return { event: 'update', at: event.at, ids: event.ids, problems: event.problems.map(problemJson) };
    case 'connections':
      return {
        event: 'connections',
        at: event.at,
        connections: event.rows.map(({ eni, protocol, originator, responder, state, idleSeconds, expiresIn }) => {
          return { eni, protocol, originator, responder, state, idleSeconds, expiresIn };
        }),
      };
  }
}
