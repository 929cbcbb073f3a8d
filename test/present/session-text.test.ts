import { expect, test } from 'vitest';
import { render } from '../../src/present/layout.ts';
import { NO_NAMES } from '../../src/present/resource-names.ts';
import type { SessionEvent } from '../../src/present/session-event.ts';
import { isUnexpected } from '../../src/present/session-event.ts';
import { sessionJson } from '../../src/present/session-json.ts';
import { sessionLines } from '../../src/present/session-text.ts';
import { blocker, delivered, dropped, hop, INTERNET, place, step, tcp } from './drawn-trace.ts';

const server = place('network-interface', 'eni-5', 'web-1');
const asked = tcp('203.0.113.7:40000', '10.0.1.10:22');
const admitted = step('security-group-in', 'allow', 'tcp 22 from 203.0.113.7/32', {
  resource: 'sg-4',
  rule: 'sgr-6',
  tracking: 'new',
});
const refused = step('security-group-in', 'deny', 'no inbound rule matches', {
  resource: 'sg-4',
  source: 'groups.json#/SecurityGroups/1',
  code: 'ENI_SG_RULES_MISMATCH',
});
const nothing = { assumptions: [], unknowns: [], notes: [] };

const arrives: SessionEvent = {
  kind: 'packet',
  role: 'packet',
  result: {
    ...nothing,
    verdict: 'delivered',
    leg: delivered(asked, asked, hop(INTERNET), hop(server, admitted)),
    at: 0,
    assumptions: ['OPEN-10'],
  },
  expected: null,
};
const stops: SessionEvent = {
  kind: 'packet',
  role: 'answer',
  result: {
    ...nothing,
    verdict: 'dropped',
    leg: dropped(asked, [hop(server, refused)], [blocker(server, refused)]),
    at: 351,
  },
  expected: 'delivered',
};

function text(event: SessionEvent, hops = false): string {
  return render(sessionLines(event, { hops, names: NO_NAMES }));
}

test('a packet that arrives: when, verdict, where, how it is tracked, on which reading', () => {
  expect(text(arrives)).toBe(`\
     0s  delivered  tcp 203.0.113.7:40000 > 10.0.1.10:22
         reaches web-1; group in new  [OPEN-10]
`);
});

test('an answer that is dropped against expectation: what refused it, and what was expected', () => {
  expect(text(stops)).toBe(`\
   351s  dropped  answer  tcp 203.0.113.7:40000 > 10.0.1.10:22
         dropped at web-1
         ✗ group in   no inbound rule matches  sg-4, at web-1
                      ENI_SG_RULES_MISMATCH  groups.json#/SecurityGroups/1
         expected delivered
`);
  expect(isUnexpected(stops)).toBe(true);
  expect(sessionJson(stops)).toMatchObject({ event: 'answer', at: 351, verdict: 'dropped', asExpected: false });
});

test('with hops, the whole way is shown', () => {
  expect(text(arrives, true)).toContain(
    '         web-1  eni-5\n           ✓ group in   tcp 22 from 203.0.113.7/32  sgr-6 of sg-4, new',
  );
});

test('an unknown verdict is neither as expected nor against it', () => {
  expect(isUnexpected({ ...stops, result: { ...stops.result, verdict: 'unknown' } })).toBe(false);
});

test('waits and changes are lines with the time at which they are over', () => {
  expect(text({ kind: 'wait', seconds: 350, at: 350 })).toBe('   350s  350s later\n');
  expect(text({ kind: 'remove', rule: 'sgr-6', at: 350 })).toBe('   350s  removed sgr-6\n');
  expect(text({ kind: 'update', ids: ['sg-4', 'acl-2'], problems: [], at: 5400 })).toBe(
    ' 1h 30m  updated sg-4, acl-2\n',
  );
});

const row = {
  eni: 'eni-5',
  protocol: 'tcp',
  originator: '203.0.113.7:40000',
  responder: '10.0.1.10:22',
  state: 'established',
  idleSeconds: 7,
  expiresIn: 431_993,
};

test('connections are a table, and none of them is said in words', () => {
  expect(
    text({ kind: 'connections', rows: [row, { ...row, eni: 'eni-0123456789', idleSeconds: 350 }], at: 350 }),
  ).toBe(`\
   350s  connections
         interface       protocol  opened by          answered by   state        idle  expires in
         eni-5           tcp       203.0.113.7:40000  10.0.1.10:22  established  7s    4d 23h 59m 53s
         eni-0123456789  tcp       203.0.113.7:40000  10.0.1.10:22  established  350s  4d 23h 59m 53s
`);
  expect(text({ kind: 'connections', rows: [], at: 0 })).toBe(
    '     0s  connections\n         no tracked connections\n',
  );
});
