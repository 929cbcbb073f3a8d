/**
 * How stages are kept. A network of 100,000 interfaces has 700,000 of them, so each holds what its kind asks for, and has every other
 * field from its prototype, where it stands once and is neutral: that is what the classes are for.
 *
 * There are four shapes, because readers meet stages of all kinds at one place of their loops, and V8 keeps apart as many. What
 * every stage holds comes first and in one order: there it lies in the same place in all four.
 */

import { EMPTY_LOOKUP, type Lookup } from './lookup.ts';
import { CERTAIN, DESTINATION, NO_RULES, type RuleTable } from './rule-table.ts';
import type {
  BALANCE,
  DELIVER,
  DROP,
  Entry,
  EntryOrigin,
  GATEWAY_IN,
  GATEWAY_OUT,
  Listener,
  Stage,
  StageId,
  StageRole,
  UNKNOWN,
} from './stage.ts';

type Some<Name extends keyof Stage> = Partial<Pick<Stage, Name>>;
export type FilterFields = Some<'effects' | 'assumptions' | 'next' | 'host' | 'rules'>;
export type GroupsFields = FilterFields & Some<'opposite' | 'identities'>;
export type LookupFields = Some<'effects' | 'assumptions' | 'next' | 'lookup' | 'entries' | 'end'>;
export type EndFields = Some<
  'effects' | 'assumptions' | 'next' | 'host' | 'otherwise' | 'listeners' | 'code' | 'origin' | 'text'
>;
/** Kinds that neither match rows nor look anything up. */
export type EndKind =
  | typeof GATEWAY_OUT
  | typeof GATEWAY_IN
  | typeof DELIVER
  | typeof DROP
  | typeof UNKNOWN
  | typeof BALANCE;

const NO_ENTRIES: readonly Entry[] = [];
const NO_LISTENERS: readonly Listener[] = [];
/** NO_STAGE, and no host. */
const NONE = -1;

class Shape {
  declare otherwise: StageId;
  declare rules: RuleTable;
  declare opposite: RuleTable;
  declare identities: Lookup;
  declare lookup: Lookup;
  declare entries: readonly Entry[];
  declare listeners: readonly Listener[];
  declare end: number;
  declare host: number;
  declare code: Stage['code'];
  declare origin: Stage['origin'];
  declare text: string;
}

Object.assign(Shape.prototype, {
  otherwise: NONE,
  rules: NO_RULES,
  opposite: NO_RULES,
  identities: EMPTY_LOOKUP,
  lookup: EMPTY_LOOKUP,
  entries: NO_ENTRIES,
  listeners: NO_LISTENERS,
  end: DESTINATION,
  host: NONE,
  code: null,
  origin: null,
  text: '',
});

export class FilterStage extends Shape implements Stage {
  declare readonly kind: number;
  declare readonly effects: number;
  declare readonly assumptions: number;
  declare readonly next: StageId;
  declare readonly place: number;
  declare readonly role: StageRole;

  constructor(kind: number, role: StageRole, place: number, fields: FilterFields) {
    super();
    this.kind = kind;
    this.effects = fields.effects ?? 0;
    this.assumptions = fields.assumptions ?? 0;
    this.next = fields.next ?? NONE;
    this.place = place;
    this.role = role;
    this.host = fields.host ?? NONE;
    this.rules = fields.rules ?? NO_RULES;
  }
}

export class GroupsStage extends Shape implements Stage {
  declare readonly kind: number;
  declare readonly effects: number;
  declare readonly assumptions: number;
  declare readonly next: StageId;
  declare readonly place: number;
  declare readonly role: StageRole;

  constructor(kind: number, role: StageRole, place: number, fields: GroupsFields) {
    super();
    this.kind = kind;
    this.effects = fields.effects ?? 0;
    this.assumptions = fields.assumptions ?? 0;
    this.next = fields.next ?? NONE;
    this.place = place;
    this.role = role;
    this.host = fields.host ?? NONE;
    this.rules = fields.rules ?? NO_RULES;
    this.opposite = fields.opposite ?? NO_RULES;
    this.identities = fields.identities ?? EMPTY_LOOKUP;
  }
}

export class LookupStage extends Shape implements Stage {
  declare readonly kind: number;
  declare readonly effects: number;
  declare readonly assumptions: number;
  declare readonly next: StageId;
  declare readonly place: number;
  declare readonly role: StageRole;

  constructor(kind: number, role: StageRole, place: number, fields: LookupFields) {
    super();
    this.kind = kind;
    this.effects = fields.effects ?? 0;
    this.assumptions = fields.assumptions ?? 0;
    this.next = fields.next ?? NONE;
    this.place = place;
    this.role = role;
    this.lookup = fields.lookup ?? EMPTY_LOOKUP;
    this.entries = fields.entries ?? NO_ENTRIES;
    this.end = fields.end ?? DESTINATION;
  }
}

export class EndStage extends Shape implements Stage {
  declare readonly kind: number;
  declare readonly effects: number;
  declare readonly assumptions: number;
  declare readonly next: StageId;
  declare readonly place: number;
  declare readonly role: StageRole;

  constructor(kind: number, role: StageRole, place: number, fields: EndFields) {
    super();
    this.kind = kind;
    this.effects = fields.effects ?? 0;
    this.assumptions = fields.assumptions ?? 0;
    this.next = fields.next ?? NONE;
    this.place = place;
    this.role = role;
    this.host = fields.host ?? NONE;
    this.otherwise = fields.otherwise ?? NONE;
    this.listeners = fields.listeners ?? NO_LISTENERS;
    this.code = fields.code ?? null;
    this.origin = fields.origin ?? null;
    this.text = fields.text ?? '';
  }
}

/** An entry that leads on and nothing else, as nearly all do. */
export class PlainEntry implements Entry {
  declare readonly rewrite: Entry['rewrite'];
  declare readonly rewriteRank: number;
  declare readonly alternatives: readonly number[];
  declare readonly fact: number;
  declare readonly assumptions: number;
  declare readonly next: StageId;
  declare readonly origin: EntryOrigin | null;

  constructor(next: StageId, origin: EntryOrigin | null) {
    this.next = next;
    this.origin = origin;
  }
}

Object.assign(PlainEntry.prototype, { rewrite: null, rewriteRank: 0, alternatives: [], fact: CERTAIN, assumptions: 0 });
