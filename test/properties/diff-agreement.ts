/** Compares what a difference says of packets with how the walker fares with them in both networks. */

import type { DiffAnswer, DiffGroup } from '../../src/explain/diff-answer.ts';
import { createNet, type Net } from '../../src/explain/net.ts';
import type { Verdict } from '../../src/explain/trace.ts';
import type { Network } from '../../src/model/network.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import { formatAddress, parseAddress, parsePrefix } from '../../src/net/address-text.ts';
import { prefixContains } from '../../src/net/prefix.ts';

/** A place of both networks, or of one, and its address in each. */
interface End {
  readonly place: string;
  readonly before: Own | null;
  readonly after: Own | null;
}

interface Own {
  readonly address: string;
  readonly isPublic: string | null;
}

const OUTSIDE = ['203.0.113.7', '192.0.2.1', '8.8.8.8', '203.0.113.200', '2001:db8:ffff::1'];
const KINDS = [
  'tcp 443',
  'tcp 80',
  'tcp 22',
  'tcp 53',
  'tcp 30000',
  'udp 53',
  'udp 60',
  'udp 9000',
  'icmp',
  'proto 50',
];
const CLIENTS = [49152, 1024, 40001];

/** Packets between all places, a few kinds for each, chosen by a number. */
export function disagreements(
  [before, after]: readonly [Network, Network],
  answer: DiffAnswer,
  seed: number,
): { readonly wrong: readonly string[]; readonly changed: number } {
  const [was, is] = [createNet(before), createNet(after)];
  const ends = endsOf(before, after);
  const wrong: string[] = [];
  let changed = 0;
  let number = seed % 997;
  for (const from of ends) {
    for (const to of ends) {
      if (from.place === to.place || (from.place === 'internet' && to.place === 'internet')) continue;
      // Some pairs, and for each some kinds, so that the whole stays quick.
      number = (number * 31 + 7) % 9973;
      if (number % 3 !== 0 && ends.length > 12) continue;
      const kind = KINDS[number % KINDS.length]!;
      const client = CLIENTS[number % CLIENTS.length]!;
      const [one, other] = [
        verdictIn(was, 'before', from, to, kind, client),
        verdictIn(is, 'after', from, to, kind, client),
      ];
      if (one === undefined || other === undefined || (one === null && other === null)) continue;
      // Long lists of ICMP types are cut short in words.
      if (kind === 'icmp' && answer.groups.some(({ packets }) => packets.join().includes('…'))) continue;
      const groups = answer.groups.filter((group) => speaksOf(group, from, to, kind, client));
      // A place that is not there receives nothing.
      const differs = (one ?? 'dropped') !== (other ?? 'dropped');
      if (differs) changed++;
      const told = groups.map((group) => `${group.before}>${group.after}`);
      const expected = differs ? [`${one}>${other}`] : [];
      if (told.join() !== expected.join()) {
        wrong.push(
          `${kind} ${JSON.stringify(from)} to ${JSON.stringify(to)} client ${client}: told ${told}, expected ${expected}`,
        );
      }
    }
  }
  return { wrong, changed };
}

function endsOf(before: Network, after: Network): readonly End[] {
  const ends: End[] = [];
  const hosts = [...before.networkInterfaces, ...after.networkInterfaces].filter(
    ({ owner }) => owner !== 'nat-gateway',
  );
  const ids = new Set(hosts.map(({ id }) => id));
  for (const id of [...ids].sort()) {
    const [was, is] = [before, after].map((network) =>
      addressesOf(network.networkInterfaces.find((eni) => eni.id === id)),
    );
    for (const address of new Set([...was!.keys(), ...is!.keys()])) {
      ends.push({ place: id, before: was!.get(address) ?? null, after: is!.get(address) ?? null });
    }
  }
  const outside = OUTSIDE.map((address) => ({
    place: 'internet',
    before: { address, isPublic: null },
    after: { address, isPublic: null },
  }));
  return [...ends, ...outside];
}

function addressesOf(eni: NetworkInterface | undefined): ReadonlyMap<string, Own> {
  const own = new Map<string, Own>();
  for (const { address, publicAddress } of eni?.privateAddresses ?? []) {
    own.set(formatAddress(address), {
      address: formatAddress(address),
      isPublic: publicAddress === null ? null : formatAddress(publicAddress),
    });
  }
  for (const address of eni?.ipv6Addresses ?? [])
    own.set(formatAddress(address), { address: formatAddress(address), isPublic: null });
  return own;
}

/** Null where an end is missing, undefined where there is no such packet. */
function verdictIn(
  net: Net,
  side: 'before' | 'after',
  from: End,
  to: End,
  kind: string,
  client: number,
): Verdict | null | undefined {
  const [sender, target] = [from[side], to[side]];
  if (sender === null || target === null) return null;
  const destination = from.place === 'internet' ? (target.isPublic ?? target.address) : target.address;
  const isV6 = (address: string): boolean => address.includes(':');
  if (isV6(sender.address) !== isV6(destination)) return undefined;
  const [protocol, port] = kind.split(' ');
  const ported = (address: string, at: number | string): string =>
    isV6(address) ? `[${address}]:${at}` : `${address}:${at}`;
  const text =
    protocol === 'icmp'
      ? `icmp echo ${sender.address}@${from.place} > ${destination}`
      : protocol === 'proto'
        ? `proto ${port} ${sender.address}@${from.place} > ${destination}`
        : `${protocol} ${ported(sender.address, client)}@${from.place} > ${ported(destination, port!)}`;
  return net.walk(text).verdict;
}

function speaksOf(group: DiffGroup, from: End, to: End, kind: string, client: number): boolean {
  const [protocol] = kind.split(' ');
  const hasPorts = protocol === 'tcp' || protocol === 'udp';
  const clients = group.clientPorts === null || !hasPorts || isIn(client, group.clientPorts);
  return (
    clients &&
    isAmong(from, group.from, group.fromAddresses) &&
    isAmong(to, group.to, group.toAddresses) &&
    holds(group.packets, kind, isV6End(from))
  );
}

function isV6End({ before, after }: End): boolean {
  return (after ?? before)!.address.includes(':');
}

function isAmong(end: End, places: DiffGroup['from'], addresses: readonly string[]): boolean {
  if (end.place !== 'internet') {
    const { address } = (end.after ?? end.before)!;
    return places.some(({ id, addresses }) => id === end.place && addresses.includes(address));
  }
  const address = parseAddress(end.before!.address);
  return addresses.some((text) => prefixContains(parsePrefix(text).prefix, address));
}

function isIn(value: number, ranges: string): boolean {
  return ranges.split(',').some((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return first! <= value && value <= last!;
  });
}

/** Reads the words back: `tcp 80,443`, `icmp echo`, `protocol 50`, `all traffic except ...`. */
function holds(words: readonly string[], kind: string, isV6: boolean): boolean {
  const everythingBut = 'all traffic except ';
  return words.some((phrase) => {
    if (phrase === 'all traffic') return true;
    if (!phrase.startsWith(everythingBut)) return isPhraseOf(phrase, kind, isV6);
    return !phrase
      .slice(everythingBut.length)
      .split(', ')
      .some((missing) => isPhraseOf(missing, kind, isV6));
  });
}

function isPhraseOf(phrase: string, kind: string, isV6: boolean): boolean {
  const [protocol, port] = kind.split(' ');
  const [name, ...rest] = phrase.split(' ');
  if (name === 'protocols') return isIn(numberOf(protocol!, port, isV6), rest[0]!);
  if (protocol === 'icmp') {
    if (name !== (isV6 ? 'icmpv6' : 'icmp')) return false;
    if (rest[0] === 'except') return !rest[1]!.split(',').includes('echo');
    return rest.length === 0 || rest.join(' ').split(',').includes('echo');
  }
  if (protocol === 'proto') return phrase === 'esp' || phrase === 'protocol 50';
  return name === protocol && (rest.length === 0 || isIn(Number(port), rest[0]!));
}

function numberOf(protocol: string, port: string | undefined, isV6: boolean): number {
  const numbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: isV6 ? 58 : 1 };
  return numbers[protocol] ?? Number(port);
}
