/** Questions with exceptions: what is left of a question when some of its flows are taken out. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { NothingAskedError, QuestionError } from '../../src/explain/question-error.ts';
import { networkOf } from '../support/network.ts';
import { BASE, OPEN } from './small-net.ts';

const net = createNet(
  networkOf({
    ...BASE,
    groups: {
      open: OPEN,
      web: { in: ['tcp/443 from 0.0.0.0/0', 'tcp/22 from 203.0.113.0/24'], out: ['all to 0.0.0.0/0'] },
    },
  }),
);

describe('an exception', () => {
  test('that names all that passes leaves nothing', () => {
    const whole = net.reach('internet -> eni-a');
    expect(whole.verdict).toBe('some');
    const except = [
      { to: 'eni-a', service: 'https' },
      { from: '203.0.113.0/24', to: 'eni-a', service: 'ssh' },
    ];
    expect(net.reach('internet -> eni-a', { except }).verdict).toBe('none');
  });

  test('that names part of it leaves the rest, with its addresses and packets', () => {
    const { verdict, groups, notes } = net.reach('internet -> eni-a', { except: [{ to: 'eni-a', service: 'https' }] });
    expect(notes).toEqual(['not asked about: anywhere -> eni-a : https']);
    expect(verdict).toBe('some');
    expect(groups[0]).toMatchObject({ forward: ['tcp 22'], fromAddresses: ['203.0.113.0/24'] });
  });

  test('holds between both of its ends only', () => {
    const except = ['203.0.113.0/25 -> eni-a : any'];
    const { groups } = net.reach('internet -> eni-a : ssh', { except });
    expect(groups.filter(({ verdict }) => verdict !== 'none')).toMatchObject([{ fromAddresses: ['203.0.113.128/25'] }]);
  });

  test('of everything is an error of its own kind, never an answer', () => {
    const nothing = () => net.reach('internet -> eni-a : https', { except: [{ service: 'tcp/1-1000' }] });
    expect(nothing).toThrow(NothingAskedError);
    expect(nothing).toThrow('nothing is left when the exceptions are taken out');
  });

  test('of a place that is not there is an error', () => {
    expect(() => net.reach('internet -> eni-a', { except: [{ to: 'eni-zz' }] })).toThrow(QuestionError);
  });

  test('cannot pin source ports', () => {
    const pinned = () => net.reach('internet -> eni-a', { except: [{ service: 'tcp/40000>443' }] });
    expect(pinned).toThrow('what is left out is so for all source ports: write "tcp/40000>443" without them');
  });
});

test('exceptions take out exactly what they name, however they overlap', () => {
  const places = ['internet', '203.0.113.0/24', '203.0.112.0/23', 'eni-a', 'eni-b', 'vpc-1', 'internet | eni-b'];
  const services = ['any', 'https', 'tcp/20-443', '!tcp/22', 'icmp + tcp/22'];
  const anyFlows = fc.record({
    from: fc.constantFrom(...places),
    to: fc.constantFrom('eni-a', 'eni-b', 'vpc-1', '203.0.113.0/24 | eni-b'),
    service: fc.constantFrom(...services),
  });
  fc.assert(
    fc.property(anyFlows, fc.array(anyFlows, { minLength: 1, maxLength: 3 }), (question, except) => {
      const left = whenAsked(() => net.packets(question, { except }).forward);
      const whole = whenAsked(() => net.packets(question).forward);
      const expected = except.reduce((rest, flows) => {
        const excepted = whenAsked(() => net.packets(flows).forward);
        return rest === null || excepted === null ? rest : rest.subtract(excepted);
      }, whole);
      if (left === null) expect(expected?.isEmpty() ?? true).toBe(true);
      else expect([left.subtract(expected!).isEmpty(), expected!.subtract(left).isEmpty()]).toEqual([true, true]);
    }),
    { numRuns: 300 },
  );
});

/** Null where the question is about no packet at all. */
function whenAsked<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof NothingAskedError) return null;
    throw error;
  }
}

test('a service behind "!" is everything else', () => {
  const all = net.packets('internet -> eni-a').forward;
  const rest = net.packets('internet -> eni-a : !tcp/443').forward;
  const https = net.packets('internet -> eni-a : tcp/443').forward;
  expect(rest.intersect(https).isEmpty()).toBe(true);
  expect(all.subtract(rest).subtract(https).isEmpty()).toBe(true);
});
