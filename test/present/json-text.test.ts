import { expect, test } from 'vitest';
import { jsonDocument, jsonLine } from '../../src/present/json-text.ts';

const value = { name: 'a\u202eb\u009b31m\u{e0041}\u2028', list: [1, null], plain: 'größer → ✓' };

for (const [form, write] of [
  ['a line', jsonLine],
  ['a document', jsonDocument],
] as const) {
  test(`JSON as ${form} is the same value, with nothing in it that a terminal obeys`, () => {
    const text = write(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text).toContain('größer → ✓');
  });
}
