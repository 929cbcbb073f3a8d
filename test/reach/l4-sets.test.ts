/** Sets of protocol and port in universes so small that every set is tried with every other. */

import { describe, expect, test } from 'vitest';
import { ALL_PROTOCOLS } from '../../src/net/protocol.ts';
import { EMPTY, EVERYTHING, type L4Id, L4Sets } from '../../src/reach/l4-sets.ts';
import { pointsOf, subsetsOf } from './small-universe.ts';

describe.each([
  { protocols: 2, ports: 4 },
  { protocols: 4, ports: 2 },
  { protocols: 1, ports: 8 },
])('every set of $protocols protocols and $ports ports', ({ protocols, ports }) => {
  const points = pointsOf([protocols, ports]);
  const sets = new L4Sets({ lastProtocol: protocols - 1, lastPort: ports - 1 });
  const build = (subset: readonly (readonly number[])[]): L4Id =>
    subset.reduce<L4Id>((set, [protocol, port]) => sets.union(set, sets.box(protocol!, port!, port!)), EMPTY);
  // Set number `i` holds the points of the bits of `i`: what is true of the numbers must be true of the sets.
  const ids = subsetsOf(points).map(build);

  test('has one id, and no two sets share one', () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect([ids[0], ids.at(-1)]).toEqual([EMPTY, EVERYTHING]);
    expect(subsetsOf(points).map((subset) => build(subset.toReversed()))).toEqual(ids);
  });

  test('holds its points, by port and by run', () => {
    for (const [bits, id] of ids.entries()) {
      const inside = points.filter((_, i) => (bits >> i) % 2 === 1);
      expect(points.filter(([protocol, port]) => sets.contains(id, protocol!, port!))).toEqual(inside);
      const byRun = sets.runs(id).flatMap((run) => {
        const numbers = pointsOf([run.last - run.first + 1]).map(([offset]) => run.first + offset!);
        return numbers.flatMap((protocol) =>
          run.ports.flatMap(({ first, last }) => {
            return pointsOf([last - first + 1]).map(([offset]) => [protocol, first + offset!]);
          }),
        );
      });
      expect(byRun).toEqual(inside);
    }
  });

  test('has the union, intersection and difference with every other that bits have', () => {
    const wrong: string[] = [];
    for (const [a, setA] of ids.entries()) {
      for (const [b, setB] of ids.entries()) {
        if (sets.union(setA, setB) !== ids[a | b]) wrong.push(`${a} | ${b}`);
        if (sets.intersect(setA, setB) !== ids[a & b]) wrong.push(`${a} & ${b}`);
        if (sets.subtract(setA, setB) !== ids[a & ~b]) wrong.push(`${a} - ${b}`);
        if (sets.isSubset(setA, setB) !== ((a & ~b) === 0)) wrong.push(`${a} in ${b}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('is made of boxes, of one protocol or of all', () => {
    for (const [first, last] of pointsOf([ports, ports]) as readonly (readonly [number, number])[]) {
      if (first > last) continue;
      const inRange = points.filter(([, port]) => first <= port! && port! <= last);
      expect(sets.box(ALL_PROTOCOLS, first, last)).toBe(build(inRange));
      for (const [protocol] of pointsOf([protocols]) as readonly (readonly [number])[]) {
        expect(sets.box(protocol, first, last)).toBe(build(inRange.filter((point) => point[0] === protocol)));
        expect(sets.ofPorts(protocol, [{ first, last }])).toBe(sets.box(protocol, first, last));
      }
    }
  });
});

test('a protocol number that does not exist is refused', () => {
  expect(() => new L4Sets().ports(EVERYTHING, 256)).toThrow('protocol 256 is over 255');
});
