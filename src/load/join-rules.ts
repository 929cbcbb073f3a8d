/** Security groups with the rules that describe-security-group-rules tells of. */

import type { ListRead } from '../model/network.ts';
import type { SecurityGroup } from '../model/security-group.ts';
import { compareTexts } from './merge.ts';
import type { Reading } from './reading.ts';
import { groupOfRules, type LooseRule, withRuleIds } from './security-group-rule-records.ts';

/** Groups that were read get the ids of their rules; groups that only rules name are built from them. */
export function joinRules(
  reading: Reading,
  groups: readonly SecurityGroup[],
  rules: readonly LooseRule[],
  ruleLists: readonly ListRead[],
): readonly SecurityGroup[] {
  if (rules.length === 0) return groups;
  const byGroup = new Map<string, Map<string, LooseRule>>();
  for (const loose of rules) {
    const known = byGroup.get(loose.groupId);
    // One rule may be described by several accounts.
    if (known === undefined) byGroup.set(loose.groupId, new Map([[loose.rule.id, loose]]));
    else if (!known.has(loose.rule.id)) known.set(loose.rule.id, loose);
  }
  const whole = ruleLists.every((list) => list.complete);
  const joined = groups.map((group) => {
    const own = byGroup.get(group.id);
    byGroup.delete(group.id);
    return own === undefined ? group : withRuleIds(reading, group, [...own.values()]);
  });
  for (const own of byGroup.values()) joined.push(groupOfRules(reading, [...own.values()], whole));
  return joined.sort((a, b) => compareTexts(a.id, b.id));
}
