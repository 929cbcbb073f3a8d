/** From places to pairs of addresses: where packets of a set question start, and where they are sent. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import {
  type Address,
  compareAddresses,
  type Family,
  nextAddress,
  previousAddress,
  sameAddress,
} from '../net/address.ts';
import { type AddressRange, type AddressSet, addressSet, isNoAddress, subtractAddresses } from '../net/address-set.ts';
import { parseAddress } from '../net/address-text.ts';
import { hostPrefix, isHostPrefix } from '../net/prefix.ts';
import { ANYBODY, type EndPoint } from '../reach/connection.ts';
import type { HeldAddress, PlaceSet } from './place-set.ts';

/** A piece of the internet that no table tells apart. */
export type InternetPiece = AddressRange;

/** Who sends: an own address of an interface, or a piece of the internet. */
export interface Sender extends EndPoint {
  readonly held: HeldAddress | null;
  readonly piece: InternetPiece | null;
  /** All addresses that the end stands for. */
  readonly range: AddressRange;
}

/** Who is sent to, and the addresses that a sender inside and one on the internet would use. */
export interface Target {
  readonly held: HeldAddress | null;
  readonly piece: InternetPiece | null;
  /** All own addresses that the end stands for. */
  readonly range: AddressRange;
  readonly fromInside: Address;
  readonly fromInternet: Address;
}

export function sendersOf(compiled: Compiled, places: PlaceSet): readonly Sender[] {
  const { entrances, space } = compiled;
  const inside = cutAtBounds(compiled, places.held).map(({ held, range }) => {
    const { address } = held.prefix;
    const start = entrances.leaveAsItself[held.eni]!;
    return { address, rank: rankOf(space, address), start, sender: held.eni, held, piece: null, range };
  });
  const outside = piecesOf(compiled, beyondSnapshot(compiled, places.internet)).map((piece) => ({
    address: piece.first,
    rank: rankOf(space, piece.first),
    start: entrances.internet,
    sender: NOBODY,
    held: null,
    piece,
    range: piece,
  }));
  return [...inside, ...outside];
}

export function targetsOf(compiled: Compiled, places: PlaceSet): readonly Target[] {
  const inside = cutAtBounds(compiled, places.held).map(({ held, range }) => ({
    held,
    piece: null,
    range,
    fromInside: held.prefix.address,
    fromInternet: addressOnInternet(compiled, held),
  }));
  const outside = piecesOf(compiled, beyondSnapshot(compiled, places.internet)).map((piece) => ({
    held: null,
    piece,
    range: piece,
    fromInside: piece.first,
    fromInternet: piece.first,
  }));
  return [...inside, ...outside];
}

/**
 * The public address of a private v4 one; v6 is its own. A private address without a public one is all that a sender could try,
 * and the walk says why it is in vain (IGW-03).
 */
function addressOnInternet(compiled: Compiled, { eni, prefix }: HeldAddress): Address {
  const { privateAddresses } = compiled.network.networkInterfaces[eni]!;
  const pair = privateAddresses.find(({ address }) => sameAddress(address, prefix.address));
  return pair?.publicAddress ?? prefix.address;
}

/** A delegated prefix is as many places as tables tell parts of it apart; one address stands for each. */
function cutAtBounds(
  compiled: Compiled,
  held: readonly HeldAddress[],
): readonly { readonly held: HeldAddress; readonly range: AddressRange }[] {
  return held.flatMap((one) => {
    const { eni, prefix } = one;
    const { address } = prefix;
    if (isHostPrefix(prefix)) return { held: one, range: { first: address, last: address } };
    return piecesOf(compiled, addressSet([prefix])).map((range) => ({
      held: { eni, prefix: hostPrefix(range.first) },
      range,
    }));
  });
}

/** Public addresses and IPv6 blocks of the snapshot are places of their own, not some stranger's on the internet. */
function beyondSnapshot(compiled: Compiled, internet: AddressSet): AddressSet {
  return isNoAddress(internet) ? internet : subtractAddresses(internet, ownOnInternet(compiled));
}

/** The snapshot's own public addresses and IPv6 blocks. */
export function ownOnInternet({ network }: Compiled): AddressSet {
  const own = [
    ...network.networkInterfaces.flatMap(({ privateAddresses }) => privateAddresses.map((pair) => pair.publicAddress)),
    ...network.natGateways.flatMap(({ addresses }) => addresses.map((pair) => pair.publicAddress)),
    ...network.elasticAddresses.map((elastic) => elastic.publicAddress),
  ].filter((address) => address !== null);
  const blocks = network.vpcs.flatMap(({ cidrs }) => cidrs.filter(({ address }) => address.family === 6));
  return addressSet([...own.map(hostPrefix), ...blocks]);
}

/** The set cut at every bound of the address space, so that one address of a piece stands for all of it. */
function piecesOf(compiled: Compiled, addresses: AddressSet): readonly InternetPiece[] {
  const { space } = compiled;
  const startOf = (rank: number, family: Family): Address => ({
    family,
    w0: space.w0[rank]!,
    w1: space.w1[rank]!,
    w2: space.w2[rank]!,
    w3: space.w3[rank]!,
  });
  return addresses.flatMap(({ first, last }) => {
    const pieces: InternetPiece[] = [];
    const { family } = first;
    const lastRank = rankOf(space, last);
    for (let rank = rankOf(space, first); rank <= lastRank; rank++) {
      const start = startOf(rank, family);
      pieces.push({
        first: compareAddresses(start, first) < 0 ? first : start,
        last: rank === lastRank ? last : previousAddress(startOf(rank + 1, family))!,
      });
    }
    return pieces;
  });
}

export function familyOf({ held, piece }: Sender | Target): Family {
  return (held?.prefix.address ?? piece!.first).family;
}

/** Who must receive what is sent to this target: its interface. The internet is whoever has the address out there. */
export function receiverOf({ held }: Target): number {
  return held === null ? ANYBODY : held.eni;
}

/** The address that this sender uses for this target; null where the pair is no question. */
export function destinationFor(sender: Sender, target: Target): Address | null {
  if (sender.held === null && target.held === null) return null;
  if (sender.held !== null && target.held !== null && sender.held.eni === target.held.eni) return null;
  const destination = sender.held === null ? target.fromInternet : target.fromInside;
  return destination.family === sender.address.family ? destination : null;
}

/** Addresses that people know for examples or from daily life, for witnesses. */
const FAMILIAR: readonly Address[] = [
  '203.0.113.7',
  '198.51.100.7',
  '8.8.8.8',
  '2001:db8:ffff::7',
  '2606:4700::1111',
].map(parseAddress);

/** An address of the piece that people recognise, else one that is no network's own address, else the first. */
export function familiarAddress({ first, last }: InternetPiece): Address {
  const known = FAMILIAR.find(
    (address) => compareAddresses(first, address) <= 0 && compareAddresses(address, last) <= 0,
  );
  const second = nextAddress(first);
  return known ?? (second !== null && compareAddresses(second, last) <= 0 ? second : first);
}

/** The end at an address that people recognise best, else the first. */
export function mostFamiliar<T extends Sender | Target>(ends: readonly T[]): T {
  for (const address of FAMILIAR) {
    const known = ends.find(({ piece }) => piece !== null && sameAddress(familiarAddress(piece), address));
    if (known !== undefined) return known;
  }
  return ends[0]!;
}

/** Reports whether the piece holds an address that people recognise. */
export function isFamiliar(piece: InternetPiece | null): boolean {
  return piece !== null && FAMILIAR.some((address) => sameAddress(address, familiarAddress(piece)));
}
