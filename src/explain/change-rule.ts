/** Rules of security groups come and go. */

import type { Network } from '../model/network.ts';
import type { Origin } from '../model/origin.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../model/security-group.ts';
import type { Traffic } from '../net/traffic.ts';
import { replaced } from './change-records.ts';

/** A rule that is not in the snapshot. */
export interface NewGroupRule {
  readonly direction: 'in' | 'out';
  readonly traffic: Traffic;
  readonly peer: RulePeer;
}

/** Where something was read that was in no file. */
export const OF_A_CHANGE: Origin = { file: 'change', pointer: '' };

export function groupWithRule(network: Network, rule: string): SecurityGroup | undefined {
  return network.securityGroups.find(({ rules }) => rules.some(({ id }) => id === rule));
}

/** The rule is called `GROUP/in/added.N`, counted from zero. */
export function withGroupRule(network: Network, group: string, { direction, traffic, peer }: NewGroupRule): Network {
  return replaced(network, 'securityGroups', group, (record) => {
    const added = record.rules.filter(({ id }) => id.startsWith(`${group}/${direction}/added.`)).length;
    const rule: SecurityGroupRule = {
      id: `${group}/${direction}/added.${added}`,
      direction,
      traffic,
      peer,
      description: null,
      origin: OF_A_CHANGE,
    };
    return { ...record, rules: [...record.rules, rule] };
  });
}

export function withoutGroupRule(network: Network, group: SecurityGroup, rule: string): Network {
  return replaced(network, 'securityGroups', group.id, (record) => ({
    ...record,
    rules: record.rules.filter(({ id }) => id !== rule),
  }));
}
