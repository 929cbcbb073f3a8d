/** A packet in words becomes a packet at a place: pins are resolved, unpinned ends are looked up (design of the notation: `packet-text`). */

import { rankOf, ranksOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY, unknownHolder } from '../compile/identity.ts';
import { interfaceName } from '../compile/interface-name.ts';
import { ownPrefixes } from '../compile/names.ts';
import { wayOver } from '../compile/peering-stages.ts';
import { PRIVATE_RANGES } from '../compile/special-addresses.ts';
import type { Start } from '../evaluate/round-trip.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import { type Address, sameAddress } from '../net/address.ts';
import { formatAddress, parsePrefix } from '../net/address-text.ts';
import type { Packet } from '../net/packet.ts';
import { type ParsedPacket, parsePacket } from '../net/packet-text.ts';
import { PacketTextError } from '../net/packet-text-error.ts';
import { type Prefix, prefixContains } from '../net/prefix.ts';
import { QuestionError } from './question-error.ts';
import { suggestionsFor } from './suggestions.ts';
import type { Place } from './trace.ts';

export interface PacketQuestion {
  readonly packet: Packet;
  readonly start: Start;
  readonly from: Place;
  readonly notes: readonly string[];
}

const INTERNET: Place = { kind: 'internet', id: 'internet', name: null };
const SHARED: Prefix = parsePrefix('100.64.0.0/10').prefix;
const UNIQUE_LOCAL: Prefix = parsePrefix('fc00::/7').prefix;

/** Throws a QuestionError on text that does not parse, on a place that is not in the network, and on an end that several have. */
export function askPacket(compiled: Compiled, question: string | ParsedPacket): PacketQuestion {
  const { packet, sourcePin, destinationPin } = typeof question === 'string' ? parse(question) : question;
  const start = startOf(compiled, packet.source, sourcePin);
  if (start.from.kind === 'internet') return { ...start, ...aimFromInternet(compiled, packet, destinationPin) };
  if (destinationPin !== null) checkPinned(compiled, packet.destination, destinationPin);
  return { ...start, packet, notes: [] };
}

function parse(text: string): ParsedPacket {
  try {
    return parsePacket(text);
  } catch (error) {
    if (error instanceof PacketTextError) throw new QuestionError(error.message, error.position);
    throw error;
  }
}

function isPrivate(address: Address): boolean {
  return [...PRIVATE_RANGES, SHARED, UNIQUE_LOCAL].some((prefix) => prefixContains(prefix, address));
}

type StartAndPlace = Pick<PacketQuestion, 'start' | 'from'>;

function startOf(compiled: Compiled, source: Address, pin: string | null): StartAndPlace {
  const { entrances, names, network } = compiled;
  if (pin !== null && isInternet(compiled, pin)) return fromInternet(compiled);
  const outside = pin === null ? undefined : entrances.outside.get(pin);
  if (outside !== undefined) {
    const name = network.virtualPrivateGateways.find(({ id }) => id === pin)?.name ?? null;
    return { start: { stage: outside, sender: NOBODY }, from: { kind: 'on-premises', id: pin!, name } };
  }
  const elsewhere = pin === null ? undefined : entrances.notModelled.get(pin);
  if (elsewhere !== undefined) {
    return { start: { stage: elsewhere, sender: NOBODY }, from: { kind: 'other', id: pin!, name: null } };
  }
  const peering = pin === null ? undefined : names.peering.get(pin);
  if (peering !== undefined) {
    const { requester, accepter, id, name } = network.peerings[peering]!;
    const inRequester = requester.cidrs.some((cidr) => prefixContains(cidr, source));
    const inAccepter = accepter.cidrs.some((cidr) => prefixContains(cidr, source));
    if (inRequester === inAccepter) {
      const text = `source ${formatAddress(source)} is in ${inRequester ? 'both VPCs' : 'neither VPC'} of ${id}`;
      throw new QuestionError(`${text}: pin it to an interface instead`);
    }
    const way = wayOver(peering, !inRequester);
    const from: Place = { kind: 'peering', id, name };
    return { start: { stage: entrances.ways[way]!, sender: senderOver(compiled, peering, way, source) }, from };
  }
  if (pin === null && !isPrivate(source) && holdersOf(compiled, source).length === 0) return fromInternet(compiled);
  return fromInterface(compiled, holderOf(compiled, source, pin, 'source'), source);
}

function isInternet(compiled: Compiled, pin: string): boolean {
  const { internetGateway, egressOnlyGateway } = compiled.names;
  if (pin === 'internet' || internetGateway.has(pin) || egressOnlyGateway.has(pin)) return true;
  return compiled.network.routeTables.some(({ routes }) =>
    routes.some(({ target }) => target.kind === 'internet-gateway' && target.id === pin),
  );
}

/** Who sends from the far side of a peering: known if the snapshot has the VPC, else whoever carries which groups (OPEN-26). */
function senderOver(compiled: Compiled, peering: number, way: number, source: Address): number {
  const { network, entrances, names } = compiled;
  const unknownSenders = entrances.peeringSenders[way]!;
  if (unknownSenders >= 0) return unknownHolder(unknownSenders);
  const { requester, accepter } = network.peerings[peering]!;
  const vpc = names.vpc.get((way === wayOver(peering, true) ? accepter : requester).vpcId)!;
  return names.enisOfVpc[vpc]!.find((index) => holds(network.networkInterfaces[index]!, source)) ?? NOBODY;
}

function fromInternet(compiled: Compiled): StartAndPlace {
  return { start: { stage: compiled.entrances.internet, sender: NOBODY }, from: INTERNET };
}

function fromInterface(compiled: Compiled, index: number, source: Address): StartAndPlace {
  const eni = compiled.network.networkInterfaces[index]!;
  const { leaveInterface, leaveAsItself } = compiled.entrances;
  // A source that is not the interface's own is no member of its groups; the source/dest check judges it.
  const start = holds(eni, source)
    ? { stage: leaveAsItself[index]!, sender: index }
    : { stage: leaveInterface[index]!, sender: NOBODY };
  return { start, from: interfaceAsPlace(compiled, eni) };
}

export function interfaceAsPlace({ network, names }: Compiled, { id }: NetworkInterface): Place {
  return { kind: 'network-interface', id, name: interfaceName(network, names, names.eni.get(id)!) };
}

function holds(eni: NetworkInterface, address: Address): boolean {
  return ownPrefixes(eni).some((prefix) => prefixContains(prefix, address));
}

/** Interfaces by the atoms of the addresses they hold; made once a network, for it is asked thousands of times. */
const HOLDERS = new WeakMap<Compiled, ReadonlyMap<number, readonly number[]>>();

function holdersByRank(compiled: Compiled): ReadonlyMap<number, readonly number[]> {
  const known = HOLDERS.get(compiled);
  if (known !== undefined) return known;
  const holders = new Map<number, number[]>();
  compiled.network.networkInterfaces.forEach((eni, index) => {
    for (const prefix of ownPrefixes(eni)) {
      const { first, last } = ranksOf(compiled.space, prefix);
      for (let rank = first; rank <= last; rank++) {
        const there = holders.get(rank);
        if (there === undefined) holders.set(rank, [index]);
        else if (!there.includes(index)) there.push(index);
      }
    }
  });
  HOLDERS.set(compiled, holders);
  return holders;
}

function holdersOf(compiled: Compiled, address: Address): readonly number[] {
  return holdersByRank(compiled).get(rankOf(compiled.space, address)) ?? [];
}

/** The one interface that an end means: the pinned one, or the only one with the address. */
function holderOf(compiled: Compiled, address: Address, pin: string | null, end: 'source' | 'destination'): number {
  const { network } = compiled;
  const text = formatAddress(address);
  const holders = holdersOf(compiled, address);
  if (pin === null) {
    if (holders.length === 1) return holders[0]!;
    if (holders.length === 0) throw new QuestionError(`${end} ${text}: no interface of the snapshot has this address`);
    const candidates = holders.map((index) => network.networkInterfaces[index]!.id);
    throw new QuestionError(
      `${end} ${text}: ${holders.length} interfaces have this address; pin one with @`,
      null,
      candidates.map((id) => `${text}@${id}`),
    );
  }
  const pinned = pinnedInterfaces(compiled, pin);
  const exact = pinned.filter((index) => holders.includes(index));
  if (exact.length === 1) return exact[0]!;
  // A pin to one interface may send what is not its own address: the source/dest check is there to judge that.
  if (end === 'source' && pinned.length === 1) return pinned[0]!;
  if (exact.length > 1) {
    const candidates = exact.map((index) => network.networkInterfaces[index]!.id);
    throw new QuestionError(
      `${end} ${text}@${pin}: ${exact.length} interfaces there have this address`,
      null,
      candidates,
    );
  }
  throw new QuestionError(
    `${end} ${text}@${pin}: no interface there has this address`,
    null,
    holders.map((index) => `${text}@${network.networkInterfaces[index]!.id}`),
  );
}

/** A pinned destination must be an address of the pinned place, its own or its public one; the internet has every public one. */
function checkPinned(compiled: Compiled, address: Address, pin: string): void {
  if (isInternet(compiled, pin)) {
    if (!isPrivate(address)) return;
    throw new QuestionError(
      `destination ${formatAddress(address)}@${pin}: nobody on the internet has a private address`,
    );
  }
  const isPublicThere = pinnedInterfaces(compiled, pin).some((index) =>
    compiled.network.networkInterfaces[index]!.privateAddresses.some(
      ({ publicAddress }) => publicAddress !== null && sameAddress(publicAddress, address),
    ),
  );
  if (!isPublicThere) holderOf(compiled, address, pin, 'destination');
}

/** Interfaces of the thing that a pin names by id or Name tag: an interface, an instance, a subnet or a VPC. */
function pinnedInterfaces(compiled: Compiled, pin: string): readonly number[] {
  const { names, network } = compiled;
  const eni = names.eni.get(pin);
  if (eni !== undefined) return [eni];
  if (names.instance.has(pin) || names.enisOfInstance.has(pin)) return names.enisOfInstance.get(pin) ?? [];
  const subnet = names.subnet.get(pin);
  if (subnet !== undefined) return names.enisOfSubnet[subnet]!;
  const vpc = names.vpc.get(pin);
  if (vpc !== undefined) return names.enisOfVpc[vpc]!;
  const wanted = pin.startsWith('name:') ? pin.slice('name:'.length) : pin;
  const named: number[] = [];
  network.networkInterfaces.forEach((record, index) => {
    if (record.name === wanted || interfaceAsPlace(compiled, record).name === wanted) named.push(index);
  });
  if (named.length > 0) return named;
  const places = [...network.subnets, ...network.vpcs].filter(({ name }) => name === wanted);
  if (places.length === 1) return pinnedInterfaces(compiled, places[0]!.id);
  throw new QuestionError(
    `no interface, instance, subnet, VPC or name "${pin}" in the snapshot`,
    null,
    nearMisses(compiled, pin),
  );
}

function nearMisses(compiled: Compiled, pin: string): readonly string[] {
  const { network } = compiled;
  const words = new Set<string>();
  for (const list of [network.networkInterfaces, network.instances, network.subnets, network.vpcs, network.peerings]) {
    for (const { id, name } of list) {
      words.add(id);
      if (name !== null) words.add(name);
    }
  }
  return suggestionsFor(pin.replace(/^name:/, ''), words);
}

/**
 * From the internet, a private destination that is pinned stands for the public address of the pinned interface. Without a pin the
 * packet is taken at its word, and a note says what would have reached the interface.
 */
function aimFromInternet(
  compiled: Compiled,
  packet: Packet,
  pin: string | null,
): Pick<PacketQuestion, 'packet' | 'notes'> {
  const { destination } = packet;
  if (destination.family === 6 || !isPrivate(destination)) {
    if (pin !== null) checkPinned(compiled, destination, pin);
    return { packet, notes: [] };
  }
  const holders =
    pin === null ? holdersOf(compiled, destination) : [holderOf(compiled, destination, pin, 'destination')];
  const index = holders[0];
  if (index === undefined || holders.length > 1) return { packet, notes: [] };
  const eni = compiled.network.networkInterfaces[index]!;
  const name = `${formatAddress(destination)} (${eni.id})`;
  const pair = eni.privateAddresses.find(({ address }) => sameAddress(address, destination));
  if (pair === undefined || pair.publicAddress === null) {
    return { packet, notes: [`${name} has no public address, so nobody on the internet can address it`] };
  }
  const publicText = formatAddress(pair.publicAddress);
  if (pin === null) {
    return {
      packet,
      notes: [`the internet does not know private addresses: ${name} is reached from there as ${publicText}`],
    };
  }
  return {
    packet: { ...packet, destination: pair.publicAddress },
    notes: [`${name} is reached from the internet as ${publicText}`],
  };
}
