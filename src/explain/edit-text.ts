/**
 * What-if in words: one change of a network as a line of text.
 *
 *     remove  RULE                                              sgr-1, sg-1/in/0.0, acl-1/in/100
 *     allow   GROUP in SERVICE from PEER                        allow sg-1 in tcp/443 from 10.0.0.0/8
 *     allow   GROUP out SERVICE to PEER
 *     entry   ACL in NUMBER (allow | deny) SERVICE from BLOCK   entry acl-1 in 90 deny tcp/22 from 0.0.0.0/0
 *     entry   ACL out NUMBER (allow | deny) SERVICE to BLOCK
 *     route   TABLE BLOCK TARGET                                route rtb-1 0.0.0.0/0 igw-1
 *     unroute TABLE DESTINATION                                 unroute rtb-1 0.0.0.0/0
 *
 * SERVICE is as in `service-text.ts`, without spaces; PEER a block, an address, a group or a prefix list. Things go by their ids, or by a name that
 * only one of them has; a name with spaces stands in double quotes.
 */

import type { Network } from '../model/network.ts';
import { CLOSING_V4 } from '../model/network-acl.ts';
import type { RulePeer } from '../model/security-group.ts';
import { parseAddress, parsePrefix, TextError } from '../net/address-text.ts';
import { numberUpTo } from '../net/packet-words.ts';
import { hostPrefix, type Prefix } from '../net/prefix.ts';
import type { Traffic } from '../net/traffic.ts';
import { type Change, changed } from './change.ts';
import { idOf, routeTargetOf } from './edit-names.ts';
import { type EditWord, EditWords } from './edit-words.ts';
import { parseService } from './service-text.ts';
import { suggestionsFor } from './suggestions.ts';

const VERBS: Readonly<Record<string, (network: Network, words: EditWords) => Change>> = {
  remove: readRemove,
  allow: readAllow,
  entry: readEntry,
  route: readRoute,
  unroute: readUnroute,
};

/** Throws a QuestionError that points at what is wrong, or names what is not there. */
export function parseEdit(network: Network, text: string): Change {
  const words = new EditWords(text);
  const verb = words.next('remove, allow, entry, route or unroute');
  const read = Object.hasOwn(VERBS, verb.text.toLowerCase()) ? VERBS[verb.text.toLowerCase()]! : null;
  if (read === null) {
    const near = suggestionsFor(verb.text, Object.keys(VERBS));
    throw words.errorAt(verb, 'expected remove, allow, entry, route or unroute', near);
  }
  const change = read(network, words);
  words.end();
  return change;
}

/** The network after changes, each as data or in words, one after the other: later ones see what earlier ones did. */
export function edited(network: Network, edits: Change | string | readonly (Change | string)[]): Network {
  const all: readonly (Change | string)[] = isList(edits) ? edits : [edits];
  return all.reduce<Network>(
    (now, edit) => changed(now, typeof edit === 'string' ? parseEdit(now, edit) : edit),
    network,
  );
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** `acl-1/in/100` may name its ACL, too. */
function readRemove(network: Network, words: EditWords): Change {
  const word = words.next("a rule's id, or ACL/in/NUMBER");
  const [, list, entry] = /^(.+)(\/(?:in|out)\/\d+)$/.exec(word.text) ?? [];
  const named = network.networkAcls.filter(({ name }) => name !== null && name === list);
  const isId = network.networkAcls.some(({ id }) => id === list);
  return { kind: 'remove-rule', rule: named.length === 1 && !isId ? `${named[0]!.id}${entry}` : word.text };
}

function readAllow(network: Network, words: EditWords): Change {
  const group = idOf(network, 'securityGroups', words, words.next('a security group'));
  const direction = words.oneOf(['in', 'out'] as const);
  const service = words.next('a service: tcp/443, udp/53, icmp/echo, any');
  words.oneOf([direction === 'in' ? 'from' : 'to'] as const);
  const peer = peerOf(network, words, words.next('a block, an address, a group or a prefix list'));
  const changes = trafficOf(words, service).map(
    (traffic): Change => ({ kind: 'add-group-rule', group, rule: { direction, traffic, peer } }),
  );
  return changes.length === 1 ? changes[0]! : { kind: 'several', changes };
}

function readEntry(network: Network, words: EditWords): Change {
  const networkAcl = idOf(network, 'networkAcls', words, words.next('a network ACL'));
  const direction = words.oneOf(['in', 'out'] as const);
  const numberWord = words.next('the number of the entry');
  const number = numberUpTo(CLOSING_V4 - 1, numberWord.text);
  if (number === null || number === 0) throw words.errorAt(numberWord, 'expected a number from 1 to 32766');
  const action = words.oneOf(['allow', 'deny'] as const);
  const service = words.next('a service: tcp/443, udp/53, icmp/echo, any');
  const [traffic, ...others] = trafficOf(words, service);
  if (traffic === undefined || others.length > 0) {
    throw words.errorAt(service, 'expected one protocol and one range of ports: an entry has no more');
  }
  words.oneOf([direction === 'in' ? 'from' : 'to'] as const);
  const peer = blockOf(words, words.next('a block or an address'));
  return { kind: 'add-nacl-entry', networkAcl, entry: { direction, number, action, traffic, peer } };
}

function readRoute(network: Network, words: EditWords): Change {
  const routeTable = idOf(network, 'routeTables', words, words.next('a route table'));
  const destination = blockOf(words, words.next('a destination: a block or an address'));
  const target = routeTargetOf(network, words, words.next('where to: a gateway, an interface, a peering or "local"'));
  return { kind: 'add-route', routeTable, destination, target };
}

function readUnroute(network: Network, words: EditWords): Change {
  const routeTable = idOf(network, 'routeTables', words, words.next('a route table'));
  const { text } = words.next('the destination of the route: a block or a prefix list');
  return { kind: 'remove-route', routeTable, destination: text };
}

/** One for each protocol and range of ports. */
function trafficOf(words: EditWords, word: EditWord): readonly Traffic[] {
  const { parts, isInverted } = parseService(words.text, word.at, word.end);
  if (isInverted) throw words.errorAt(word, 'expected what the rule matches: no rule matches all but something');
  return parts.flatMap(({ protocol, ports, clientPorts }) => {
    if (clientPorts !== null) throw words.errorAt(word, 'expected no source ports: rules do not look at them');
    return ports.map(({ first, last }): Traffic => ({ protocol, firstPortOrIcmp: first, lastPortOrIcmp: last }));
  });
}

function peerOf(network: Network, words: EditWords, word: EditWord): RulePeer {
  if (looksLikeAddress(word.text)) return { kind: 'cidr', prefix: blockOf(words, word) };
  if (network.prefixLists.some(({ id, listName }) => id === word.text || listName === word.text)) {
    return { kind: 'prefix-list', id: idOf(network, 'prefixLists', words, word) };
  }
  const groupId = idOf(network, 'securityGroups', words, word, 'a block, an address, a group or a prefix list');
  return { kind: 'group', groupId, account: null, vpcId: null, peeringId: null, peeringStatus: null };
}

function looksLikeAddress(text: string): boolean {
  return /^[\d.]+(\/|$)/.test(text) || /^[\da-f.:]*:[\da-f.:]*(\/|$)/i.test(text);
}

/** Host bits are cleared, as AWS does (NACL-08). */
function blockOf(words: EditWords, word: EditWord): Prefix {
  try {
    return word.text.includes('/') ? parsePrefix(word.text).prefix : hostPrefix(parseAddress(word.text));
  } catch (error) {
    if (error instanceof TextError) throw words.errorAt(word, error.message);
    throw error;
  }
}
