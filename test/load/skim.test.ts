/** Text into lists, record by record: as JSON.parse would, and never beyond the limits. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonTextError } from '../../src/load/json-text-error.ts';
import { limitsOf } from '../../src/load/limits.ts';
import { skim } from '../../src/load/skim.ts';
import { SlicedList } from '../../src/load/sliced-list.ts';

const limits = limitsOf({});

/** What was skimmed, with its lists parsed: plain JSON again. */
function parsed(value: unknown): unknown {
  if (value instanceof SlicedList) return Array.from({ length: value.length }, (_, i) => value.at(i));
  if (Array.isArray(value)) return value.map(parsed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, parsed(member)]));
}

const text = (json: string): Buffer => Buffer.from(json, 'utf8');

describe('what it reads', () => {
  test('every JSON document as JSON.parse does', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('data', 'Vpcs', '__proto__', 'constructor', 'a"b\\', '😀'));
    const document = fc.oneof(
      fc.dictionary(key, fc.jsonValue()),
      fc.jsonValue(),
      fc.array(fc.dictionary(key, fc.array(fc.jsonValue()))),
    );
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 2, '\r\n\t'), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        const { value: skimmed, error } = skim(text(json), limits);
        expect(error).toBeNull();
        expect(JSON.stringify(parsed(skimmed))).toBe(JSON.stringify(JSON.parse(json)));
      }),
    );
  });

  test('lists stay text until they are asked for', () => {
    const { value } = skim(text('{"Vpcs": [{"a": 1}, {"a": ]"[}", 7]}'), limits);
    const list = (value as { Vpcs: SlicedList }).Vpcs;
    expect(list.at(0)).toEqual({ a: 1 });
  });
});

describe('what is no JSON', () => {
  const cases = [
    ['', 'not JSON at its end: no value'],
    ['hello', 'not JSON at line 1, column 1: a value that is no JSON'],
    ['{"Vpcs": [{"a": 1}, ', 'not JSON at its end: no value'],
    ['{"Vpcs": [{"a": "1', 'not JSON at its end: the file ends in the middle of a value'],
    ['{"Vpcs": [1 2]}', 'not JSON at line 1, column 13: no comma or ]'],
    ['{"Vpcs" []}', 'not JSON at line 1, column 9: no colon after "Vpcs"'],
    ['{Vpcs: []}', 'not JSON at line 1, column 2: a member without a name in quotes'],
    ['{"a": 1,}', 'not JSON at line 1, column 9: a member without a name in quotes'],
    ['{"a": tru}', 'not JSON at line 1, column 7: a value that is no JSON'],
    ['{"a": 1}\n\n  {"b": 2}', 'not JSON at line 3, column 3: text after the end of the document'],
    ['{"Vpcs": [], "Vpcs": []}', 'not JSON at line 1, column 20: a second member "Vpcs"'],
    [']', 'not JSON at line 1, column 1: no value'],
  ] as const;
  for (const [json, message] of cases) {
    test(`${JSON.stringify(json)}: ${message}`, () => {
      const { error } = skim(text(json), limits);
      expect(error).toMatchObject({ message, kind: 'syntax' });
    });
  }

  test('what came before the fault is there, and the list in which it was is named', () => {
    const { value, cutOff } = skim(text('{"Vpcs": [{"a": 1}], "Subnets": [{"b": 2}, {"b": '), limits);
    expect(parsed(value)).toEqual({ Vpcs: [{ a: 1 }], Subnets: [{ b: 2 }] });
    expect(cutOff).toBe((value as { Subnets: unknown }).Subnets);
  });

  test('a record that is no JSON costs only itself', () => {
    const { value, error } = skim(text('{"Vpcs": [{"a": 1},\n {"a": 1,}, {"a": 3}]}'), limits);
    const list = (value as { Vpcs: SlicedList }).Vpcs;
    expect(error).toBeNull();
    expect([list.at(0), list.at(2)]).toEqual([{ a: 1 }, { a: 3 }]);
    expect(() => list.at(1)).toThrow(
      new JsonTextError('not JSON: the value that starts at line 2, column 2', 'syntax'),
    );
  });

  test('any bytes end in a value or an error, never in anything else', () => {
    const structural = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', ' ', '1', 'data') });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
          structural.map(text),
        ),
        (bytes) => {
          const { value, error } = skim(bytes, limits);
          let valid = true;
          try {
            JSON.parse(bytes.toString('utf8'));
          } catch {
            valid = false;
          }
          // A record is judged when it is asked for, so invalid text may pass as a whole, but valid text never fails.
          if (valid && error !== null) expect(error.message).toContain('a second member');
          if (error !== null) expect(error).toBeInstanceOf(JsonTextError);
          try {
            parsed(value);
          } catch (fault) {
            expect(fault).toBeInstanceOf(JsonTextError);
            expect(valid).toBe(false);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('limits', () => {
  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

  test('documents in documents ten thousand deep', () => {
    for (const json of [deep(10_000), `${'{"data":'.repeat(10_000)}{}${'}'.repeat(10_000)}`, '['.repeat(10_000)]) {
      expect(skim(text(json), limits).error).toMatchObject({ kind: 'depth', message: 'nested deeper than 100 levels' });
    }
  });

  test('a record ten thousand deep costs only itself', () => {
    const { value, error } = skim(text(`{"Vpcs": [${deep(10_000)}, {"a": 1}]}`), limits);
    const list = (value as { Vpcs: SlicedList }).Vpcs;
    expect(error).toBeNull();
    expect(list.at(1)).toEqual({ a: 1 });
    expect(() => list.at(0)).toThrow('nested deeper than 100 levels');
  });

  test('the limit is the first level that is refused', () => {
    const three = limitsOf({ maxDepth: 3 });
    const at = (levels: number): unknown =>
      (skim(text(`{"Vpcs": [${deep(levels)}]}`), three).value as { Vpcs: SlicedList }).Vpcs;
    expect((at(2) as SlicedList).at(0)).toEqual([[]]);
    expect(() => (at(3) as SlicedList).at(0)).toThrow('nested deeper than 3 levels');
  });

  test('more records than the limit', () => {
    const json = JSON.stringify({ Vpcs: [1, 2, 3, 4] });
    expect(skim(text(json), limitsOf({ maxRecords: 4 })).error).toMatchObject({
      kind: 'records',
      message: 'more than 4 records',
    });
    expect(skim(text(json), limitsOf({ maxRecords: 5 })).error).toBeNull();
  });

  test('a record of millions of values is refused before it is parsed', () => {
    const { value } = skim(text(`{"Vpcs": [[${'0,'.repeat(4_000_001)}0]]}`), limits);
    expect(() => (value as { Vpcs: SlicedList }).Vpcs.at(0)).toThrow('a record of more than 4000000 values');
  });
});
