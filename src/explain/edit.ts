/** Single changes before they have their place: an entry of an ACL gets its number when it is known what else is added. */

import type { Network } from '../model/network.ts';
import type { RouteTarget } from '../model/route-table.ts';
import type { RulePeer } from '../model/security-group.ts';
import { formatPrefix } from '../net/address-text.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Traffic } from '../net/traffic.ts';
import { numberBefore } from './acl-numbers.ts';
import type { Change } from './change.ts';

export type Edit =
  | {
      readonly kind: 'group-rule';
      readonly group: string;
      readonly direction: 'in' | 'out';
      readonly traffic: Traffic;
      readonly peer: RulePeer;
    }
  | {
      readonly kind: 'entry';
      readonly networkAcl: string;
      readonly direction: 'in' | 'out';
      readonly action: 'allow' | 'deny';
      readonly traffic: Traffic;
      readonly peer: Prefix;
      /** Number of the entry that it has to stand in front of. */
      readonly before: number;
    }
  | {
      readonly kind: 'route';
      readonly routeTable: string;
      readonly destination: Prefix;
      readonly target: RouteTarget;
    }
  /** As `Change` names it: a group's rule, or `acl-1/in/100`. */
  | { readonly kind: 'remove'; readonly rule: string };

/** The changes in the order of the edits, or null where an ACL has no number left. */
export function changesOf(network: Network, edits: readonly Edit[]): readonly Change[] | null {
  const taken = new Map<string, Set<number>>();
  const changes: Change[] = [];
  for (const edit of edits) {
    const change = changeOf(network, edit, taken);
    if (change === null) return null;
    changes.push(change);
  }
  return changes;
}

function changeOf(network: Network, edit: Edit, taken: Map<string, Set<number>>): Change | null {
  switch (edit.kind) {
    case 'remove':
      return { kind: 'remove-rule', rule: edit.rule };
    case 'route': {
      const { routeTable, destination, target } = edit;
      return { kind: 'add-route', routeTable, destination, target };
    }
    case 'group-rule': {
      const { group, direction, traffic, peer } = edit;
      return { kind: 'add-group-rule', group, rule: { direction, traffic, peer } };
    }
    case 'entry': {
      const { networkAcl, direction, action, traffic, peer, before } = edit;
      const list = `${networkAcl}/${direction}`;
      const numbers = taken.get(list) ?? new Set();
      taken.set(list, numbers);
      const acl = network.networkAcls.find(({ id }) => id === networkAcl)!;
      const number = numberBefore(acl, direction, before, numbers);
      if (number === null) return null;
      numbers.add(number);
      return { kind: 'add-nacl-entry', networkAcl, entry: { direction, number, action, traffic, peer } };
    }
  }
}

/** How much an edit names, so that of several the narrowest comes first: one address, a group, a block by its size; then removals. */
export function breadthOf(edit: Edit): number {
  switch (edit.kind) {
    case 'remove':
      return 1000;
    case 'route':
      return widthOf(edit.destination);
    case 'entry':
      return widthOf(edit.peer);
    case 'group-rule':
      return edit.peer.kind === 'cidr' ? widthOf(edit.peer.prefix) : 1;
  }
}

function widthOf({ address, length }: Prefix): number {
  const bits = (address.family === 4 ? 32 : 128) - length;
  return bits === 0 ? 0 : 1 + bits;
}

/** One text for each edit, for order and for telling them apart. */
export function editKey(edit: Edit): string {
  const words = (traffic: Traffic): string => Object.values(traffic).join('-');
  switch (edit.kind) {
    case 'remove':
      return `remove ${edit.rule}`;
    case 'route':
      return `route ${edit.routeTable} ${formatPrefix(edit.destination)} ${JSON.stringify(edit.target)}`;
    case 'entry': {
      const { networkAcl, direction, action, traffic, peer } = edit;
      return `entry ${networkAcl} ${direction} ${action} ${words(traffic)} ${formatPrefix(peer)}`;
    }
    case 'group-rule': {
      const { group, direction, traffic, peer } = edit;
      const named = peer.kind === 'cidr' ? formatPrefix(peer.prefix) : JSON.stringify(peer);
      return `rule ${group} ${direction} ${words(traffic)} ${named}`;
    }
  }
}
