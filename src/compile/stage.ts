/**
 * The stage graph: for each place that a packet can be, what is asked there and where it goes next.
 *
 * `compile` writes it once. The walker follows it with one packet, the set engine floods it with sets; neither knows what a
 * network ACL is or in which order it comes. A stage is one of nine kinds of question, told apart by `kind`:
 *
 * | kind        | asks                                          | goes to                                               |
 * | ----------- | --------------------------------------------- | ----------------------------------------------------- |
 * | FILTER      | first matching row of `rules`                 | `next` when allowed, else the packet ends             |
 * | GROUPS      | connection tracking, then any row of `rules`  | `next` when allowed, else the packet ends             |
 * | LOOKUP      | longest prefix of one end's address           | the entry's `next`, which may rewrite that end;       |
 * |             |                                               | without an entry, `next`                              |
 * | GATEWAY_OUT | a stateful gateway takes a flow out           | `next`, translated and remembered                     |
 * | GATEWAY_IN  | whether a stateful gateway knows the flow     | `next`, translated back; otherwise `otherwise`        |
 * | BALANCE     | which listener takes it, by protocol and port | the target that the listener's balancer picks, as a    |
 * |             |                                               | flow of its own; without a listener, `otherwise`      |
 * | DELIVER     | nothing: the packet has arrived               | its answer starts at `next`                           |
 * | DROP        | nothing: the packet ends, with `code`         |                                                       |
 * | UNKNOWN     | nothing: a fact that decides is missing       |                                                       |
 *
 * Every stage answers to every field; those that its kind has no use for are neutral (see `stage-shapes.ts`).
 */

import type { Origin } from '../model/origin.ts';
import type { Address } from '../net/address.ts';
import type { ExplanationCode } from './explanation-code.ts';
import type { Lookup } from './lookup.ts';
import type { RuleTable } from './rule-table.ts';
import {
  type EndFields,
  type EndKind,
  EndStage,
  type FilterFields,
  FilterStage,
  type GroupsFields,
  GroupsStage,
  type LookupFields,
  LookupStage,
} from './stage-shapes.ts';

export const FILTER = 0;
export const GROUPS = 1;
export const LOOKUP = 2;
export const GATEWAY_OUT = 3;
export const GATEWAY_IN = 4;
export const DELIVER = 5;
export const DROP = 6;
export const UNKNOWN = 7;
export const BALANCE = 8;

/** Index into the graph's stages. */
export type StageId = number;

export const NO_STAGE: StageId = -1;

/** What a stage is to people. The names are those of a trace's steps. */
export type StageRole =
  | 'source-dest-check'
  | 'security-group-out'
  | 'security-group-in'
  | 'nacl-out'
  | 'nacl-in'
  | 'route'
  | 'gateway-check'
  | 'translate'
  | 'listener'
  | 'deliver'
  | 'exempt'
  | 'host';

// Effects of passing a stage, as bits of `effects`.
/** Group references no longer see who sent the packet (SG-11, SG-12, SG-13). */
export const FORGETS_SENDER = 1;
/** Flows that pass are tracked whatever the rules (CT-07). */
export const TRACKS_ALWAYS = 2;
/** Answers to flows of a NAT gateway come back this way without a route (NAT-06); `host` is the peering's way back. */
export const RETURNS_TO_GATEWAY = 4;
/** A lookup in a route table: the stage where RETURNS_TO_GATEWAY takes effect. */
export const ROUTES = 8;
/** Lets answers pass only if the gateway saw the request (OPEN-16). */
export const NEEDS_REQUEST = 16;
/** Nobody is told about this stage unless it stops or changes the packet. */
export const SILENT = 32;

/** Out of an interface: the stage where answers leave by a balancer's node, if the flow came by one and kept its client's address. */
export const LEAVES_INTERFACE = 64;

/** What a lookup finds. */
export interface Entry {
  readonly next: StageId;
  /** The new address of the end that was looked up, and its rank; null leaves it. */
  readonly rewrite: Address | null;
  readonly rewriteRank: number;
  /** Entries of the same stage that may be taken instead, for the reason in `fact`. */
  readonly alternatives: readonly number[];
  /** Index of the fact that would choose, or CERTAIN. */
  readonly fact: number;
  readonly assumptions: number;
  /** The record behind the entry, for explanations. */
  readonly origin: EntryOrigin | null;
}

export interface EntryOrigin {
  /** Route table, gateway, subnet. */
  readonly resource: string;
  /** Destination of a route. */
  readonly rule: string | null;
  readonly text: string;
  readonly source: Origin | null;
}

/** `port` of a target that takes packets at the port they were sent to. */
export const SAME_PORT = -1;
/** `returnWay` of a target whose answers find the node by its address. */
export const NO_WAY = -1;

/** Where a balancer's node sends what a listener takes. */
export interface BalancedTarget {
  readonly next: StageId;
  /** Null: the packet goes on as it is, because its way ends at the node or is not known. */
  readonly address: Address | null;
  readonly rank: number;
  readonly port: number;
  /** The client's address stays the source (ELB-08); otherwise the node's own takes its place. */
  readonly keepsClient: boolean;
  /** Where the client's address stays: index into `entrances.ways` of the way that answers take to the node; else NO_WAY. */
  readonly returnWay: number;
  /** Where a packet goes whose client is this very target (ELB-09). */
  readonly hairpin: StageId;
  readonly assumptions: number;
  readonly origin: EntryOrigin;
}

export interface Listener {
  readonly protocol: number;
  readonly port: number;
  /** Those that this node uses; of several the balancer picks one, by flow. */
  readonly targets: readonly BalancedTarget[];
  /** Index of the fact that would tell which one. */
  readonly fact: number;
  /** Where packets go when there is no target. */
  readonly without: StageId;
}

export interface Stage {
  readonly kind: number;
  readonly role: StageRole;
  /** Index into the graph's places. */
  readonly place: number;
  readonly next: StageId;
  readonly otherwise: StageId;
  readonly rules: RuleTable;
  /** GROUPS: the rules of the other direction (CT-03). */
  readonly opposite: RuleTable;
  /** GROUPS going out: who holds the destination address (see `identity.ts`). */
  readonly identities: Lookup;
  readonly lookup: Lookup;
  readonly entries: readonly Entry[];
  /** BALANCE. */
  readonly listeners: readonly Listener[];
  /** LOOKUP: which end is looked up, SOURCE or DESTINATION. */
  readonly end: number;
  /** GROUPS, DELIVER: interface; GATEWAY_*, BALANCE: gateway; UNKNOWN: fact; RETURNS_TO_GATEWAY: way back. -1 where none. */
  readonly host: number;
  readonly effects: number;
  readonly assumptions: number;
  readonly code: ExplanationCode | null;
  /** DROP: the record behind it, for explanations. */
  readonly origin: EntryOrigin | null;
  /** DROP, UNKNOWN, DELIVER: the sentence for people. */
  readonly text: string;
}

/** A stage of this kind, with the fields that the kind asks for. */
export function stage(kind: typeof FILTER, role: StageRole, place: number, fields: FilterFields): Stage;
export function stage(kind: typeof GROUPS, role: StageRole, place: number, fields: GroupsFields): Stage;
export function stage(kind: typeof LOOKUP, role: StageRole, place: number, fields: LookupFields): Stage;
export function stage(kind: EndKind, role: StageRole, place: number, fields: EndFields): Stage;
export function stage(
  kind: number,
  role: StageRole,
  place: number,
  fields: FilterFields & GroupsFields & LookupFields & EndFields,
): Stage {
  switch (kind) {
    case FILTER:
      return new FilterStage(kind, role, place, fields);
    case GROUPS:
      return new GroupsStage(kind, role, place, fields);
    case LOOKUP:
      return new LookupStage(kind, role, place, fields);
    default:
      return new EndStage(kind, role, place, fields);
  }
}

/** The same stage, a FILTER or GROUPS, with other rules. */
export function withRules(asked: Stage, rules: RuleTable, opposite: RuleTable): Stage {
  const { kind, role, place, effects, assumptions, next, host, identities } = asked;
  return kind === GROUPS
    ? new GroupsStage(kind, role, place, { effects, assumptions, next, host, rules, opposite, identities })
    : new FilterStage(kind, role, place, { effects, assumptions, next, host, rules });
}

/** What a packet's place is called. */
export interface GraphPlace {
  readonly kind:
    | 'internet'
    | 'internet-gateway'
    | 'egress-only-gateway'
    | 'nat-gateway'
    | 'network-interface'
    | 'subnet'
    | 'vpc'
    | 'peering'
    | 'transit-gateway'
    | 'load-balancer'
    | 'vpc-endpoint'
    | 'virtual-private-gateway'
    | 'on-premises'
    | 'aws-service'
    | 'other';
  readonly id: string;
  readonly name: string | null;
}
