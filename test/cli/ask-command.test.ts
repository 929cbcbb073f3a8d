import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { Conversation, igwalk, SAMPLE, Sink } from './command-line.ts';

const SHOP = 'tcp 203.0.113.200:40000 > 198.51.100.10:443';
const BLOCKED = 'tcp 192.0.2.66:51515 > 198.51.100.10:443';
const WAREHOUSE = 'tcp 10.0.10.20:40008 > 192.168.7.7:443';

interface Answer {
  readonly id: unknown;
  readonly verdict?: string;
  readonly error?: { readonly message: string; readonly position?: number; readonly suggestions?: readonly string[] };
}

async function ask(lines: readonly string[], ...options: readonly string[]) {
  const { code, stdout, stderr } = await igwalk(['ask', SAMPLE, ...options], { stdin: `${lines.join('\n')}\n` });
  const answers = stdout.split('\n').slice(0, -1);
  return { code, stderr, answers: answers.map((line) => JSON.parse(line) as Answer) };
}

function question(id: unknown, packet: string): string {
  return JSON.stringify({ id, packet });
}

test('every question gets its answer line, in order, under its id', async () => {
  const { code, answers, stderr } = await ask([question('a', SHOP), question(2, BLOCKED), question('a', SHOP)]);
  expect(answers.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['a', 'delivered'],
    [2, 'dropped'],
    ['a', 'delivered'],
  ]);
  expect(Object.keys(answers[0]!)).toEqual(['id', 'verdict', 'forward', 'reply', 'assumptions', 'unknowns', 'notes']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('--brief keeps verdict, outcomes and blockers', async () => {
  const { answers } = await ask([question(1, BLOCKED)], '--brief');
  expect(answers[0]).toMatchObject({
    id: 1,
    verdict: 'dropped',
    forward: { outcome: 'dropped', blockers: [{ stage: 'nacl-in', code: 'SUBNET_ACL_RESTRICTION', rule: '50' }] },
    reply: null,
    assumptions: [],
    unknowns: [],
  });
  expect(JSON.stringify(answers[0])).not.toContain('hops');
});

test('answers come as questions come, without waiting for the end of the input', async () => {
  const talk = new Conversation(['ask', SAMPLE, '--brief']);
  expect(await talk.ask(question(1, SHOP))).toMatchObject({ id: 1, verdict: 'delivered' });
  expect(await talk.ask(question(2, BLOCKED))).toMatchObject({ id: 2, verdict: 'dropped' });
  expect(await talk.end()).toBe(0);
});

const malformed: readonly (readonly [line: string, id: unknown, message: string | RegExp])[] = [
  ['{"id":', null, /^not JSON \(/],
  ['"tcp 1 > 2"', null, /^not a JSON object: write \{"id"/],
  ['[]', null, /^not a JSON object/],
  ['null', null, /^not a JSON object/],
  ['{"id":7}', 7, /^no "packet" in the question/],
  ['{"id":7,"packet":5}', 7, /^no "packet" in the question/],
  ['{"id":["x"],"packet":"p"}', null, '"id" is neither a string nor a number'],
  ['{"id":7,"packet":"p","note":"n"}', 7, /^unknown field "note": a question has "id" and "packet", or /],
  ['{"id":7,"__proto__":{"packet":"p"}}', 7, /^unknown field "__proto__": a question has "id" and "packet", or /],
];
for (const [line, id, message] of malformed) {
  test(`the line ${line} gets an error in its place, and the run goes on`, async () => {
    const { code, answers } = await ask([question(1, SHOP), line, question(3, SHOP)], '--brief');
    expect(answers.map((answer) => answer.verdict ?? 'error')).toEqual(['delivered', 'error', 'delivered']);
    expect(answers[1]!.id).toBe(id);
    if (typeof message === 'string') expect(answers[1]!.error).toEqual({ message });
    else expect(answers[1]!.error!.message).toMatch(message);
    expect(code).toBe(2);
  });
}

test('a packet that cannot be read gets an error with the position', async () => {
  const { answers } = await ask([question(1, 'tcp 203.0.113.7:40000 > 198.51.100.10:99999')]);
  expect(answers[0]!.error).toMatchObject({ position: 'tcp 203.0.113.7:40000 > 198.51.100.10:'.length });
  expect(answers[0]!.error!.message).not.toContain('\n');
});

test('a misspelt place gets an error with the nearest names', async () => {
  const { answers } = await ask([question(1, 'tcp 10.0.10.20:40000@ap-1 > 10.0.20.30:5432')]);
  expect(answers[0]!.error!.suggestions).toContain('app-1');
});

test('empty lines are no questions, and a last line needs no line feed', async () => {
  const { code, stdout } = await igwalk(['ask', SAMPLE, '--brief'], { stdin: `\n\r\n${question(1, SHOP)}` });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(0);
});

test('no question at all is an error: nothing was analysed', async () => {
  const { code, stderr } = await igwalk(['ask', SAMPLE], { stdin: '\n' });
  expect(code).toBe(2);
  expect(stderr).toBe('error: nothing was asked: standard input holds no question\n');
});

test('an unknown answer exits with 3, with 0 when allowed, and with 2 beside a malformed line', async () => {
  expect((await ask([question(1, SHOP), question(2, WAREHOUSE)], '--brief')).code).toBe(3);
  expect((await ask([question(2, WAREHOUSE)], '--brief', '--allow-unknown')).code).toBe(0);
  expect((await ask([question(2, WAREHOUSE), '{'], '--brief')).code).toBe(2);
});

test('a reader that goes away ends the run quietly, with questions left', async () => {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new Sink();
  const done = run(['ask', SAMPLE, '--brief'], { stdin, stdout, stderr, env: {} });
  stdin.write(`${question(1, SHOP)}\n`);
  await once(stdout, 'data');
  stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  stdin.write(`${question(2, SHOP)}\n`);
  expect(await done).toBe(0);
  expect(stderr.text).toBe('');
});

test('ten thousand questions get ten thousand answers, in order', async () => {
  const lines = Array.from({ length: 10_000 }, (_, at) => question(at, at % 2 === 0 ? SHOP : BLOCKED));
  const { code, answers } = await ask(lines, '--brief');
  expect(answers.map(({ id }) => id)).toEqual(lines.map((_, at) => at));
  expect(answers.every(({ verdict }, at) => verdict === (at % 2 === 0 ? 'delivered' : 'dropped'))).toBe(true);
  expect(code).toBe(0);
});
