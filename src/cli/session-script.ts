/**
 * Session scripts: what happens on a network, in order, as a YAML list or as JSON lines.
 *
 *     - send: tcp 203.0.113.7:40000 > 198.51.100.10:22     one packet; nothing answers by itself
 *       at: 10s                                            optional: when, from the start of the session
 *       expect: delivered                                  optional: delivered, dropped or unknown
 *     - answer: true                                       the answer to the last packet that was delivered
 *     - wait: 350s
 *     - remove: sgr-0a1                                    a rule: sgr-…, sg-1/in/0.0 or acl-1/in/100
 *     - update: { SecurityGroups: [...] }                  records that replace those of the same id, as describe-* prints them
 *     - show: connections
 */

import { isSeq, LineCounter, parseDocument, type YAMLSeq } from 'yaml';
import type { SessionResult } from '../explain/session.ts';
import { alternatives } from '../present/error-text.ts';
import { parseDuration } from './duration.ts';
import { ScriptError } from './script-error.ts';

type Outcome = SessionResult['verdict'];

export type ScriptStep = { readonly line: number } & (
  | { readonly kind: 'send'; readonly packet: string; readonly at: number | null; readonly expect: Outcome | null }
  | { readonly kind: 'answer'; readonly at: number | null; readonly expect: Outcome | null }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'remove'; readonly rule: string }
  | { readonly kind: 'update'; readonly records: unknown }
  | { readonly kind: 'show' }
);

/** Every step of the script. Throws a ScriptError for the first one that is none, before anything has run. */
export function parseScript(text: string, file: string): readonly ScriptStep[] {
  const items = text.trimStart().startsWith('{') ? jsonLines(text, file) : yamlItems(text, file);
  if (items.length === 0)
    throw new ScriptError(file, 1, 'no steps: write a list such as "- send: tcp 10.0.1.10:40000 > 10.0.2.20:22"');
  return items.map((item) => parseStep(item, file));
}

interface Item {
  readonly line: number;
  readonly value: unknown;
}

function jsonLines(text: string, file: string): readonly Item[] {
  return text.split('\n').flatMap((row, index) => {
    if (row.trim() === '') return [];
    try {
      return [{ line: index + 1, value: JSON.parse(row) as unknown }];
    } catch (error) {
      throw new ScriptError(file, index + 1, `not JSON (${(error as Error).message})`);
    }
  });
}

function yamlItems(text: string, file: string): readonly Item[] {
  const counter = new LineCounter();
  const lineAt = (offset: number | undefined): number => (offset === undefined ? 1 : counter.linePos(offset).line);
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) throw new ScriptError(file, lineAt(fault.pos[0]), `not YAML: ${fault.message}`);
  if (document.contents === null) return [];
  if (!isSeq(document.contents)) throw new ScriptError(file, 1, 'not a list: every step starts with "- "');
  const list = document.contents as YAMLSeq<{ readonly range?: readonly [number, number, number] | null }>;
  try {
    const values = list.toJS(document) as readonly unknown[];
    return values.map((value, index) => ({ line: lineAt(list.items[index]?.range?.[0]), value }));
  } catch (error) {
    throw new ScriptError(file, 1, `not YAML: ${(error as Error).message}`);
  }
}

const OUTCOMES: readonly Outcome[] = ['delivered', 'dropped', 'unknown'];
const VERBS = ['send', 'answer', 'wait', 'remove', 'update', 'show'] as const;
/** What may stand beside the verb. */
const OPTIONS = ['at', 'expect'] as const;

function parseStep({ line, value }: Item, file: string): ScriptStep {
  const fail = (what: string): never => {
    throw new ScriptError(file, line, what);
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail(`not a step: write one of ${VERBS.map((word) => `"${word}: …"`).join(', ')}`);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const verbs = VERBS.filter((verb) => fields.has(verb));
  const [verb] = verbs;
  if (verb === undefined) return fail(`no step called ${quoted(fields.keys())}: write ${alternatives(VERBS)}`);
  if (verbs.length > 1) return fail(`${quoted(verbs)} in one step: write each as a step of its own`);
  const takesOptions = verb === 'send' || verb === 'answer';
  for (const name of fields.keys()) {
    if (name === verb || (takesOptions && OPTIONS.some((option) => option === name))) continue;
    return fail(`"${name}" means nothing beside "${verb}"${takesOptions ? `: it takes ${alternatives(OPTIONS)}` : ''}`);
  }

  const content = fields.get(verb);
  switch (verb) {
    case 'send':
      if (typeof content !== 'string') return fail('"send" takes a packet: tcp 203.0.113.7:40000 > 10.0.1.10:443');
      return { line, kind: 'send', packet: content, at: parseAt(fields, fail), expect: parseExpect(fields, fail) };
    case 'answer':
      if (content !== true) return fail('"answer" takes true: it answers the last packet that was delivered');
      return { line, kind: 'answer', at: parseAt(fields, fail), expect: parseExpect(fields, fail) };
    case 'wait':
      return { line, kind: 'wait', seconds: parseSeconds(content, '"wait"', fail) };
    case 'remove':
      if (typeof content !== 'string') return fail('"remove" takes a rule: sgr-0a1, sg-1/in/0.0 or acl-1/in/100');
      return { line, kind: 'remove', rule: content };
    case 'update':
      if (typeof content !== 'object' || content === null) {
        return fail('"update" takes records as describe-* prints them: { SecurityGroups: [...] }');
      }
      return { line, kind: 'update', records: content };
    case 'show':
      if (content !== 'connections') return fail('"show" takes "connections"');
      return { line, kind: 'show' };
  }
}

type Fail = (what: string) => never;

function parseAt(fields: ReadonlyMap<string, unknown>, fail: Fail): number | null {
  return fields.has('at') ? parseSeconds(fields.get('at'), '"at"', fail) : null;
}

function parseSeconds(value: unknown, name: string, fail: Fail): number {
  return parseDuration(value) ?? fail(`${name} takes a length of time such as 350s, 5m, 1h 30m or 5d`);
}

function parseExpect(fields: ReadonlyMap<string, unknown>, fail: Fail): Outcome | null {
  if (!fields.has('expect')) return null;
  const value = fields.get('expect');
  return OUTCOMES.find((outcome) => outcome === value) ?? fail(`"expect" takes ${alternatives(OUTCOMES)}`);
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(' and ');
}
