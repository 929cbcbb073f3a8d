/**
 * Stateful 5-tuple rules, whose headers are texts in Suricata's syntax:
 *
 *     Source          ANY, 10.0.0.0/8, [10.0.0.0/8,192.0.2.7], $HOME_NET
 *     DestinationPort ANY, 443, 8000:8080, 1024:, [80,443], $WEB_PORTS
 *
 * Lists of addresses become several rules. Negations, options that look into payloads, and variables that the group does not
 * define make the group opaque: what such a rule does is not known from headers (NFW-10).
 */

import { z } from 'zod';
import type { FirewallRuleGroup, StatefulRule } from '../model/firewall.ts';
import type { Origin } from '../model/origin.ts';
import { parseAddress, parsePrefix, TextError } from '../net/address-text.ts';
import { type Interval, type IntervalSet, intervalSet } from '../net/interval-set.ts';
import { hostPrefix, type Prefix } from '../net/prefix.ts';
import { ALL_PROTOCOLS, ICMP, ICMPV6, LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import { quote } from '../net/quote.ts';
import { itemOrigin } from './item-origin.ts';
import { memberOf } from './json-value.ts';
import { ANYTHING, ID } from './members.ts';
import type { Reading } from './reading.ts';

const RULE = z.object({
  Action: z.enum(['PASS', 'DROP', 'REJECT', 'ALERT']),
  Header: z.object({
    Protocol: ID,
    Source: ID,
    SourcePort: ID,
    Direction: z.enum(['FORWARD', 'ANY']),
    Destination: ID,
    DestinationPort: ID,
  }),
  RuleOptions: z.array(z.object({ Keyword: ID, Settings: ANYTHING })).nullish(),
});
type RuleRecord = z.infer<typeof RULE>;

/** Rules that one group may become: AWS allows 30,000 as they are written. */
const MAX_RULES = 100_000;

/** Options that name, sort or describe a rule, and match nothing. */
const HARMLESS = new Set(['sid', 'gid', 'rev', 'msg', 'classtype', 'reference', 'metadata', 'priority']);

/** Suricata's `icmp` is that of both families; null for protocols that payloads show. */
const PROTOCOLS = new Map<string, readonly (number | null)[]>([
  ['IP', [ALL_PROTOCOLS]],
  ['TCP', [TCP]],
  ['UDP', [UDP]],
  ['ICMP', [ICMP, ICMPV6]],
  ...['HTTP', 'HTTP2', 'QUIC', 'FTP', 'TLS', 'SMB', 'DNS', 'DCERPC', 'SSH', 'SMTP', 'IMAP', 'MSN', 'KRB5', 'IKEV2'].map(
    (name): [string, readonly null[]] => [name, [null]],
  ),
  ...['TFTP', 'NTP', 'DHCP'].map((name): [string, readonly null[]] => [name, [null]]),
]);

type Rules = FirewallRuleGroup['rules'];

export function opaque(why: string): Rules {
  return { kind: 'opaque', why };
}

export function readStatefulRules(
  reading: Reading,
  value: unknown,
  variables: unknown,
  origin: Origin,
  remedy: string,
): Rules {
  const items = reading.items(value, origin, ['StatefulRules'], remedy);
  if (items === null) return opaque('its rules could not be read');
  const rules: StatefulRule[] = [];
  for (const [i, item] of items.entries()) {
    const at = itemOrigin(origin, 'StatefulRules', i);
    const record = reading.record(RULE, item, at, remedy);
    if (record === null) return opaque(`its rule ${i} could not be read`);
    const heads = headsOf(record, variables);
    if (typeof heads === 'string') return opaque(`its rule ${i} has ${heads}`);
    if (rules.length + heads.length > MAX_RULES) return opaque(`its lists stand for more than ${MAX_RULES} rules`);
    reading.count(heads.length, at);
    for (const head of heads) rules.push({ ...head, origin: at });
  }
  return { kind: 'stateful', rules };
}

/** The rules that one stands for, without their origin; or what keeps it from being understood. */
function headsOf(
  { Action, Header, RuleOptions }: RuleRecord,
  variables: unknown,
): Omit<StatefulRule, 'origin'>[] | string {
  const option = RuleOptions?.find(({ Keyword }) => !HARMLESS.has(Keyword.toLowerCase()));
  if (option !== undefined) return `the option ${quote(option.Keyword)}`;
  const protocols = PROTOCOLS.get(Header.Protocol.toUpperCase());
  if (protocols === undefined) return `the protocol ${quote(Header.Protocol)}`;
  const sources = addressesOf(Header.Source, variables);
  const destinations = addressesOf(Header.Destination, variables);
  const sourcePorts = portsOf(Header.SourcePort, variables);
  const destinationPorts = portsOf(Header.DestinationPort, variables);
  for (const each of [sources, destinations, sourcePorts, destinationPorts]) if (typeof each === 'string') return each;
  if (sources.length * destinations.length * protocols.length > MAX_RULES) return 'lists that are too long';
  const action = ACTIONS[Action];
  const direction = Header.Direction === 'ANY' ? 'any' : 'forward';
  return protocols.flatMap((protocol) =>
    (sources as Choices).flatMap((source) =>
      (destinations as Choices).map((destination) => ({
        action,
        protocol,
        source,
        destination,
        sourcePorts: sourcePorts as IntervalSet | null,
        destinationPorts: destinationPorts as IntervalSet | null,
        direction,
      })),
    ),
  );
}

const ACTIONS = { PASS: 'pass', DROP: 'drop', REJECT: 'reject', ALERT: 'alert' } as const;

/** Null stands for any address. */
type Choices = readonly (Prefix | null)[];

/** The addresses behind a text, or what is not understood. */
function addressesOf(text: string, variables: unknown): Choices | string {
  const words = wordsOf(text, variables, 'IPSets');
  if (typeof words === 'string') return words;
  if (words === ANY) return [null];
  const prefixes: Prefix[] = [];
  for (const word of words) {
    const prefix = prefixOf(word);
    if (prefix === null) return `the address ${quote(word)}`;
    prefixes.push(prefix);
  }
  return prefixes;
}

/** The ports behind a text, null for any, or what is not understood. */
function portsOf(text: string, variables: unknown): IntervalSet | null | string {
  const words = wordsOf(text, variables, 'PortSets');
  if (typeof words === 'string') return words;
  if (words === ANY) return null;
  const ranges: Interval[] = [];
  for (const word of words) {
    const parts = /^(\d{0,5})(:?)(\d{0,5})$/.exec(word);
    const [, low = '', colon = '', high = ''] = parts ?? [];
    const first = low === '' ? 0 : Number(low);
    const last = colon === '' ? first : high === '' ? LAST_PORT : Number(high);
    if (parts === null || (low === '' && high === '') || first > last || last > LAST_PORT) {
      return `the port ${quote(word)}`;
    }
    ranges.push({ first, last });
  }
  return intervalSet(ranges);
}

const ANY: readonly string[] = ['ANY'];
const LIST = /^\[([^[\]]*)\]$/;

/** The items of a list, a variable or a single word; `ANY` for everything. Otherwise what is not understood. */
function wordsOf(text: string, variables: unknown, sets: 'IPSets' | 'PortSets'): readonly string[] | string {
  const trimmed = text.trim();
  if (trimmed.toUpperCase() === 'ANY') return ANY;
  if (trimmed.includes('!')) return `the negation ${quote(trimmed)}`;
  const words = (LIST.exec(trimmed)?.[1] ?? trimmed).split(',').map((word) => word.trim());
  const resolved: string[] = [];
  for (const word of words) {
    if (!word.startsWith('$')) {
      // A word of a list that takes everything, or another list inside, is rare enough not to be understood.
      if (word === '') return `the list ${quote(trimmed)}`;
      resolved.push(word);
      continue;
    }
    const definition = DEFINITION.safeParse(memberOf(variables, [sets, word.slice(1), 'Definition'])).data;
    if (definition === undefined) return `the variable ${quote(word)}, which the group does not define`;
    for (const each of definition) resolved.push(each);
  }
  return resolved;
}

const DEFINITION = z.array(ID).min(1);

/** The prefix behind `10.0.0.0/8` or an address alone, or null. */
export function prefixOf(text: string): Prefix | null {
  try {
    return text.includes('/') ? parsePrefix(text).prefix : hostPrefix(parseAddress(text));
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return null;
  }
}
