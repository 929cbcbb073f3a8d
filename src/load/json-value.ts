/** Parsed JSON of unknown shape: asking what a value is, without ever walking into it. */

import { quote } from '../net/quote.ts';

/** An object that is no list. Its members are read by `Object.keys` and by names that the code knows, never by names from the input. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a message shows it. Lists and objects are named, not shown: they may be huge, or nested without end. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** The member that a path leads to, or undefined. */
export function memberOf(value: unknown, path: readonly PropertyKey[]): unknown {
  let member = value;
  for (const step of path) {
    if (typeof member !== 'object' || member === null || !Object.hasOwn(member, step)) return undefined;
    member = (member as Record<PropertyKey, unknown>)[step];
  }
  return member;
}
