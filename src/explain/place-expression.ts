/**
 * Sets of places as people write them.
 *
 *     expression = all ("|" all)*                 either
 *     all        = one ("&" one)*                 both at once; binds tighter than "|"
 *     one        = "!" one | "(" expression ")" | place
 *     place      = "internet"
 *                | ADDRESS ["@" place]            10.0.1.10, 10.0.0.0/8, 2001:db8::/32; "@" as "&": the address in that place
 *                | "tag:" KEY "=" VALUE
 *                | "name:" PATTERN                Name tags; "*" stands for any characters, "?" for one
 *                | SERVICE ":" NAME               lb, asg, lambda, rds, ecs, eks, beanstalk: see `service-places.ts`
 *                | ARN                            of a service, or of what has an id at its end
 *                | ID | NAME                      an id, or else a Name tag
 *
 *     tag:role=web & !subnet-1
 *     (vpc-1 | 10.8.0.0/16) & !name:bastion-*
 *     tag:Name="web server"
 *
 * A word in double quotes is a name, whatever it looks like; names with spaces or signs need them. What a place means in a network
 * is said in `place-set.ts`.
 */

import { formatAddress, formatPrefix, parseAddress, parsePrefix, TextError } from '../net/address-text.ts';
import { hostPrefix, type Prefix } from '../net/prefix.ts';
import { type PlaceToken, type PlaceWord, placeTokens } from './place-words.ts';
import { questionErrorAt } from './question-caret.ts';
import type { QuestionError } from './question-error.ts';
import { type NamedService, serviceOfArn, serviceWordOf } from './service-words.ts';

export interface PlaceExpression {
  /** The whole question that the expression is part of; offsets count in it. */
  readonly question: string;
  /** The expression alone. */
  readonly text: string;
  readonly root: PlaceNode;
}

/** `at` is the offset, from zero in UTF-16 units, of the node's first character; for `any-of` and `all-of` of its first part. */
export type PlaceNode = { readonly at: number } & (
  | { readonly kind: 'any-of' | 'all-of'; readonly parts: readonly PlaceNode[] }
  | { readonly kind: 'none-of'; readonly part: PlaceNode }
  | { readonly kind: 'internet' }
  /** An address alone is a prefix of its whole length. */
  | { readonly kind: 'prefix'; readonly prefix: Prefix; readonly text: string }
  | { readonly kind: 'tag'; readonly key: string; readonly value: string }
  | { readonly kind: 'name'; readonly pattern: string }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'word'; readonly word: string }
  | ({ readonly kind: 'service' } & NamedService)
  /** Part of the grammar, and of no model yet. */
  | { readonly kind: 'not-modelled'; readonly text: string }
);

const A_PLACE = 'expected a place: internet, an address or CIDR, an id, a name, tag:KEY=VALUE, name:PATTERN or lb:NAME';

/** How deep parentheses and "!" may nest. */
const MAX_DEPTH = 100;

/** How many places an expression may name: each costs a look at the network. */
const MAX_PLACES = 1000;

const NOT_MODELLED = /^(?:(?:aws|dns):|(?:vgw|lgw|cagw|dxgw|vpn|cgw)-|(?:cloudfront|onprem)$)/;

interface Reading {
  readonly question: string;
  readonly tokens: readonly PlaceToken[];
  /** What follows the expression in the question, for error messages. */
  readonly follow: string;
  /** Index of the token that is read next. */
  next: number;
  depth: number;
  places: number;
}

/**
 * The expression between two offsets of a question. Throws a QuestionError that points at the first place that is wrong, offsets
 * counted in the whole question.
 */
export function parsePlaceExpression(
  question: string,
  start = 0,
  end: number = question.length,
  follow = 'the end',
): PlaceExpression {
  const reading: Reading = {
    question,
    tokens: placeTokens(question, start, end),
    follow,
    next: 0,
    depth: 0,
    places: 0,
  };
  const root = readAnyOf(reading);
  if (peek(reading).kind !== 'end') throw unexpected(reading);
  return { question, text: question.slice(start, end).trim(), root };
}

function peek(reading: Reading): PlaceToken {
  return reading.tokens[reading.next]!;
}

/** What may stand behind a whole place. */
function unexpected(reading: Reading): QuestionError {
  const token = peek(reading);
  const close = reading.depth > 0 ? '")"' : reading.follow;
  const hint = token.kind === 'word' ? ' (a name with spaces needs quotes)' : '';
  return questionErrorAt(reading.question, token.at, `expected "|", "&" or ${close}${hint}`);
}

function readAnyOf(reading: Reading): PlaceNode {
  return readParts(reading, '|', 'any-of', () => readParts(reading, '&', 'all-of', () => readOne(reading)));
}

function readParts(reading: Reading, sign: '|' | '&', kind: 'any-of' | 'all-of', readPart: () => PlaceNode): PlaceNode {
  const parts = [readPart()];
  while (peek(reading).kind === sign) {
    reading.next++;
    parts.push(readPart());
  }
  return parts.length === 1 ? parts[0]! : { kind, at: parts[0]!.at, parts };
}

function readOne(reading: Reading): PlaceNode {
  const token = peek(reading);
  if (token.kind === 'word') {
    reading.next++;
    if (++reading.places > MAX_PLACES) {
      const problem = `expected at most ${MAX_PLACES} places: name a tag, a subnet or a CIDR in place of many`;
      throw questionErrorAt(reading.question, token.at, problem);
    }
    return placeOf(reading.question, token);
  }
  if (token.kind !== '!' && token.kind !== '(') throw questionErrorAt(reading.question, token.at, A_PLACE);
  if (reading.depth === MAX_DEPTH) {
    throw questionErrorAt(reading.question, token.at, `expected at most ${MAX_DEPTH} "(" and "!" inside each other`);
  }
  reading.next++;
  if (token.kind === '!') {
    const part = nested(reading, readOne);
    return { kind: 'none-of', at: token.at, part };
  }
  return nested(reading, () => {
    const inside = readAnyOf(reading);
    if (peek(reading).kind !== ')') throw unexpected(reading);
    reading.next++;
    return inside;
  });
}

function nested(reading: Reading, read: (reading: Reading) => PlaceNode): PlaceNode {
  reading.depth++;
  const node = read(reading);
  reading.depth--;
  return node;
}

function placeOf(question: string, word: PlaceWord): PlaceNode {
  const pin = word.unquoted.indexOf('@');
  if (pin < 0 || !looksLikeAddress(word.unquoted.slice(0, pin))) return placeWithoutPin(question, word);
  const address = placeWithoutPin(question, partOf(word, 0, pin));
  if (pin === word.text.length - 1) throw questionErrorAt(question, word.at + pin + 1, 'expected a place after "@"');
  const pinned = placeWithoutPin(question, partOf(word, pin + 1, word.text.length));
  return { kind: 'all-of', at: word.at, parts: [address, pinned] };
}

/** A part of a word; nothing before it may be in quotes. */
function partOf(word: PlaceWord, start: number, end: number): PlaceWord {
  const unquoted = word.unquoted.slice(start, end);
  return { ...word, at: word.at + start, text: word.text.slice(start, end), unquoted };
}

function placeWithoutPin(question: string, word: PlaceWord): PlaceNode {
  const { at, text, unquoted } = word;
  if (unquoted.startsWith('tag:')) return readTag(question, word);
  if (unquoted.startsWith('name:')) {
    const pattern = text.slice('name:'.length);
    if (pattern === '') throw questionErrorAt(question, at + 'name:'.length, 'expected a Name tag, or a pattern of it');
    return { kind: 'name', at, pattern };
  }
  const service = serviceWordOf(unquoted);
  if (service !== null) {
    const name = text.slice(service.length + 1);
    if (name === '') throw questionErrorAt(question, at + text.length, `expected a name after "${service}:"`);
    const inArn = name.startsWith('arn:') ? serviceOfArn(name) : null;
    return inArn?.service === service
      ? { kind: 'service', at, ...inArn }
      : { kind: 'service', at, service, name, account: null, region: null };
  }
  if (text === '') throw questionErrorAt(question, at, 'expected a name between the quotes');
  if (unquoted !== text) return { kind: 'word', at, word: text };
  if (text === 'internet') return { kind: 'internet', at };
  if (looksLikeAddress(text)) return { kind: 'prefix', at, prefix: readPrefix(question, at, text), text };
  if (text.startsWith('arn:')) return readArn(question, at, text);
  return NOT_MODELLED.test(text) ? { kind: 'not-modelled', at, text } : { kind: 'word', at, word: text };
}

function readTag(question: string, { at, text, unquoted }: PlaceWord): PlaceNode {
  const equals = unquoted.indexOf('=');
  const key = text.slice('tag:'.length, equals < 0 ? text.length : equals);
  if (key === '') throw questionErrorAt(question, at + 'tag:'.length, 'expected the key of a tag: tag:KEY=VALUE');
  if (equals < 0) throw questionErrorAt(question, at, 'expected "=" and a value: tag:KEY=VALUE');
  return { kind: 'tag', at, key, value: text.slice(equals + 1) };
}

/** Reports whether a word is meant as an address or a CIDR, right or wrong: four numbers, or two colons among hexadecimal digits. */
function looksLikeAddress(text: string): boolean {
  if (/^\d+(?:\.\d+){3}(?:[/:].*)?$/.test(text)) return true;
  return /^[0-9a-f:.]+(?:[%/].*)?$/i.test(text) && text.split(':').length > 2;
}

function readPrefix(question: string, at: number, text: string): Prefix {
  const port = /^\d+\.[\d.]+(?=:)/.exec(text);
  if (port !== null)
    throw questionErrorAt(question, at + port[0].length, 'expected no port: it belongs to the service');
  try {
    if (!text.includes('/')) return hostPrefix(parseAddress(text));
    const { prefix, hadHostBits } = parsePrefix(text);
    if (!hadHostBits) return prefix;
    const address = formatAddress(parseAddress(text.slice(0, text.indexOf('/'))));
    const meant = [formatPrefix(prefix), address];
    throw questionErrorAt(question, at, `CIDR "${text}" has host bits set: the block or the address?`, meant);
  } catch (error) {
    if (error instanceof TextError) throw questionErrorAt(question, at, error.message);
    throw error;
  }
}

/** `arn:aws:ec2:REGION:ACCOUNT:KIND/ID`, whose ids are unique without the rest, or the ARN of a service. */
function readArn(question: string, at: number, text: string): PlaceNode {
  const [, , service = '', , , ...resource] = text.split(':');
  const id = resource.join(':').split(/[:/]/).at(-1) ?? '';
  if (service === '' || id === '') throw questionErrorAt(question, at, 'expected an ARN with an id at its end');
  const named = serviceOfArn(text);
  if (named !== null) return { kind: 'service', at, ...named };
  return service === 'ec2' && !NOT_MODELLED.test(id) ? { kind: 'id', at, id } : { kind: 'not-modelled', at, text };
}
