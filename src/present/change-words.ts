/** Changes in a sentence each, as people say them. */

import { ruleWords, trafficWords } from '../compile/rule-words.ts';
import type { Change } from '../explain/change.ts';
import { groupWithRule } from '../explain/change-rule.ts';
import type { Network } from '../model/network.ts';
import type { RulePeer, SecurityGroupRule } from '../model/security-group.ts';
import { formatPrefix } from '../net/address-text.ts';
import type { ResourceNames } from './resource-names.ts';

/** `sg-1 (web): add inbound tcp 443 from 0.0.0.0/0`. Names of resources stand beside their ids. */
export function changeWords(network: Network, names: ResourceNames, change: Change): string {
  const called = (id: string): string => (names.has(id) ? `${id} (${names.get(id)})` : id);
  switch (change.kind) {
    case 'add-group-rule':
      return `${called(change.group)}: add ${groupRuleWords(change.rule)}`;
    case 'add-nacl-entry': {
      const { direction, number, action, traffic, peer } = change.entry;
      const what = ruleWords(trafficWords(traffic), direction, formatPrefix(peer));
      return `${called(change.networkAcl)}: add ${direction}bound entry ${number}, ${action} ${what}`;
    }
    case 'add-route': {
      const { routeTable, destination, target } = change;
      const to = 'id' in target ? target.id : target.kind;
      return `${called(routeTable)}: add a route for ${formatPrefix(destination)} to ${to}`;
    }
    case 'remove-route':
      return `${called(change.routeTable)}: remove the route for ${change.destination}`;
    case 'remove-rule': {
      const group = groupWithRule(network, change.rule);
      if (group === undefined) return removedEntry(network, change.rule, called);
      const rule = group.rules.find(({ id }) => id === change.rule)!;
      return `${called(group.id)}: remove ${change.rule}, ${groupRuleWords(rule)}`;
    }
    case 'replace':
      return 'replace records';
    case 'remove-records':
      return `remove ${change.ids.map(called).join(', ')}`;
    case 'several':
      return change.changes.map((one) => changeWords(network, names, one)).join('; ');
  }
}

function removedEntry(network: Network, path: string, called: (id: string) => string): string {
  const entry = entryNamed(network, path);
  if (entry === null) return `remove ${path}`;
  const { direction, number, action, traffic, peer } = entry.entry;
  const what = ruleWords(trafficWords(traffic), direction, formatPrefix(peer));
  return `${called(entry.networkAcl)}: remove ${direction}bound entry ${number}, ${action} ${what}`;
}

export interface NamedEntry {
  readonly networkAcl: string;
  readonly entry: Network['networkAcls'][number]['entries'][number];
}

/** The entry behind `acl-1/in/100`, or null. */
export function entryNamed({ networkAcls }: Network, path: string): NamedEntry | null {
  const [, id, direction, number] = /^(.+)\/(in|out)\/(\d+)$/.exec(path) ?? [];
  const acl = networkAcls.find((record) => record.id === id);
  const entry = acl?.entries.find((one) => one.direction === direction && one.number === Number(number));
  return acl === undefined || entry === undefined ? null : { networkAcl: acl.id, entry };
}

function groupRuleWords({
  direction,
  traffic,
  peer,
}: Pick<SecurityGroupRule, 'direction' | 'traffic' | 'peer'>): string {
  const what = traffic === null ? 'traffic that could not be read' : trafficWords(traffic);
  return `${direction}bound ${ruleWords(what, direction, peerName(peer))}`;
}

function peerName(peer: RulePeer): string {
  switch (peer.kind) {
    case 'cidr':
      return formatPrefix(peer.prefix);
    case 'prefix-list':
      return peer.id;
    case 'group':
      return peer.groupId;
    case 'unreadable':
      return 'a peer that could not be read';
  }
}
