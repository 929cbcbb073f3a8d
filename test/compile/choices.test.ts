import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Choices } from '../../src/compile/choices.ts';

/** What a walk meets: at each node so many options, and what lies behind each; a leaf is a verdict. */
type Tree = readonly Tree[];

/** One walk through the tree, as the options it took. */
function walk(choices: Choices, tree: Tree): string {
  const path: number[] = [];
  for (let node = tree; node.length > 0; ) {
    const option = choices.take(node, node.length, 100 + node.length);
    path.push(option);
    node = node[option]!;
  }
  return path.join('.');
}

function everyWay(tree: Tree): string[] {
  const choices = new Choices();
  const ways = [walk(choices, tree)];
  while (choices.next()) ways.push(walk(choices, tree));
  return ways;
}

function leaves(tree: Tree, path: readonly number[] = []): string[] {
  if (tree.length === 0) return [path.join('.')];
  return tree.flatMap((child, option) => leaves(child, [...path, option]));
}

const LEAF: Tree = [];

test('two choices of two and three options make six ways', () => {
  const second: Tree = [LEAF, LEAF, LEAF];
  expect(everyWay([second, second])).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1', '1.2']);
});

test('an option that leads to a choice of its own is taken with each of its options', () => {
  expect(everyWay([LEAF, [LEAF, [LEAF, LEAF]], LEAF])).toEqual(['0', '1.0', '1.1.0', '1.1.1', '2']);
});

test('without a choice there is one way', () => {
  const choices = new Choices();
  expect(walk(choices, LEAF)).toBe('');
  expect(choices.any).toBe(false);
  expect(choices.next()).toBe(false);
});

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant(LEAF),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
  ),
}));

test('every combination of options is taken exactly once, in order', () => {
  fc.assert(
    fc.property(tree, (drawn) => {
      expect(everyWay(drawn)).toEqual(leaves(drawn));
    }),
    { numRuns: 300 },
  );
});

test('restarting takes the same way again, and the facts met on it are those of that way alone', () => {
  const drawn: Tree = [
    [LEAF, LEAF],
    [LEAF, LEAF, LEAF],
  ];
  const choices = new Choices();
  for (const way of ['0.0', '0.1']) {
    expect(walk(choices, drawn)).toBe(way);
    choices.next();
  }
  expect(walk(choices, drawn)).toBe('1.0');
  expect(choices.facts).toEqual([102, 103]);
  choices.restart();
  expect(choices.facts).toEqual([]);
  expect(walk(choices, drawn)).toBe('1.0');
});

test('after a reset the first way comes first again', () => {
  const choices = new Choices();
  walk(choices, [LEAF, LEAF]);
  choices.next();
  choices.reset();
  expect(choices.any).toBe(false);
  expect(walk(choices, [LEAF, LEAF])).toBe('0');
});

test('a choice that stands on no fact is taken like any other', () => {
  const choices = new Choices();
  choices.take('owner', 2, -1);
  expect(choices.any).toBe(true);
  expect(choices.facts).toEqual([]);
  expect(choices.next()).toBe(true);
  expect(choices.take('owner', 2, -1)).toBe(1);
});

test('OPEN-13: AWS keeps what it picked, so who is met again takes the same option again', () => {
  const choices = new Choices();
  const [table, gateway] = [{}, {}];
  const around = (): string => [table, gateway, table, gateway].map((owner) => choices.take(owner, 2, 5)).join('');
  const ways = [around()];
  while (choices.next()) ways.push(around());
  expect(ways).toEqual(['0000', '0101', '1010', '1111']);
  expect(choices.facts).toEqual([5, 5]);
});
