/** One line of `igwalk ask`: a question in JSON. */

import { QuestionError } from '../explain/question-error.ts';
import { LONGEST_LINE } from './input-lines.ts';

export type QuestionId = string | number | boolean | null;

export type QuestionLine =
  | { readonly kind: 'packet'; readonly id: QuestionId; readonly packet: string }
  | { readonly kind: 'malformed'; readonly id: QuestionId; readonly error: LineError };

export interface LineError {
  readonly message: string;
  /** Where in the packet's text, from zero. */
  readonly position?: number;
  readonly suggestions?: readonly string[];
}

const EXAMPLE = '{"id":"q1","packet":"tcp 203.0.113.7:40000 > 10.0.1.10:443"}';

/** The question on the line. Null stands for a line that was too long to be kept. */
export function parseQuestionLine(text: string | null): QuestionLine {
  if (text === null) return malformed(null, `the line is longer than ${LONGEST_LINE} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return malformed(null, `not JSON (${(error as Error).message}): write ${EXAMPLE}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed(null, `not a JSON object: write ${EXAMPLE}`);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const id = fields.get('id') ?? null;
  if (!isId(id)) return malformed(null, '"id" is neither a string nor a number');
  if (fields.has('from') || fields.has('to')) {
    return malformed(id, `questions about sets ("from", "to") are not available yet: ask about one packet, ${EXAMPLE}`);
  }
  const stranger = [...fields.keys()].find((name) => name !== 'id' && name !== 'packet');
  if (stranger !== undefined) return malformed(id, `unknown field "${stranger}": a question has "id" and "packet"`);
  const packet = fields.get('packet');
  if (typeof packet !== 'string') return malformed(id, `no "packet" in the question: write ${EXAMPLE}`);
  return { kind: 'packet', id, packet };
}

function malformed(id: QuestionId, message: string): QuestionLine {
  return { kind: 'malformed', id, error: { message } };
}

function isId(value: unknown): value is QuestionId {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** What went wrong with a question that was well-formed JSON. Anything but a wrong question is a fault of igwalk's own, and says so. */
export function lineErrorOf(error: unknown): LineError {
  if (error instanceof QuestionError) {
    return {
      message: firstLine(error),
      ...(error.position === null ? {} : { position: error.position }),
      ...(error.suggestions.length === 0 ? {} : { suggestions: error.suggestions }),
    };
  }
  return { message: `internal error, please report it: ${error instanceof Error ? error.message : String(error)}` };
}

/** Without the lines that show the text and a caret: the position says the same to a program. */
function firstLine({ message }: Error): string {
  return message.split('\n', 1)[0]!;
}
