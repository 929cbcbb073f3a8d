/** What somebody may have meant who named a place that the network lacks. */

import type { Compiled } from '../compile/compile.ts';
import type { Resource } from '../model/resource.ts';
import { suggestionsFor } from './suggestions.ts';

/** Ids and names like the word, as the question would have to say them. */
export function nearPlaces(compiled: Compiled, word: string): readonly string[] {
  const { network, names } = compiled;
  const words = new Set(['internet', ...names.group.keys(), ...names.enisOfInstance.keys()]);
  for (const list of [network.internetGateways, network.egressOnlyGateways, network.vpcEndpoints]) {
    for (const { id } of list) words.add(id);
  }
  for (const { attachmentId } of network.transitGatewayAttachments) words.add(attachmentId);
  for (const list of placeLists(compiled)) {
    for (const { id, name } of list) {
      words.add(id);
      if (name !== null) words.add(name);
    }
  }
  return suggestionsFor(word, words).map((near) => asWord(near));
}

/** Tags like this one, of whatever can be meant by its tags. */
export function nearTags(compiled: Compiled, key: string, value: string): readonly string[] {
  const tags = new Map<string, string>();
  for (const list of placeLists(compiled)) {
    for (const tag of list.flatMap((record) => record.tags)) {
      tags.set(`${tag.key}=${tag.value}`, `tag:${asWord(tag.key, '=')}=${asWord(tag.value)}`);
    }
  }
  return suggestionsFor(`${key}=${value}`, tags.keys()).map((text) => tags.get(text)!);
}

function placeLists({ network }: Compiled): readonly (readonly Resource[])[] {
  return [network.networkInterfaces, network.instances, network.subnets, network.vpcs, network.natGateways];
}

/** In quotes where the grammar would take it for something else. */
function asWord(text: string, sign = ' '): string {
  if (!/[\s|&!()"\\]/.test(text) && !text.includes(sign)) return text;
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
