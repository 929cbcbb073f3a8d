/** What a word of an edit names: a record by its id, or by a name that only one has. */

import type { Kind, Network } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import type { RouteTarget } from '../model/route-table.ts';
import { quote } from '../net/quote.ts';
import type { EditWord, EditWords } from './edit-words.ts';
import { suggestionsFor } from './suggestions.ts';

/** How kinds are called, where one of them is expected. */
const CALLED: Partial<Record<Kind, string>> = {
  securityGroups: 'security group',
  networkAcls: 'network ACL',
  routeTables: 'route table',
  prefixLists: 'prefix list',
};

type Named = Resource & { readonly groupName?: string | null; readonly listName?: string | null };

/** Throws a QuestionError where no record of the kind has the id or the name, or several have the name. */
export function idOf(network: Network, kind: Kind, words: EditWords, word: EditWord, expected?: string): string {
  const records: readonly Named[] = network[kind];
  if (records.some(({ id }) => id === word.text)) return word.text;
  const named = records.filter((record) => namesOf(record).includes(word.text));
  const [only] = named;
  if (named.length === 1 && only !== undefined) return only.id;
  const called = CALLED[kind] ?? 'record';
  if (only !== undefined) {
    const ids = named.map(({ id }) => id);
    throw words.errorAt(
      word,
      `${named.length} ${called}s are called ${quote(word.text)}: write an id`,
      ids.slice(0, 3),
    );
  }
  const known = records.flatMap((record) => [record.id, ...namesOf(record)]);
  const problem =
    expected === undefined
      ? `no ${called} ${quote(word.text)} in the snapshot`
      : `expected ${expected} of the snapshot`;
  throw words.errorAt(word, problem, suggestionsFor(word.text, known));
}

function namesOf({ name, groupName, listName }: Named): readonly string[] {
  return [...new Set([name, groupName, listName])].filter((known) => known !== null && known !== undefined);
}

/** What routes may lead to, by the kind of record; and by how ids begin, where the snapshot does not hold the thing. */
const TARGETS: readonly (readonly [kind: Kind, target: Exclude<RouteTarget['kind'], 'local'>])[] = [
  ['internetGateways', 'internet-gateway'],
  ['egressOnlyGateways', 'egress-only-gateway'],
  ['natGateways', 'nat-gateway'],
  ['networkInterfaces', 'network-interface'],
  ['instances', 'instance'],
  ['peerings', 'peering'],
];
const PREFIXES: readonly (readonly [prefix: string, target: Exclude<RouteTarget['kind'], 'local'>])[] = [
  ['tgw-', 'transit-gateway'],
  ['vgw-', 'virtual-private-gateway'],
  ['vpce-', 'endpoint'],
  ['cagw-', 'carrier-gateway'],
  ['lgw-', 'local-gateway'],
];

/** Throws a QuestionError where nothing that a route may lead to goes by the word, or several things do. */
export function routeTargetOf(network: Network, words: EditWords, word: EditWord): RouteTarget {
  const { text } = word;
  if (text.toLowerCase() === 'local') return { kind: 'local' };
  const byId = TARGETS.find(([kind]) => network[kind].some(({ id }: Resource) => id === text));
  if (byId !== undefined) return { kind: byId[1], id: text };
  const named = TARGETS.flatMap(([kind, target]) =>
    network[kind].filter(({ name }: Resource) => name === text).map(({ id }: Resource) => ({ kind: target, id })),
  );
  if (named.length === 1) return named[0]!;
  if (named.length > 1) {
    const ids = named.map(({ id }) => id);
    throw words.errorAt(word, `${named.length} things are called ${quote(text)}: write an id`, ids.slice(0, 3));
  }
  const elsewhere = PREFIXES.find(([prefix]) => text.startsWith(prefix));
  if (elsewhere !== undefined) return { kind: elsewhere[1], id: text };
  const known = TARGETS.flatMap(([kind]) => network[kind].map(({ id }: Resource) => id));
  const problem = `no gateway, interface, instance or peering ${quote(text)} in the snapshot`;
  throw words.errorAt(word, problem, suggestionsFor(text, known));
}
