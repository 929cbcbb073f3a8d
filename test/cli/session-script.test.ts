import { describe, expect, test } from 'vitest';
import { parseScript } from '../../src/cli/session-script.ts';

const YAML = `\
# SSH from the office
- send: tcp 203.0.113.7:40000 > 198.51.100.10:22
  at: 10s
  expect: delivered
- answer: true
- wait: 5m

- remove: sgr-1
- update:
    SecurityGroups: []
- show: connections
`;

const STEPS = [
  { line: 2, kind: 'send', packet: 'tcp 203.0.113.7:40000 > 198.51.100.10:22', at: 10, expect: 'delivered' },
  { line: 5, kind: 'answer', at: null, expect: null },
  { line: 6, kind: 'wait', seconds: 300 },
  { line: 8, kind: 'remove', rule: 'sgr-1' },
  { line: 9, kind: 'update', records: { SecurityGroups: [] } },
  { line: 11, kind: 'show' },
];

test('a YAML list becomes steps that know their lines', () => {
  expect(parseScript(YAML, 'a.yaml')).toEqual(STEPS);
});

test('JSON lines become the same steps', () => {
  const rows = [
    '{"send":"tcp 203.0.113.7:40000 > 198.51.100.10:22","at":"10s","expect":"delivered"}',
    '{"answer":true}',
    '',
    '{"wait":300}',
    '{"remove":"sgr-1"}',
    '{"update":{"SecurityGroups":[]}}',
    '{"show":"connections"}',
  ];
  const lines = [1, 2, 4, 5, 6, 7];
  expect(parseScript(rows.join('\n'), 'a.jsonl')).toEqual(STEPS.map((step, at) => ({ ...step, line: lines[at] })));
});

describe('what is wrong with a script is told with its line', () => {
  const cases = [
    ['', 'a.yaml:1: no steps: write a list such as "- send: tcp 10.0.1.10:40000 > 10.0.2.20:22"'],
    ['[]', 'a.yaml:1: no steps: write a list such as "- send: tcp 10.0.1.10:40000 > 10.0.2.20:22"'],
    ['send: x', 'a.yaml:1: not a list: every step starts with "- "'],
    [
      '- wait: 5m\n- tcp a > b',
      'a.yaml:2: not a step: write one of "send: …", "answer: …", "wait: …", "remove: …", "update: …", "show: …"',
    ],
    ['- sned: x', 'a.yaml:1: no step called "sned": write send, answer, wait, remove, update or show'],
    ['- send: x\n  wait: 5m', 'a.yaml:1: "send" and "wait" in one step: write each as a step of its own'],
    ['- send: x\n  exspect: dropped', 'a.yaml:1: "exspect" means nothing beside "send": it takes at or expect'],
    ['- wait: 5m\n  at: 3s', 'a.yaml:1: "at" means nothing beside "wait"'],
    ['- send: 5', 'a.yaml:1: "send" takes a packet: tcp 203.0.113.7:40000 > 10.0.1.10:443'],
    ['- send: x\n  expect: one-way', 'a.yaml:1: "expect" takes delivered, dropped or unknown'],
    ['- send: x\n  at: -1', 'a.yaml:1: "at" takes a length of time such as 350s, 5m, 1h 30m or 5d'],
    ['- answer: yes please', 'a.yaml:1: "answer" takes true: it answers the last packet that was delivered'],
    ['- wait: soon', 'a.yaml:1: "wait" takes a length of time such as 350s, 5m, 1h 30m or 5d'],
    ['- remove: [a]', 'a.yaml:1: "remove" takes a rule: sgr-0a1, sg-1/in/0.0 or acl-1/in/100'],
    ['- update: all', 'a.yaml:1: "update" takes records as describe-* prints them: { SecurityGroups: [...] }'],
    ['- show: everything', 'a.yaml:1: "show" takes "connections"'],
    ['{"wait":1}\n{"wait"', /^a\.yaml:2: not JSON \(/],
    ['- wait: 1\n- "unclosed', /^a\.yaml:2: not YAML: /],
    ['- wait: 1\n- wait: 2\n  wait: 3', /^a\.yaml:3: not YAML: /],
  ] as const;
  for (const [script, message] of cases) {
    test(JSON.stringify(script), () => {
      expect(() => parseScript(script, 'a.yaml')).toThrow(message);
    });
  }
});

test('a script that multiplies itself by aliases is refused, not expanded', () => {
  const bombs = [...'abcdefghi'].map((name, at) => {
    const inner = at === 0 ? ['lol', 'lol'] : Array(9).fill(`*${'abcdefghi'[at - 1]}`);
    return `- update: &${name} [${inner.join(', ')}]`;
  });
  expect(() => parseScript(bombs.join('\n'), 'a.yaml')).toThrow(/^a\.yaml:1: not YAML: .*alias/i);
});

test('keys such as __proto__ are keys like any other', () => {
  expect(() => parseScript('- __proto__: { send: x }', 'a.yaml')).toThrow('no step called "__proto__"');
  expect(() => parseScript('{"__proto__":{"send":"x"}}', 'a.yaml')).toThrow('no step called "__proto__"');
});
