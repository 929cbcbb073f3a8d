/** One line of `igwalk ask`: a question in JSON. */

import { QuestionError } from '../explain/question-error.ts';
import type { ReachQuestionParts } from '../explain/reach-question.ts';
import { LONGEST_LINE } from './input-lines.ts';

export type QuestionId = string | number | boolean | null;

export type QuestionLine =
  | { readonly kind: 'packet'; readonly id: QuestionId; readonly packet: string }
  | {
      readonly kind: 'sets';
      readonly id: QuestionId;
      readonly question: ReachQuestionParts;
      readonly clientPorts: string | undefined;
    }
  | { readonly kind: 'malformed'; readonly id: QuestionId; readonly error: LineError };

export interface LineError {
  readonly message: string;
  /** Where in the text of the packet or the question, from zero. */
  readonly position?: number;
  readonly suggestions?: readonly string[];
}

const EXAMPLE = '{"id":"q1","packet":"tcp 203.0.113.7:40000 > 10.0.1.10:443"}';
const SET_EXAMPLE = '{"id":"q1","from":"internet","to":"10.0.1.10","service":"tcp/443"}';

/** What a question about sets may have besides `id`; the first two it must have. */
const SET_FIELDS = ['from', 'to', 'service', 'clientPorts'] as const;

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
  return SET_FIELDS.some((name) => fields.has(name)) ? setQuestion(id, fields) : packetQuestion(id, fields);
}

function packetQuestion(id: QuestionId, fields: ReadonlyMap<string, unknown>): QuestionLine {
  const stranger = strangerAmong(fields, ['packet']);
  if (stranger !== null) {
    return malformed(
      id,
      `unknown field "${stranger}": a question has "id" and "packet", or "id", "from", "to" and "service"`,
    );
  }
  const packet = fields.get('packet');
  if (typeof packet !== 'string') return malformed(id, `no "packet" in the question: write ${EXAMPLE}`);
  return { kind: 'packet', id, packet };
}

function setQuestion(id: QuestionId, fields: ReadonlyMap<string, unknown>): QuestionLine {
  if (fields.has('packet'))
    return malformed(id, 'a question is about one "packet", or about sets ("from", "to"), not both');
  const stranger = strangerAmong(fields, SET_FIELDS);
  if (stranger !== null) {
    return malformed(id, `unknown field "${stranger}": a question has "id", "from", "to", "service" and "clientPorts"`);
  }
  const wrong = SET_FIELDS.find((name) => fields.has(name) && typeof fields.get(name) !== 'string');
  if (wrong !== undefined) return malformed(id, `"${wrong}" is no string: write ${SET_EXAMPLE}`);
  const [from, to, service, clientPorts] = SET_FIELDS.map((name) => fields.get(name) as string | undefined);
  if (from === undefined) return malformed(id, `no "from" in the question: write ${SET_EXAMPLE}`);
  if (to === undefined) return malformed(id, `no "to" in the question: write ${SET_EXAMPLE}`);
  return { kind: 'sets', id, question: { from, to, service }, clientPorts };
}

/** A field that no such question has, so that a misspelt one is not passed over. */
function strangerAmong(fields: ReadonlyMap<string, unknown>, known: readonly string[]): string | null {
  return [...fields.keys()].find((name) => name !== 'id' && !known.includes(name)) ?? null;
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
