import fc from 'fast-check';
import { expect, test } from 'vitest';
import { suggestionsFor } from '../../src/explain/suggestions.ts';

test.each([
  // given            known                                             suggested
  ['eni-0a1', ['eni-0a2', 'eni-0b9', 'vpc-1'], ['eni-0a2']],
  ['web-1', ['web-2', 'web-1a', 'db-1'], ['web-1a', 'web-2']],
  ['wbe', ['web', 'wbe1', 'w'], ['wbe1']],
  ['subnet-0a', ['subnet-0a1b2c3d', 'subnet-0f1b2c3d'], ['subnet-0a1b2c3d']],
  ['WEB-1', ['web-1', 'Web-2'], ['web-1', 'Web-2']],
  ['igw-9', [], []],
  ['entirely-else', ['vpc-1', 'eni-a'], []],
] as const)('for %s among %j: %j', (word, known, expected) => {
  expect(suggestionsFor(word, known)).toEqual(expected);
});

test('what begins with the word comes before what is spelt like it', () => {
  expect(suggestionsFor('web', ['wex', 'web-server', 'web-2'])).toEqual(['web-2', 'web-server', 'wex']);
});

test('there are three suggestions at most, the nearest ones, in the order of the alphabet', () => {
  expect(suggestionsFor('host-0', ['host-9', 'host-3', 'host-7', 'host-1', 'host-01'])).toEqual([
    'host-01',
    'host-1',
    'host-3',
  ]);
});

test('a short word has no near miss but one letter', () => {
  expect(suggestionsFor('ab', ['ac', 'cd', 'abc', 'b'])).toEqual(['abc', 'ac', 'b']);
});

/** Edits between two words, by the definition: all ways to delete, insert or replace one letter. */
function withinOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  const shorter = Math.min(a.length, b.length);
  let same = 0;
  while (same < shorter && a[same] === b[same]) same++;
  return (
    a.slice(same + 1) === b.slice(same + 1) ||
    a.slice(same) === b.slice(same + 1) ||
    a.slice(same + 1) === b.slice(same)
  );
}

test('of four to seven letters exactly the words within one edit, or beginning alike, are suggested', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 4, maxLength: 7 });
  fc.assert(
    fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 8 }), (given, candidate) => {
      const isNear = withinOneEdit(given, candidate) || candidate.startsWith(given);
      expect(suggestionsFor(given, [candidate])).toEqual(isNear ? [candidate] : []);
    }),
    { numRuns: 1000 },
  );
});
