import { expect, test } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import { A_SCREENFUL, EVERYTHING } from '../../src/present/alike.ts';
import { render } from '../../src/present/layout.ts';
import { problemLines } from '../../src/present/problem-text.ts';

function badLength(index: number): Problem {
  return {
    what: `prefix "10.${index}.0.0/33": length 33 is over 32`,
    origin: { file: 'acls.json', pointer: `/NetworkAcls/${index}/Entries/0/CidrBlock` },
    remedy: 'use a length from 0 to 32',
    severity: 'error',
  };
}
const unknownKey: Problem = {
  what: 'list "Frobs" is not known',
  origin: { file: 'frobs.json', pointer: '/Frobs' },
  remedy: 'nothing to do if it does not matter to the network',
  severity: 'warning',
};

test('problems that differ only in what they quote stand together, errors first, with what to do once', () => {
  const problems = [unknownKey, ...[1, 2, 3, 4, 5].map(badLength)];
  expect(render(problemLines(problems, 2, A_SCREENFUL))).toBe(`\
  error    prefix "10.1.0.0/33": length 33 is over 32
    at acls.json#/NetworkAcls/1/Entries/0/CidrBlock
  error    prefix "10.2.0.0/33": length 33 is over 32
    at acls.json#/NetworkAcls/2/Entries/0/CidrBlock
  error    prefix "10.3.0.0/33": length 33 is over 32
    at acls.json#/NetworkAcls/3/Entries/0/CidrBlock
    and 2 more like it; --all lists them
    use a length from 0 to 32
  warning  list "Frobs" is not known
    at frobs.json#/Frobs
    nothing to do if it does not matter to the network
`);
});

test('asked for everything, nothing is left out', () => {
  const text = render(problemLines([1, 2, 3, 4, 5].map(badLength), 2, EVERYTHING));
  expect(text).not.toContain('more');
  expect(text.match(/CidrBlock/g)).toHaveLength(5);
});

test('past a screenful of kinds, the rest is counted', () => {
  const kinds = 'abcdefghijklmnop'.split('').map((letter) => ({ ...unknownKey, what: `${letter.repeat(3)} is wrong` }));
  expect(render(problemLines(kinds, 2, A_SCREENFUL))).toContain('  and 4 more of other kinds; --all lists them\n');
});
