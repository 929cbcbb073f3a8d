/**
 * A JSON document into its lists, whatever wraps it.
 *
 *     {"Vpcs": [...], "Subnets": [...]}           one call, or many
 *     {"status_code": 200, "data": {...}}         a recorded answer
 *     [{"Vpcs": [...]}, {"Subnets": [...]}]       several documents
 *     {"vpcs": [...], "network_acls": [...]}      np-guard
 */

import { type Origin, originOf } from '../model/origin.ts';
import { foreignFormat } from './foreign-format.ts';
import { describeValue, isObject } from './json-value.ts';
import { DEPTH_REMEDY } from './limits.ts';
import {
  BLOCK_PUBLIC_ACCESS,
  CONTINUATIONS,
  ENTRIES,
  isAttendant,
  isNpGuard,
  isUnmodelled,
  type RecordKind,
  recordKindOf,
} from './list-keys.ts';
import { isOfOtherService } from './other-service.ts';
import { prefixListIdOfFile } from './prefix-list-records.ts';
import type { Reading } from './reading.ts';
import { missingOwner, singleAnswer } from './single-answers.ts';
import { ENVELOPE } from './skim.ts';
import { parsedItems, SlicedList } from './sliced-list.ts';
import { TABLE_MEMBERS, tableAnswersOf } from './table-answers.ts';

/** Items of a list, parsed already or not yet. `at` may throw a JsonTextError. */
export interface Items {
  readonly length: number;
  at(index: number): unknown;
}

/** One list of a document. */
export interface InputList {
  /** As the document writes it. */
  readonly key: string;
  /** Null for a list that is recognised and not modelled. */
  readonly kind: RecordKind | null;
  readonly items: Items;
  readonly origin: Origin;
  /** The document is the one record of the list, so the list's origin is the record's. */
  readonly isRecord: boolean;
  /** Something of the list is missing. */
  readonly cutOff: boolean;
  readonly npGuard: boolean;
}

const NO_ITEMS: Items = [];

/** Where reading a text had to stop: in a list, or between lists. That it had to is reported already. */
export interface Tear {
  readonly list: SlicedList | null;
}

/** Every list in a document, or in what was read of it before the tear. */
export function listsOf(
  reading: Reading,
  file: string,
  json: unknown,
  tear: Tear | null,
  maxDepth: number,
): readonly InputList[] {
  const lists: InputList[] = [];
  const waiting: { readonly value: unknown; readonly origin: Origin; readonly depth: number }[] = [];
  waiting.push({ value: json, origin: { file, pointer: '' }, depth: 1 });
  // A stack and not recursion: documents may wrap each other ten thousand times.
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, origin, depth } = next;
    if (depth > maxDepth) {
      reading.error(`nested deeper than ${maxDepth} levels`, origin, DEPTH_REMEDY);
    } else if (Array.isArray(value)) {
      if (value.length === 0 && tear === null) reading.error('empty document', origin, SHAPE_REMEDY);
      for (let i = value.length - 1; i >= 0; i--) {
        waiting.push({ value: value[i], origin: originOf(origin, i), depth: depth + 1 });
      }
    } else if (!isObject(value)) {
      reading.error(`document is ${describeValue(value)}, not an object`, origin, SHAPE_REMEDY);
    } else if (!isRefused(reading, value, origin)) {
      const envelope = value[ENVELOPE];
      const isWrapped = typeof envelope === 'object' && envelope !== null && Object.hasOwn(value, ENVELOPE);
      if (isWrapped) waiting.push({ value: envelope, origin: originOf(origin, ENVELOPE), depth: depth + 1 });
      readMembers(reading, value, origin, tear, isWrapped, lists);
    }
  }
  return lists;
}

const SHAPE_REMEDY = 'give what a describe call prints, such as {"Vpcs": [...]}';
const OWNER_REMEDY = 'write the ARN that was asked about beside the list, under that name';
const CONTINUED_REMEDY = 'collect the rest too: the AWS CLI does, unless told --no-paginate or --max-items';

/** Reports, with a problem, a document that is no snapshot: another format, or a call that failed. */
function isRefused(reading: Reading, document: Readonly<Record<string, unknown>>, origin: Origin): boolean {
  const format = foreignFormat(document);
  if (format !== null) {
    reading.error(`not supported yet: ${format}`, origin, 'give the output of aws ec2 describe-* instead');
    return true;
  }
  const failure = failureOf(document);
  if (failure === null) return false;
  const remedy = 'collect it again, with the permission to describe it';
  reading.error(`recorded answer is an error: ${failure}`, origin, remedy);
  return true;
}

function readMembers(
  reading: Reading,
  document: Readonly<Record<string, unknown>>,
  origin: Origin,
  tear: Tear | null,
  isWrapped: boolean,
  lists: InputList[],
): void {
  const before = lists.length;
  const isContinued = readContinuation(reading, document, origin);
  const npGuard = isNpGuard(document);
  const isTorn = tear?.list != null && Object.values(document).includes(tear.list);
  const answer = answerOf(document, origin, isContinued || isTorn);
  const ofTables = answersOfTables(reading, document, origin, isContinued, tear);
  const consumed = [...(answer?.members ?? []), ...ofTables.members];
  lists.push(...(answer === null ? [] : [answer.list]), ...ofTables.lists);
  const unknown: string[] = [];
  for (const key of Object.keys(document)) {
    const value = document[key];
    if (value === null || value === undefined || isAttendant(key) || consumed.includes(key)) continue;
    if ((key === ENVELOPE && isWrapped) || CONTINUATIONS.some((name) => name === key)) continue;
    const named = recordKindOf(key);
    const isOther = (Array.isArray(value) || value instanceof SlicedList) && isOfOtherService(named, value);
    const kind = isOther ? null : named;
    const at = originOf(origin, key);
    if (kind === null && !isOther && !isUnmodelled(key)) {
      unknown.push(key);
    } else if (Array.isArray(value) || value instanceof SlicedList) {
      const cutOff = isContinued || value === tear?.list;
      const owner = isOther ? null : missingOwner(key, document);
      if (owner !== null) reading.error(`${key} without ${owner}: nothing says whose they are`, at, OWNER_REMEDY);
      lists.push({ key, kind, items: value, origin: at, isRecord: false, cutOff, npGuard });
    } else if (kind !== null) {
      reading.error(`${key} is ${describeValue(value)}, not a list`, at, SHAPE_REMEDY);
      lists.push({ key, kind, items: NO_ITEMS, origin: at, isRecord: false, cutOff: true, npGuard });
    } else {
      unknown.push(key);
    }
  }
  reportUnknown(reading, document, origin, unknown, lists.length === before && !isWrapped, tear);
}

/** One problem a key where the rest of the document is understood, one for the document where nothing is. */
function reportUnknown(
  reading: Reading,
  document: Readonly<Record<string, unknown>>,
  origin: Origin,
  unknown: readonly string[],
  nothingKnown: boolean,
  tear: Tear | null,
): void {
  if (nothingKnown) {
    if (tear !== null) return;
    const some = Object.keys(document).slice(0, 5).map(describeValue).join(', ');
    const what = some === '' ? 'empty document' : `nothing recognised among the keys ${some}`;
    reading.error(what, origin, SHAPE_REMEDY);
    return;
  }
  for (const key of unknown) {
    const remedy = 'it is not read; keys are spelt as AWS prints them, such as "Vpcs"';
    reading.warning(`unknown key ${describeValue(key)}`, originOf(origin, key), remedy);
  }
}

/** What a recorded answer says went wrong, or null. */
function failureOf(document: Readonly<Record<string, unknown>>): string | null {
  const { status_code: status, Error: error } = document;
  if (isObject(error)) return typeof error.Code === 'string' ? describeValue(error.Code) : 'no code';
  return typeof status === 'number' && status >= 400 ? `status ${status}` : null;
}

/** Reports whether the answer goes on elsewhere. */
function readContinuation(reading: Reading, document: Readonly<Record<string, unknown>>, origin: Origin): boolean {
  let isContinued = false;
  for (const name of CONTINUATIONS) {
    const token = document[name];
    if (token === null || token === undefined || token === '' || !Object.hasOwn(document, name)) continue;
    reading.error(
      `list cut off: ${name} ${describeValue(token)} is left over`,
      originOf(origin, name),
      CONTINUED_REMEDY,
    );
    isContinued = true;
  }
  return isContinued;
}

/** What tells an answer of describe-vpc-attribute. */
const VPC_ATTRIBUTES = ['EnableDnsSupport', 'EnableDnsHostnames', 'EnableNetworkAddressUsageMetrics'];

interface Answer {
  readonly list: InputList;
  /** The members that make it up. */
  readonly members: readonly string[];
}

/** An answer that is one record: entries of a prefix list, an attribute of a VPC, options of an account. Null for all others. */
function answerOf(document: Readonly<Record<string, unknown>>, origin: Origin, isContinued: boolean): Answer | null {
  const one = (key: string, kind: RecordKind, record: unknown): InputList => {
    return { key, kind, items: [record], origin, isRecord: true, cutOff: isContinued, npGuard: false };
  };
  if (Object.hasOwn(document, 'VpcId') && VPC_ATTRIBUTES.some((name) => isObject(document[name]))) {
    return { list: one('VpcAttribute', 'vpcAttributes', document), members: ['VpcId', ...VPC_ATTRIBUTES] };
  }
  if (isObject(document[BLOCK_PUBLIC_ACCESS])) {
    const list = one(BLOCK_PUBLIC_ACCESS, 'blockPublicAccess', document[BLOCK_PUBLIC_ACCESS]);
    return { list: { ...list, origin: originOf(origin, BLOCK_PUBLIC_ACCESS) }, members: [BLOCK_PUBLIC_ACCESS] };
  }
  const single = singleAnswer(document);
  if (single !== null) {
    const { key, kind, members } = single;
    // A list that goes on elsewhere is one that is not known.
    const memberNamed = (name: string): unknown => (name === key && isContinued ? null : parsedItems(document[name]));
    const record = Object.fromEntries(members.map((name) => [name, memberNamed(name)]));
    return { list: one(key, kind, record), members };
  }
  if (!Object.hasOwn(document, ENTRIES)) return null;
  const id = document.PrefixListId ?? prefixListIdOfFile(origin.file);
  if (id === null) return null;
  // Entries that go on elsewhere are entries that are not known.
  const entries = isContinued ? null : parsedItems(document[ENTRIES]);
  const record = { PrefixListId: id, Entries: entries };
  return { list: one(ENTRIES, 'prefixLists', record), members: [ENTRIES, 'PrefixListId'] };
}

/** Answers about route tables of transit gateways, each as a list of one record; without any where the table is not told. */
function answersOfTables(
  reading: Reading,
  document: Readonly<Record<string, unknown>>,
  origin: Origin,
  isContinued: boolean,
  tear: Tear | null,
): { readonly lists: readonly InputList[]; readonly members: readonly string[] } {
  const answers = tableAnswersOf(document, origin.file);
  if (answers.length === 0) return { lists: [], members: [] };
  const lists = answers.map(({ key, kind, record }): InputList => {
    const cutOff = isContinued || record === null || (tear !== null && document[key] === tear.list);
    if (record === null) {
      const remedy = 'add the member TransitGatewayRouteTableId, or name the file after the table: tgw-rtb-0123.json';
      const what = `${key} does not say of which transit gateway route table it is`;
      reading.error(what, originOf(origin, key), remedy);
    }
    const items = record === null ? NO_ITEMS : [record];
    return { key, kind, items, origin, isRecord: true, cutOff, npGuard: false };
  });
  return { lists, members: [...answers.map(({ key }) => key), ...TABLE_MEMBERS] };
}
