/**
 * What an expression means in a network: addresses that interfaces hold, and addresses of the internet.
 *
 * | place                  | means                                                                                      |
 * | ---------------------- | ------------------------------------------------------------------------------------------ |
 * | `internet`, igw-, eigw- | every address that an internet gateway takes for one of the internet (IGW-07)             |
 * | address, CIDR          | interfaces with an own or a public address in it, and what of it is on the internet        |
 * | eni-, i-, subnet-, vpc- | its interfaces                                                                            |
 * | sg-                    | interfaces that carry it                                                                   |
 * | nat-                   | interfaces of its addresses                                                                |
 * | vpce-, tgw-attach-     | interfaces of the endpoint, of the attached VPC                                            |
 * | `lb:NAME`, `asg:NAME`, ... | interfaces of compute and services, as `service-places.ts` tells                       |
 * | a name                 | interfaces, instances and NAT gateways called so, or else subnets, or else VPCs            |
 * | a tag                  | interfaces that have it, or whose instance, NAT gateway, subnet or VPC has it              |
 *
 * A place that means nothing is an error, and so is an expression that does: an empty set answers every question with "none".
 */

import type { Compiled } from '../compile/compile.ts';
import { ownPrefixes } from '../compile/names.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import { compareAddresses } from '../net/address.ts';
import { type AddressSet, addressSet, intersectAddresses, prefixesOf, subtractAddresses } from '../net/address-set.ts';
import { type Prefix, prefixesOverlap } from '../net/prefix.ts';
import { quote } from '../net/quote.ts';
import type { PlaceExpression, PlaceNode } from './place-expression.ts';
import { meaningOfId } from './place-id.ts';
import { PlaceIndex, THE_INTERNET } from './place-index.ts';
import { nearPlaces, nearTags } from './place-suggestions.ts';
import { intersectPlaces, isNoPlace, type Places, subtractPlaces, unionPlaces } from './places.ts';
import { questionErrorAt } from './question-caret.ts';
import { meaningOfService, nearServices } from './service-places.ts';

/** An own address of an interface, or a delegated prefix (or the part of one that was asked about). */
export interface HeldAddress {
  /** Index of the interface in the compiled network. */
  readonly eni: number;
  readonly prefix: Prefix;
}

export interface PlaceSet {
  /** Sorted by interface, then by prefix. */
  readonly held: readonly HeldAddress[];
  readonly internet: AddressSet;
}

/** Indices outlive their question, and changes of rules, which move no place: such networks share their names. */
const INDICES = new WeakMap<Compiled['names'], PlaceIndex>();

/** Throws a QuestionError on a place that means nothing in this network, and on an expression that is left with nothing. */
export function placesOf(compiled: Compiled, expression: PlaceExpression): PlaceSet {
  return placeSetOf(compiled, placesMeant(compiled, expression));
}

/** The same before it is told by addresses, for cutting it up. */
export function placesMeant(compiled: Compiled, { question, text, root }: PlaceExpression): Places {
  const places = meaningOf(indexOf(compiled), question, root);
  if (isNoPlace(places)) throw questionErrorAt(question, root.at, `${quote(text)} leaves no place over`);
  return places;
}

export function placeSetOf(compiled: Compiled, places: Places): PlaceSet {
  return { held: heldAddresses(compiled, places), internet: places.internet };
}

/** Every address of every interface, and the whole internet. */
export function placesEverywhere(compiled: Compiled): PlaceSet {
  const held = compiled.network.networkInterfaces.flatMap((record, eni) => ownRows(record, eni));
  return { held, internet: THE_INTERNET.internet };
}

function indexOf(compiled: Compiled): PlaceIndex {
  const index = INDICES.get(compiled.names) ?? new PlaceIndex(compiled);
  INDICES.set(compiled.names, index);
  return index;
}

function meaningOf(index: PlaceIndex, question: string, node: PlaceNode): Places {
  switch (node.kind) {
    case 'any-of':
      return unionPlaces(node.parts.map((part) => meaningOf(index, question, part)));
    case 'all-of':
      return node.parts.map((part) => meaningOf(index, question, part)).reduce(intersectPlaces);
    case 'none-of':
      return subtractPlaces(index.everything, meaningOf(index, question, node.part));
    case 'internet':
      return THE_INTERNET;
    case 'prefix': {
      const places = index.inPrefix(node.prefix);
      if (!isNoPlace(places)) return places;
      const problem = node.text.includes('/')
        ? `no interface has an address in ${node.text}, and none of it is on the internet`
        : `no interface has the address ${node.text}, and it is not on the internet`;
      throw questionErrorAt(question, node.at, problem);
    }
    case 'tag': {
      const places = index.ofInterfaces(index.tagged(node.key, node.value));
      if (!isNoPlace(places)) return places;
      const problem = `no place in the snapshot has the tag ${quote(`${node.key}=${node.value}`)}`;
      throw questionErrorAt(question, node.at, problem, nearTags(index.compiled, node.key, node.value));
    }
    case 'name': {
      const places = index.ofInterfaces(index.calledLike(node.pattern));
      if (!isNoPlace(places)) return places;
      const problem = `no interface, instance, NAT gateway, subnet or VPC has a Name tag like ${quote(node.pattern)}`;
      throw questionErrorAt(question, node.at, problem, nearPlaces(index.compiled, node.pattern.replaceAll('*', '')));
    }
    case 'id':
      return placesOfWord(index, question, node.at, node.id, []);
    case 'word':
      return placesOfWord(index, question, node.at, node.word, index.called(node.word));
    case 'service': {
      const meaning = meaningOfService(index, node);
      if (meaning.kind === 'places') return meaning.places;
      const quoted = `${node.service}:${node.name}`;
      const named = index.called(quoted).length > 0 ? [`"${quoted}"`] : nearServices(index, node);
      throw questionErrorAt(question, node.at, meaning.why, named);
    }
    case 'not-modelled': {
      const named = index.called(node.text).length > 0 ? [`"${node.text}"`] : [];
      throw questionErrorAt(question, node.at, `${quote(node.text)} is not modelled yet`, named);
    }
  }
}

/** An id, or else the interfaces that it names. */
function placesOfWord(
  index: PlaceIndex,
  question: string,
  at: number,
  word: string,
  called: readonly number[],
): Places {
  const meaning = meaningOfId(index, word);
  if (meaning?.kind === 'no-place') throw questionErrorAt(question, at, meaning.why);
  const places = meaning?.places ?? index.ofInterfaces(called);
  if (!isNoPlace(places)) return places;
  const problem = `no interface, instance, subnet, VPC, security group, gateway or name ${quote(word)} in the snapshot`;
  throw questionErrorAt(question, at, problem, nearPlaces(index.compiled, word));
}

/** One row an own address, though the sets in between have merged neighbours. */
function heldAddresses({ network }: Compiled, { held }: Places): readonly HeldAddress[] {
  return [...held.keys()]
    .sort((a, b) => a - b)
    .flatMap((eni) =>
      rowsOf(ownPrefixes(network.networkInterfaces[eni]!).toSorted(comparePrefixes), eni, held.get(eni)!),
    );
}

/** All rows of one interface. */
function ownRows(record: NetworkInterface, eni: number): readonly HeldAddress[] {
  const own = ownPrefixes(record).toSorted(comparePrefixes);
  const areApart = own.every((prefix, i) => i === 0 || !prefixesOverlap(own[i - 1]!, prefix));
  return areApart ? own.map((prefix) => ({ eni, prefix })) : rowsOf(own, eni, addressSet(own));
}

/** What the set has of each own prefix that none before it has. */
function rowsOf(own: readonly Prefix[], eni: number, set: AddressSet): readonly HeldAddress[] {
  const rows: HeldAddress[] = [];
  let left = set;
  for (const prefix of own) {
    const block = addressSet([prefix]);
    rows.push(...prefixesOf(intersectAddresses(left, block)).map((part) => ({ eni, prefix: part })));
    left = subtractAddresses(left, block);
  }
  return rows;
}

function comparePrefixes(a: Prefix, b: Prefix): number {
  return compareAddresses(a.address, b.address) || a.length - b.length;
}
