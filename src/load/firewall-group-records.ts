/** Rule groups of Network Firewall: answers of `describe-rule-group`, or lists of them. Lists of names alone tell no rules. */

import { z } from 'zod';
import type { FirewallRuleGroup, StatelessRule } from '../model/firewall.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { type IntervalSet, intervalSet } from '../net/interval-set.ts';
import { LAST_PORT } from '../net/protocol.ts';
import { ACK, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../net/tcp-flags.ts';
import { actionOf, placeOfArn } from './firewall-records.ts';
import { itemOrigin } from './item-origin.ts';
import { describeValue, isObject, memberOf } from './json-value.ts';
import { ANYTHING, ID } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { opaque, prefixOf, readStatefulRules } from './stateful-rules.ts';
import { nameOf, readTags } from './tags.ts';

const RESPONSE = z.object({ RuleGroupArn: ID, Tags: ANYTHING });
const NAMED = z.object({ Arn: ID });
const REMEDY = 'correct it, or collect it again: aws network-firewall describe-rule-group';

/** Why the rules of a group that only a list of names has are not known. */
const UNREAD = 'its rules were not read';

/** Takes `{ RuleGroupResponse, RuleGroup }`, or `{ Name, Arn }`. */
export function readFirewallRuleGroup(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): FirewallRuleGroup | null {
  const described = memberOf(value, ['RuleGroupResponse']);
  const isNamed = described === null || described === undefined;
  const at = isNamed ? origin : originOf(origin, 'RuleGroupResponse');
  const response = isNamed ? null : reading.record(RESPONSE, described, at, REMEDY);
  const arn = isNamed ? reading.record(NAMED, value, at, REMEDY)?.Arn : response?.RuleGroupArn;
  if (arn === undefined) return null;
  const tags = readTags(reading, response?.Tags, at, 'Tags');
  return {
    id: reading.shared(arn),
    name: nameOf(tags),
    tags,
    ...placeOfArn(reading, arn, place),
    origin,
    arn: reading.shared(arn),
    rules: readRules(reading, memberOf(value, ['RuleGroup']), originOf(origin, 'RuleGroup')),
  };
}

function readRules(reading: Reading, group: unknown, origin: Origin): FirewallRuleGroup['rules'] {
  if (group === null || group === undefined) return opaque(UNREAD);
  const source = memberOf(group, ['RulesSource']);
  if (!isObject(source)) {
    reading.error(`RulesSource is ${describeValue(source)}, not an object`, originOf(origin, 'RulesSource'), REMEDY);
    return opaque('its rules could not be read');
  }
  const isThere = (member: string): boolean => memberOf(source, [member]) !== null && Object.hasOwn(source, member);
  const at = originOf(origin, 'RulesSource');
  if (isThere('StatelessRulesAndCustomActions')) {
    const rules = memberOf(source, ['StatelessRulesAndCustomActions', 'StatelessRules']);
    return readStateless(reading, rules, originOf(at, 'StatelessRulesAndCustomActions'));
  }
  if (isThere('StatefulRules')) {
    const variables = memberOf(group, ['RuleVariables']);
    return readStatefulRules(reading, source.StatefulRules, variables, at, REMEDY);
  }
  if (isThere('RulesString')) return opaque('it has raw Suricata rules');
  return opaque(isThere('RulesSourceList') ? 'it has a list of domains' : UNREAD);
}

const PORT = z.number().int().min(0).max(LAST_PORT);
const PORTS = z.array(z.object({ FromPort: PORT, ToPort: PORT })).nullish();
const ADDRESSES = z.array(z.object({ AddressDefinition: ID })).nullish();
const FLAG_BITS = { FIN, SYN, RST, PSH, ACK, URG, ECE, CWR } as const;
const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;
const FLAGS = z.array(z.enum(FLAG_NAMES)).nullish();
const STATELESS = z.object({
  Priority: z.number().int(),
  RuleDefinition: z.object({
    MatchAttributes: z.object({
      Sources: ADDRESSES,
      Destinations: ADDRESSES,
      SourcePorts: PORTS,
      DestinationPorts: PORTS,
      Protocols: z.array(z.number().int().min(0).max(255)).nullish(),
      TCPFlags: z.array(z.object({ Flags: FLAGS, Masks: FLAGS })).nullish(),
    }),
    Actions: z.array(ID),
  }),
});
type Match = z.infer<typeof STATELESS>['RuleDefinition']['MatchAttributes'];

/** By ascending priority. One rule that cannot be read may decide before any other, so the group is opaque. */
function readStateless(reading: Reading, value: unknown, origin: Origin): FirewallRuleGroup['rules'] {
  const isMissing = value === null || value === undefined;
  if (isMissing) reading.error('StatelessRules is missing', originOf(origin, 'StatelessRules'), REMEDY);
  const items = isMissing ? null : reading.items(value, origin, ['StatelessRules'], REMEDY);
  if (items === null) return opaque('its rules could not be read');
  const rules: StatelessRule[] = [];
  for (const [i, item] of items.entries()) {
    const rule = readStatelessRule(reading, item, itemOrigin(origin, 'StatelessRules', i));
    if (rule === null) return opaque(`its rule ${i} could not be read`);
    rules.push(rule);
  }
  return { kind: 'stateless', rules: rules.sort((a, b) => a.priority - b.priority) };
}

function readStatelessRule(reading: Reading, value: unknown, origin: Origin): StatelessRule | null {
  const record = reading.record(STATELESS, value, origin, REMEDY);
  if (record === null) return null;
  const { MatchAttributes: match, Actions: actions } = record.RuleDefinition;
  const at = originOf(origin, 'RuleDefinition', 'MatchAttributes');
  const sources = readAddresses(reading, match.Sources, 'Sources', at);
  const destinations = readAddresses(reading, match.Destinations, 'Destinations', at);
  const sourcePorts = readPortRanges(reading, match.SourcePorts, 'SourcePorts', at);
  const destinationPorts = readPortRanges(reading, match.DestinationPorts, 'DestinationPorts', at);
  const flags = readFlags(reading, match.TCPFlags, at);
  if (sources === null || destinations === null || sourcePorts === undefined || destinationPorts === undefined) {
    return null;
  }
  if (flags === undefined) return null;
  const action = actionOf(actions);
  if (action === null) {
    const what = `actions ${actions.map(describeValue).join(', ')} decide nothing`;
    reading.error(what, originOf(origin, 'RuleDefinition', 'Actions'), REMEDY);
  }
  const protocols = match.Protocols ?? [];
  return {
    priority: record.Priority,
    action,
    protocols,
    sources,
    destinations,
    sourcePorts,
    destinationPorts,
    flags,
    origin,
  };
}

function readAddresses(
  reading: Reading,
  addresses: Match['Sources'],
  member: string,
  origin: Origin,
): StatelessRule['sources'] | null {
  reading.count(addresses?.length ?? 0, origin);
  const prefixes = (addresses ?? []).map(({ AddressDefinition: text }, i) => {
    const prefix = prefixOf(text);
    if (prefix !== null) return prefix;
    const what = `AddressDefinition is ${describeValue(text)}, not an address or prefix`;
    reading.error(what, originOf(itemOrigin(origin, member, i), 'AddressDefinition'), REMEDY);
    return null;
  });
  return prefixes.every((prefix) => prefix !== null) ? prefixes : null;
}

/** Null for any port; undefined, after a problem, where a range runs backwards. */
function readPortRanges(
  reading: Reading,
  ranges: Match['SourcePorts'],
  member: string,
  origin: Origin,
): IntervalSet | null | undefined {
  if (ranges === null || ranges === undefined || ranges.length === 0) return null;
  reading.count(ranges.length, origin);
  const wrong = ranges.findIndex(({ FromPort, ToPort }) => FromPort > ToPort);
  if (wrong < 0) return intervalSet(ranges.map(({ FromPort, ToPort }) => ({ first: FromPort, last: ToPort })));
  const { FromPort, ToPort } = ranges[wrong]!;
  reading.error(`ports ${FromPort} to ${ToPort} are no range`, itemOrigin(origin, member, wrong), REMEDY);
  return undefined;
}

/** NFW-03. Without masks every flag counts. Undefined, after a problem, where a flag is set outside its mask. */
function readFlags(reading: Reading, value: Match['TCPFlags'], origin: Origin): StatelessRule['flags'] | undefined {
  if (value === null || value === undefined || value.length === 0) return null;
  const flags = value.map(({ Flags, Masks }) => ({
    set: bitsOf(Flags ?? []),
    mask: Masks === null || Masks === undefined || Masks.length === 0 ? bitsOf(FLAG_NAMES) : bitsOf(Masks),
  }));
  const wrong = flags.findIndex(({ set, mask }) => (set & ~mask) !== 0);
  if (wrong < 0) return flags;
  reading.error('a flag is set that its mask leaves out', itemOrigin(origin, 'TCPFlags', wrong), REMEDY);
  return undefined;
}

function bitsOf(names: readonly (typeof FLAG_NAMES)[number][]): number {
  return names.reduce((bits, name) => bits | FLAG_BITS[name], 0);
}

/** A group of which only the name was read. */
export function isUnreadGroup({ rules }: FirewallRuleGroup): boolean {
  return rules.kind === 'opaque' && rules.why === UNREAD;
}

export function loseGroup(reading: Reading, { id, origin }: FirewallRuleGroup): void {
  reading.fact(`firewall-rules:${id}`, `the rules of ${id}`, REMEDY, origin);
}

export function mergeFirewallRuleGroups(a: FirewallRuleGroup, b: FirewallRuleGroup): FirewallRuleGroup {
  return isUnreadGroup(a) ? b : a;
}
