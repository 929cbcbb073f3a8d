/**
 * What reading a snapshot gathers besides its records: problems, missing facts, and texts already seen.
 *
 * Readers of records ask it to check a record's shape, to turn text into values, and to report. Every report quotes the value
 * and points at it; the pointer is put together only then.
 */

import type { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type { Fact, Problem } from '../model/problem.ts';
import type { Address } from '../net/address.ts';
import { type ParsedPrefix, parseAddress, parsePrefix, TextError } from '../net/address-text.ts';
import type { Prefix } from '../net/prefix.ts';
import { InputError } from './input-error.ts';
import { describeValue, isObject, memberOf } from './json-value.ts';
import { type Limits, MAX_FACTS, MAX_PROBLEMS, RECORDS_REMEDY } from './limits.ts';

/** Steps from a record to a member of it. */
export type Path = readonly (string | number)[];

const PREFIX_REMEDY = 'write ADDRESS/LENGTH, with a length from 0 to 32 (IPv4) or 128 (IPv6)';
const ADDRESS_REMEDY = 'write an IPv4 or IPv6 address, without a length';

export class Reading {
  readonly #limits: Limits;
  readonly #problems: Problem[] = [];
  /** Problems beyond those that are listed. */
  #unlisted = 0;
  #errors = 0;
  #records = 0;
  readonly #facts = new Map<string, Fact>();
  readonly #texts = new Map<string, string>();
  /** Snapshots repeat a few hundred prefixes many thousand times. */
  readonly #prefixes = new Map<string, ParsedPrefix>();
  /** False once something of the list being read was lost: what is not in it may exist all the same. */
  listIsWhole = true;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** In the order in which they were met. */
  get problems(): readonly Problem[] {
    const first = this.#problems[0];
    if (this.#unlisted === 0 || first === undefined) return this.#problems;
    const what = `more than ${MAX_PROBLEMS} problems, the rest are not listed, and lists with more of them not read to their end`;
    return [
      ...this.#problems,
      { what, origin: first.origin, remedy: 'settle the listed ones first', severity: 'error' },
    ];
  }

  get facts(): readonly Fact[] {
    return [...this.#facts.values()];
  }

  error(what: string, origin: Origin, remedy: string): void {
    this.#errors++;
    this.#report({ what, origin, remedy, severity: 'error' });
  }

  warning(what: string, origin: Origin, remedy: string): void {
    this.#report({ what, origin, remedy, severity: 'warning' });
  }

  #report(problem: Problem): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(problem);
    else this.#unlisted++;
  }

  /** Reports whether there are more errors than are listed. */
  get isFull(): boolean {
    return this.#errors > MAX_PROBLEMS;
  }

  /** Counts records or members of records. Throws an InputError beyond the limit. */
  count(records: number, origin: Origin): void {
    this.#records += records;
    if (this.#records <= this.#limits.maxRecords) return;
    throw new InputError(`more than ${this.#limits.maxRecords} records`, origin.file, origin.pointer, RECORDS_REMEDY);
  }

  /** Registers a missing fact; equal keys are the same fact. */
  fact(key: string, what: string, remedy: string, origin: Origin | null): Fact {
    const known = this.#facts.get(key);
    if (known !== undefined) return known;
    if (this.#facts.size >= MAX_FACTS) {
      const at = origin ?? { file: '', pointer: '' };
      throw new InputError(`more than ${MAX_FACTS} things cannot be read`, at.file, at.pointer, remedy);
    }
    const fact = { key, what, remedy, origin };
    this.#facts.set(key, fact);
    return fact;
  }

  /** Reports whether a fact of this key is missing already. */
  knows(key: string): boolean {
    return this.#facts.has(key);
  }

  /** A missing fact that also means that the list being read no longer proves what does not exist. */
  loss(key: string, what: string, remedy: string, origin: Origin): void {
    this.fact(key, what, remedy, origin);
    this.listIsWhole = false;
  }

  /** The same text, stored once: ids and zones repeat in every record. */
  shared(text: string): string;
  shared(text: string | null | undefined): string | null;
  shared(text: string | null | undefined): string | null {
    if (text === null || text === undefined || text === '') return null;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  /**
   * The record as its schema describes it, or null after a problem for each thing wrong with it. A fault in one of the
   * `dispensable` members (a description) costs that member alone.
   */
  record<T>(
    schema: z.ZodType<T>,
    value: unknown,
    origin: Origin,
    remedy: string,
    dispensable?: readonly string[],
  ): T | null {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    let fatal = false;
    let repaired = value;
    for (const issue of parsed.error.issues) {
      const path = issue.path.filter((step) => typeof step !== 'symbol');
      const bad = memberOf(value, path);
      const [member] = path;
      const spare = typeof member === 'string' && dispensable?.includes(member) === true && isObject(repaired);
      const name = path.length === 0 ? 'record' : path.join('.');
      const what =
        bad === undefined || bad === null
          ? `${name} is missing`
          : `${name} is ${describeValue(bad)}, not ${expected(issue)}`;
      if (spare) {
        repaired = { ...(repaired as object), [member]: null };
        this.warning(what, originOf(origin, ...path), 'the rest of the record is read without it');
      } else {
        fatal = true;
        this.error(what, originOf(origin, ...path), remedy);
      }
    }
    return fatal ? null : (schema.safeParse(repaired).data ?? null);
  }

  /** The items of a member that should be a list; none where it is absent or null. Null, after a problem, where it is no list. */
  items(value: unknown, origin: Origin, path: Path, remedy: string): readonly unknown[] | null {
    if (value === null || value === undefined) return NO_ITEMS;
    if (Array.isArray(value)) {
      this.count(value.length, origin);
      return value;
    }
    this.error(`${path.join('.')} is ${describeValue(value)}, not a list`, originOf(origin, ...path), remedy);
    return null;
  }

  /** The prefix behind a text, host bits cleared with a warning. Null, after a problem, where it is none. */
  prefix(value: unknown, origin: Origin, ...path: Path): Prefix | null {
    if (typeof value !== 'string') {
      this.error(notText('prefix', value), originOf(origin, ...path), PREFIX_REMEDY);
      return null;
    }
    let parsed = this.#prefixes.get(value);
    if (parsed === undefined) {
      const fresh = this.#text(parsePrefix, value, PREFIX_REMEDY, origin, path);
      if (fresh === null) return null;
      parsed = fresh;
      this.#prefixes.set(value, parsed);
    }
    if (parsed.hadHostBits) {
      this.warning(
        `prefix "${value}" has host bits set, read with them cleared`,
        originOf(origin, ...path),
        'AWS stores it with the host bits cleared too (NACL-08); write it so',
      );
    }
    return parsed.prefix;
  }

  /** The address behind a text. Null, after a problem, where it is none. */
  address(value: unknown, origin: Origin, ...path: Path): Address | null {
    if (typeof value !== 'string') {
      this.error(notText('address', value), originOf(origin, ...path), ADDRESS_REMEDY);
      return null;
    }
    return this.#text(parseAddress, value, ADDRESS_REMEDY, origin, path);
  }

  #text<T>(parse: (text: string) => T, text: string, remedy: string, origin: Origin, path: Path): T | null {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      this.error(error.message, originOf(origin, ...path), remedy);
      return null;
    }
  }
}

const NO_ITEMS: readonly unknown[] = [];

function notText(noun: string, value: unknown): string {
  return value === null || value === undefined
    ? `${noun} is missing`
    : `${noun} is ${describeValue(value)}, not a text`;
}

/** What a schema wanted, in words. */
function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED.get(issue.expected) ?? `of type ${issue.expected}`;
    case 'too_small':
      return issue.origin === 'string' ? 'a text with something in it' : `${issue.minimum} or more`;
    case 'too_big':
      return `${issue.maximum} or less`;
    case 'invalid_value':
      return issue.values.map((value) => describeValue(value)).join(' or ');
    default:
      return 'as it should be';
  }
}

const EXPECTED = new Map<string, string>([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['object', 'an object'],
  ['array', 'a list'],
]);
