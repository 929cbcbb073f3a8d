/** What no answer told about firewalls, once all answers were read: a list of names may come before the answers, or alone. */

import type { Network } from '../model/network.ts';
import { isUnreadGroup, loseGroup } from './firewall-group-records.ts';
import { isUnreadPolicy, losePolicy, unreadPolicyOf } from './firewall-records.ts';
import type { Reading } from './reading.ts';

const REMEDY = 'collect it too: aws network-firewall describe-firewall';

/** Registers a missing fact for each firewall, policy and rule group of which no more than its name was read. */
export function noteUnreadFirewalls(
  reading: Reading,
  {
    firewalls,
    firewallPolicies,
    firewallRuleGroups,
  }: Pick<Network, 'firewalls' | 'firewallPolicies' | 'firewallRuleGroups'>,
): void {
  for (const { id, policyArn, arn, origin } of firewalls) {
    if (policyArn !== unreadPolicyOf(arn)) continue;
    reading.fact(`firewall:${id}`, `policy and endpoints of firewall ${id}`, REMEDY, origin);
  }
  for (const policy of firewallPolicies) if (isUnreadPolicy(policy)) losePolicy(reading, policy);
  for (const group of firewallRuleGroups) if (isUnreadGroup(group)) loseGroup(reading, group);
}
