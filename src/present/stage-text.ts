/** Short labels and marks for the steps of a walk. Every mark differs in shape, so that nothing depends on colour. */

import type { Step } from '../explain/trace.ts';
import { type Span, span } from './layout.ts';

const LABELS: Readonly<Record<Step['stage'], string>> = {
  'source-dest-check': 'check',
  'security-group-out': 'group out',
  'security-group-in': 'group in',
  'nacl-out': 'acl out',
  'nacl-in': 'acl in',
  route: 'route',
  'gateway-check': 'gateway',
  translate: 'translate',
  listener: 'listener',
  deliver: 'deliver',
  exempt: 'exempt',
  host: 'host',
};

/** Columns of the widest label, and two of space. */
export const LABEL_COLUMNS: number = Math.max(...Object.values(LABELS).map(({ length }) => length)) + 2;

export function stageLabel(stage: Step['stage']): string {
  return LABELS[stage];
}

/** Whether a word is the name of a stage. */
export function isStage(word: string): word is Step['stage'] {
  return Object.hasOwn(LABELS, word);
}

const MARKS: Readonly<Record<Step['result'], Span>> = {
  allow: span('✓', 'good'),
  deny: span('✗', 'bad'),
  unknown: span('?', 'doubt'),
  forward: span('→', 'faint'),
  rewrite: span('⇄', 'change'),
  arrive: span('●', 'good'),
};

/** Columns of a mark and the space after it. */
export const MARK_COLUMNS = 2;

export function resultMark(result: Step['result']): Span {
  return MARKS[result];
}
