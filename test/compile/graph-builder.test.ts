/** Reserving and writing stages, and what is shared while the graph is written. */

import { describe, expect, test } from 'vitest';
import { DROP, LOOKUP, type Stage, stage } from '../../src/compile/stage.ts';
import { builderOf, builderOver } from './drawn-builder.ts';

const builder = () => builderOf({ vpc: '10.0.0.0/16' });
const lookup = (next: number): Stage => stage(LOOKUP, 'route', 0, { next });

describe('a stage', () => {
  test('has its number before it is written, so that stages can lead to each other in a circle', () => {
    const b = builder();
    const first = b.once('first', () => lookup(b.once('second', () => lookup(b.once('first', never)))));
    b.finish();
    const second = b.stages[first]!.next;
    expect(b.stages).toHaveLength(2);
    expect(b.stages[second]!.next).toBe(first);
  });

  test('is written once, however often it is asked for', () => {
    const b = builder();
    let written = 0;
    const write = (): Stage => {
      written++;
      return lookup(0);
    };
    expect(b.once('it', write)).toBe(b.once('it', write));
    b.finish();
    b.once('it', never);
    b.finish();
    expect(written).toBe(1);
  });

  test('at the end of a chain of 100,000 is written without a deep stack', () => {
    const b = builder();
    const link = (i: number): number => b.once(`link ${i}`, () => lookup(i === 100_000 ? 0 : link(i + 1)));
    link(0);
    b.finish();
    expect(b.stages).toHaveLength(100_001);
    expect(b.stages.every(({ kind }) => kind === LOOKUP)).toBe(true);
  });
});

test('equal drops at one place are one stage; another reason or another record makes another', () => {
  const b = builder();
  const drop = (text: string, resource?: string) =>
    b.drop(0, 'route', 'NO_ROUTE_TO_DESTINATION', text, resource === undefined ? {} : { resource });
  expect(drop('no way')).toBe(drop('no way'));
  expect(new Set([drop('no way'), drop('no path'), drop('no way', 'rtb-1'), drop('no way', 'rtb-2')]).size).toBe(4);
  b.finish();
  expect(b.stages.every(({ kind }) => kind === DROP)).toBe(true);
  expect(b.stages[drop('no way', 'rtb-1')]!.origin).toEqual({
    resource: 'rtb-1',
    rule: null,
    source: null,
    text: 'no way',
  });
});

test('facts of one key are one fact, those of loading first', () => {
  const loaded = { key: 'a', what: 'what a is', remedy: 'say a', origin: null };
  const b = builderOver({ ...builder().network, facts: [loaded] });
  expect(b.fact({ ...loaded, what: 'said again' })).toBe(0);
  expect(b.fact({ ...loaded, key: 'b' })).toBe(1);
  expect(b.facts.map(({ what }) => what)).toEqual(['what a is', 'what a is']);
});

test('a place is known by its kind and id', () => {
  const b = builder();
  const place = (kind: 'vpc' | 'subnet', id: string) => b.place({ kind, id, name: null });
  expect(place('vpc', 'x')).toBe(place('vpc', 'x'));
  expect(new Set([place('vpc', 'x'), place('subnet', 'x'), place('vpc', 'y')]).size).toBe(3);
});

function never(): never {
  throw new Error('written a second time');
}
