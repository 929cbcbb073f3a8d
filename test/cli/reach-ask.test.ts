import { expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

async function ask(questions: readonly unknown[], ...options: readonly string[]) {
  const stdin = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const { code, stdout } = await igwalk(['ask', SAMPLE, ...options], { stdin });
  return {
    code,
    answers: stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

const SHUT = { from: 'internet', to: 'db-1', service: 'tcp/5432' };
const OPEN = { from: 'app-1', to: 'db-1', service: 'postgres', clientPorts: '32768-60999' };
const PACKET = { packet: 'tcp 203.0.113.200:40000 > 198.51.100.10:443' };

test('questions about sets and about packets are answered in order, each under its id', async () => {
  const { code, answers } = await ask([
    { id: 'a', ...OPEN },
    { id: 'b', ...PACKET },
    { id: 'c', ...SHUT },
  ]);
  expect(answers.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['a', 'all'],
    ['b', 'delivered'],
    ['c', 'none'],
  ]);
  expect(Object.keys(answers[0])).toEqual([
    'id',
    'verdict',
    'question',
    'groups',
    'pairs',
    'assumptions',
    'unknowns',
    'notes',
  ]);
  expect(code).toBe(0);
});

test('--brief gives the verdict of each direction and what stops packets, without groups', async () => {
  const { answers } = await ask(
    [
      { id: 1, ...SHUT },
      { id: 2, ...OPEN },
    ],
    '--brief',
  );
  expect(Object.keys(answers[0])).toEqual(['id', 'verdict', 'forward', 'reply', 'blockers', 'assumptions', 'unknowns']);
  expect(answers[0]).toMatchObject({ verdict: 'none', forward: 'none', reply: 'none' });
  expect(answers[0].blockers.length).toBeGreaterThan(0);
  expect(answers[1]).toMatchObject({ verdict: 'all', forward: 'all', reply: 'all', blockers: [] });
});

test('without a service, anything is asked about', async () => {
  const { answers } = await ask([{ from: 'internet', to: 'web-1' }]);
  expect(answers[0]).toMatchObject({ id: null, question: { from: 'internet', to: 'web-1', service: 'any' } });
});

const wrong: readonly (readonly [question: object, message: RegExp])[] = [
  [{ from: 'internet' }, /^no "to" in the question: write \{"id"/],
  [{ service: 'tcp/443' }, /^no "from" in the question/],
  [{ from: 'internet', to: 5 }, /^"to" is no string/],
  [{ from: 'internet', to: 'db-1', service: null }, /^"service" is no string/],
  [{ from: 'internet', to: 'db-1', port: 443 }, /^unknown field "port": a question has "id", "from", "to"/],
  [{ from: 'internet', to: 'db-1', packet: 'p' }, /^a question is about one "packet", or about sets/],
  [{ from: 'internet', to: 'db-1', clientPorts: 'lnux' }, /^client ports "lnux": write linux, /],
  [{ from: 'internet', to: 'nowhere' }, /"nowhere"/],
  [{ from: 'internet', to: '' }, /expected a place/],
  [{ from: 'internet', to: 'db-1', service: 'tcp/99999' }, /expected a port/],
];
for (const [question, message] of wrong) {
  test(`the question ${JSON.stringify(question)} gets an error in its place, and the run goes on`, async () => {
    const { code, answers } = await ask(
      [
        { id: 1, ...SHUT },
        { id: 2, ...question },
        { id: 3, ...SHUT },
      ],
      '--brief',
    );
    expect(answers.map(({ id, verdict }) => [id, verdict])).toEqual([
      [1, 'none'],
      [2, undefined],
      [3, 'none'],
    ]);
    expect(answers[1].error.message).toMatch(message);
    expect(answers[1].error.message).not.toContain('\n');
    expect(code).toBe(2);
  });
}

test('a misspelt place gets the nearest names', async () => {
  const { answers } = await ask([{ from: 'ap-1', to: 'db-1' }]);
  expect(answers[0].error.suggestions).toContain('app-1');
});

test('a question over the limit of pairs gets an error, and --max-pairs sets the limit', async () => {
  const { answers } = await ask([{ from: 'internet', to: 'web-1' }], '--max-pairs', '1');
  expect(answers[0].error.message).toMatch(/over the limit of 1/);
});
