import { expect, test } from 'vitest';
import { EMPTY_LINE, labelled, line, PLAIN_RENDERING, render, span } from '../../src/present/layout.ts';
import { PLAIN } from '../../src/present/palette.ts';

const coloured = { ...PLAIN, bad: (text: string): string => `<${text}>` };

test('lines end in a line feed and have no space at their ends', () => {
  expect(render([line(2, 'a  '), EMPTY_LINE, line(0, 'b')], PLAIN_RENDERING)).toBe('  a\n\nb\n');
});

test('a line that is too wide goes on under its text, not under its label', () => {
  const wide = labelled(2, span('acl in'), 8, 'entry 100 of acl-2 allows tcp 443 from everywhere in the world');
  expect(render([wide], { palette: PLAIN, width: 40 })).toBe(`\
  acl in  entry 100 of acl-2 allows tcp
          443 from everywhere in the
          world
`);
});

test('a pipe gets whole lines', () => {
  const words = 'word '.repeat(60).trim();
  expect(render([line(0, words)], PLAIN_RENDERING)).toBe(`${words}\n`);
});

test('a word wider than the terminal is left whole', () => {
  const path = `file.json#${'/member'.repeat(12)}`;
  expect(render([line(4, 'at ', path)], { palette: PLAIN, width: 60 })).toBe(`    at\n      ${path}\n`);
});

test('colour codes do not count as width', () => {
  const lines = [line(0, span('aaaa bbbb cccc dddd eeee ffff', 'bad'))];
  expect(render(lines, { palette: coloured, width: 30 })).toBe('<aaaa ><bbbb ><cccc ><dddd ><eeee ><ffff>\n');
});

test('text is made safe before it is coloured, so that colour codes in the input stay visible and ours stay codes', () => {
  const red = { ...PLAIN, bad: (text: string): string => `\u001b[31m${text}\u001b[39m` };
  expect(render([line(0, span('a\u001b[0mb', 'bad'))], { palette: red, width: null })).toBe(
    '\u001b[31ma\\u{1b}[0mb\u001b[39m\n',
  );
});
