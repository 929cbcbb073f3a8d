import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { type InputLine, inputLines, LONGEST_LINE } from '../../src/cli/input-lines.ts';

async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<(string | null)[]> {
  return (await groupsOf(...chunks)).flat().map(({ text }) => text);
}

async function groupsOf(...chunks: readonly (string | Buffer)[]): Promise<(readonly InputLine[])[]> {
  const groups: (readonly InputLine[])[] = [];
  for await (const group of inputLines(Readable.from(chunks))) groups.push(group);
  return groups;
}

test('lines that come in pieces are put together', async () => {
  expect(await linesOf('a', 'b\nc', '\n', 'd')).toEqual(['ab', 'c', 'd']);
});

test('a chunk that completes several lines hands them on together, and one that completes none hands on nothing', async () => {
  const groups = await groupsOf('a\nb\nc', 'd', '\n');
  expect(groups.map((group) => group.map(({ number, text }) => [number, text]))).toEqual([
    [
      [1, 'a'],
      [2, 'b'],
    ],
    [[3, 'cd']],
  ]);
});

test('a letter of several bytes may lie across two chunks', async () => {
  const bytes = Buffer.from('größe\n');
  expect(await linesOf(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['größe']);
});

test('carriage returns and a byte order mark are no part of a line', async () => {
  expect(await linesOf(Buffer.from('\ufeffa\r\nb\r\n'))).toEqual(['a', 'b']);
});

test('input that ends without a line feed ends with a line; input that ends with one does not', async () => {
  expect(await linesOf('a\n')).toEqual(['a']);
  expect(await linesOf('a\nb')).toEqual(['a', 'b']);
  expect(await linesOf()).toEqual([]);
});

test('a line that is too long is reported as null, wherever it is cut, and the next one is whole again', async () => {
  const half = 'x'.repeat(LONGEST_LINE / 2 + 1);
  expect(await linesOf(`a\n${half}`, half, `${half}\nb`, '\nc')).toEqual(['a', null, 'b', 'c']);
  expect(await linesOf(half, half)).toEqual([null]);
  expect(await linesOf('x'.repeat(LONGEST_LINE))).toEqual(['x'.repeat(LONGEST_LINE)]);
});
