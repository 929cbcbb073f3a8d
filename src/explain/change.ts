/** Changes of a network, as data: what-if, fixes, differences, and rule changes under a session. */

import type { Network } from '../model/network.ts';
import type { RouteTarget } from '../model/route-table.ts';
import type { Prefix } from '../net/prefix.ts';
import { isRemovable, type NewNaclEntry, withNaclEntry, withoutNaclEntry } from './change-nacl.ts';
import { withoutRecords, withRecords } from './change-records.ts';
import { withoutRoute, withRoute } from './change-route.ts';
import { groupWithRule, type NewGroupRule, withGroupRule, withoutGroupRule } from './change-rule.ts';
import { QuestionError } from './question-error.ts';
import { suggestionsFor } from './suggestions.ts';

export type Change =
  /** A group's rule by its id (`sgr-1`, `sg-1/in/0.0`), or an ACL's entry as `acl-1/in/100`. */
  | { readonly kind: 'remove-rule'; readonly rule: string }
  | { readonly kind: 'add-group-rule'; readonly group: string; readonly rule: NewGroupRule }
  /** The number must be free. */
  | { readonly kind: 'add-nacl-entry'; readonly networkAcl: string; readonly entry: NewNaclEntry }
  /** A route for a destination that the table has already takes that one's place. */
  | {
      readonly kind: 'add-route';
      readonly routeTable: string;
      readonly destination: Prefix;
      readonly target: RouteTarget;
    }
  /** `destination` is a CIDR block or a prefix list's id. */
  | { readonly kind: 'remove-route'; readonly routeTable: string; readonly destination: string }
  /** Whole records: one with a known id takes that one's place, others are added. */
  | { readonly kind: 'replace'; readonly network: Partial<Network> }
  /** Whole records by id, of any kind. */
  | { readonly kind: 'remove-records'; readonly ids: readonly string[] }
  /** One after the other. */
  | { readonly kind: 'several'; readonly changes: readonly Change[] };

/** The network after the change. Throws a QuestionError when the change names what is not there. */
export function changed(network: Network, change: Change): Network {
  switch (change.kind) {
    case 'remove-rule':
      return withoutRule(network, change.rule);
    case 'add-group-rule':
      return withGroupRule(network, change.group, change.rule);
    case 'add-nacl-entry':
      return withNaclEntry(network, change.networkAcl, change.entry);
    case 'add-route':
      return withRoute(network, change.routeTable, change.destination, change.target);
    case 'remove-route':
      return withoutRoute(network, change.routeTable, change.destination);
    case 'replace':
      return withRecords(network, change.network);
    case 'remove-records':
      return withoutRecords(network, change.ids);
    case 'several':
      return change.changes.reduce(changed, network);
  }
}

function withoutRule(network: Network, rule: string): Network {
  const group = groupWithRule(network, rule);
  if (group !== undefined) return withoutGroupRule(network, group, rule);
  const without = withoutNaclEntry(network, rule);
  if (without !== null) return without;
  throw new QuestionError(
    `no rule "${rule}": write a security group rule's id, or ACL/in/NUMBER`,
    null,
    suggestionsFor(rule, removableRules(network)),
  );
}

function removableRules(network: Network): readonly string[] {
  return [
    ...network.securityGroups.flatMap(({ rules }) => rules.map(({ id }) => id)),
    ...network.networkAcls.flatMap(({ id, entries }) =>
      entries.filter(isRemovable).map((entry) => `${id}/${entry.direction}/${entry.number}`),
    ),
  ];
}

export type { NewNaclEntry } from './change-nacl.ts';
export type { NewGroupRule } from './change-rule.ts';
