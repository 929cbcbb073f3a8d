import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QuestionError } from '../../src/explain/question-error.ts';
import { parseReachQuestion, type ReachQuestion, reachQuestionOf } from '../../src/explain/reach-question.ts';

function textsOf({ from, to, service }: ReachQuestion): readonly string[] {
  return [from.text, to.text, service.text];
}

function errorOf(ask: () => unknown): QuestionError {
  try {
    ask();
  } catch (error) {
    if (error instanceof QuestionError) return error;
    throw error;
  }
  throw new Error('that is a question');
}

describe('a question', () => {
  const questions = [
    ['internet -> tag:Name=web : tcp/443', 'internet', 'tag:Name=web', 'tcp/443'],
    ['internet->web', 'internet', 'web', 'any'],
    ['  internet  ->  web  :  dns  ', 'internet', 'web', 'dns'],
    ['internet -> web :tcp/443', 'internet', 'web', 'tcp/443'],
    ['internet -> 2001:db8::a : icmpv6/echo', 'internet', '2001:db8::a', 'icmpv6/echo'],
    ['::/0 -> ::1 | ::2 : any', '::/0', '::1 | ::2', 'any'],
    ['::/0 -> web', '::/0', 'web', 'any'],
    ['tag:a="x -> y : z" -> web : tcp/22', 'tag:a="x -> y : z"', 'web', 'tcp/22'],
    ['a & !(b | c) -> eni-7 : tcp/40000>443 + udp/53', 'a & !(b | c)', 'eni-7', 'tcp/40000>443 + udp/53'],
    ['web-1->db-1', 'web-1', 'db-1', 'any'],
  ] as const;
  for (const [text, ...parts] of questions) {
    test(`${text.trim()} asks from ${parts[0]} to ${parts[1]} about ${parts[2]}`, () => {
      expect(textsOf(parseReachQuestion(text))).toEqual(parts);
    });
  }

  test('parts given apart are the same question', () => {
    const whole = parseReachQuestion('internet -> 10.0.0.0/8 : tcp/443');
    const parts = reachQuestionOf({ from: 'internet', to: '10.0.0.0/8', service: 'tcp/443' });
    expect(textsOf(parts)).toEqual(textsOf(whole));
    expect(parts.service).toEqual(whole.service);
    expect(textsOf(reachQuestionOf({ from: 'a', to: 'b' }))).toEqual(['a', 'b', 'any']);
  });

  test('its places know where they stand in the whole of it', () => {
    const { from, to } = parseReachQuestion(' web -> db : ssh');
    expect([from.root.at, to.root.at]).toEqual([1, 8]);
  });
});

describe('what is no question', () => {
  const PLACE = 'expected a place: internet, an address or CIDR, an id, a name, tag:KEY=VALUE, name:PATTERN or lb:NAME';
  const errors = [
    ['', 0, 'expected "->" and where to: FROM -> TO : SERVICE'],
    ['internet web', 12, 'expected "->" and where to: FROM -> TO : SERVICE'],
    ['internet > web', 14, 'expected "->" and where to: FROM -> TO : SERVICE'],
    ['-> web', 0, PLACE],
    ['internet ->', 11, PLACE],
    ['internet -> : tcp/443', 11, PLACE],
    ['a b -> c', 2, 'expected "|", "&" or "->" (a name with spaces needs quotes)'],
    ['(a -> c', 2, 'expected "|", "&" or ")"'],
    ['a -> b c : ssh', 7, 'expected "|", "&" or ":" (a name with spaces needs quotes)'],
    ['a -> b -> c', 7, 'expected "|", "&" or " : SERVICE" (a name with spaces needs quotes)'],
    ['a -> b : htps', 9, 'expected a service: tcp/443, udp/53, icmp/echo, proto/50, any, or a name such as https'],
    ['a -> b : tcp/443 + udp/70000', 23, 'expected a port from 0 to 65535'],
    ['a -> b :', 8, 'expected a service: tcp/443, udp/53, icmp/echo, proto/50, any, or a name such as https'],
    ['a -> "b : ssh', 5, 'expected a second quote that closes this one'],
  ] as const;
  for (const [text, position, problem] of errors) {
    test(`${text || 'nothing at all'}: ${problem}`, () => {
      const error = errorOf(() => parseReachQuestion(text));
      expect(error.message.split('\n')[0]).toBe(`question: ${problem}`);
      expect(error.position).toBe(position);
    });
  }

  test('of parts given apart the error shows the part that is wrong', () => {
    const error = errorOf(() => reachQuestionOf({ from: 'internet', to: 'a b', service: 'ssh' }));
    expect(error.position).toBe(2);
    expect(error.message.split('\n').slice(1)).toEqual(['  a b', '    ^']);
  });
});

test('whatever the text, it is a question or a QuestionError that points into it', () => {
  const anyPiece = fc.constantFrom(
    ...'-> : :: a | & ! ( ) " \\ tag: = name: 10.0.0.1 /8 tcp/ 443 > + , icmp/ @'.split(' '),
    ' ',
    ' ',
  );
  const anyText = fc.oneof(
    fc.array(anyPiece, { maxLength: 16 }).map((pieces) => pieces.join('')),
    fc.tuple(fc.string(), fc.string(), fc.string()).map(([from, to, service]) => `${from} -> ${to} : ${service}`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        parseReachQuestion(text);
      } catch (error) {
        if (!(error instanceof QuestionError)) throw error;
        expect(error.position).toBeGreaterThanOrEqual(0);
        expect(error.position).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 5000 },
  );
});

test('a hundred thousand characters of anything take no time worth mentioning', () => {
  const pieces = '( ! | a| " a : :: 1. .1 \\" 10.0.0.1@ tag: tcp/ tcp/1+ 443, + %'.split(' ');
  for (const piece of [...pieces, '-> ', ' : ', ' a', ' ']) {
    const long = piece.repeat(100_000 / piece.length);
    for (const text of [`${long} -> b`, `a -> ${long}`, `a -> b : ${long}`, `a -> b : tcp/${long}`]) {
      const start = performance.now();
      try {
        parseReachQuestion(text);
      } catch (error) {
        if (!(error instanceof QuestionError)) throw error;
        expect(error.message.length).toBeLessThan(1000);
      }
      expect(performance.now() - start, `${piece} again and again`).toBeLessThan(5000);
    }
  }
});
