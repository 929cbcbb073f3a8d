import { expect, test } from 'vitest';
import type { ReachGroup, ReachVerdict } from '../../src/explain/reach-answer.ts';
import { briefReachJson, reachJson } from '../../src/present/reach-json.ts';
import { group, reachAnswer, stop } from './drawn-reach.ts';

const open = group('all', { forward: ['tcp 22'], roundTrip: ['tcp 22'] });
const shut = group('none', { blockers: [stop('forward')] });
const unanswered = group('some', { forward: ['tcp 22'], blockers: [stop('reply')] });
const part = group('some', { forward: ['tcp 5432'], roundTrip: ['tcp 5432'], blockers: [stop('forward')] });
const limited = group('some', {
  forward: ['tcp 22'],
  roundTrip: ['tcp 22'],
  clientPorts: ['tcp to client ports 1024-5'],
});
const doubtful = group('unknown', { open: ['tcp 22'] });

const cases: readonly (readonly [string, readonly ReachGroup[], ReachVerdict, ReachVerdict])[] = [
  ['everything passes', [open], 'all', 'all'],
  ['nothing arrives', [shut], 'none', 'none'],
  ['all arrives and nothing is answered', [unanswered], 'all', 'none'],
  ['part arrives, and all of that is answered', [part], 'some', 'all'],
  ['all arrives, and answers return to some client ports', [limited], 'all', 'some'],
  ['a fact is missing', [doubtful], 'unknown', 'unknown'],
  ['one pair gets through and another does not', [open, shut], 'some', 'all'],
  ['one pair is answered and another is not', [open, unanswered], 'all', 'some'],
  ['one pair gets through and another may', [open, doubtful], 'unknown', 'unknown'],
  ['one gets through, one does not, one may', [open, shut, doubtful], 'some', 'unknown'],
];
for (const [what, groups, forward, reply] of cases) {
  test(`in brief, when ${what}: forward ${forward}, reply ${reply}`, () => {
    expect(briefReachJson(reachAnswer('some', groups))).toMatchObject({ forward, reply });
  });
}

test('in brief, a blocker of several groups is told once', () => {
  const { blockers } = briefReachJson(reachAnswer('none', [shut, shut, unanswered]));
  expect(blockers).toEqual([stop('forward'), stop('reply')]);
});

test('the document has its keys in a fixed order, and facts as in a trace', () => {
  const fact = { key: 'k', what: 'w', remedy: 'r', origin: { file: 'f.json', pointer: '/A/0' } };
  const json = reachJson(reachAnswer('unknown', [doubtful], { unknowns: [fact] }));
  expect(Object.keys(json)).toEqual(['verdict', 'question', 'groups', 'pairs', 'assumptions', 'unknowns', 'notes']);
  expect(json.unknowns).toEqual([{ key: 'k', what: 'w', remedy: 'r', source: 'f.json#/A/0' }]);
  expect(json.groups).toEqual([doubtful]);
});
