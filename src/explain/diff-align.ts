/**
 * Which record of one network is which of the other: by id; else by a name that is unique on both sides; interfaces, whose ids change
 * with every new instance, at last by VPC and private address. The rest appear or vanish.
 */

import { KINDS, type Kind, type Network } from '../model/network.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Resource } from '../model/resource.ts';
import { formatAddress } from '../net/address-text.ts';
import { QuestionError } from './question-error.ts';

/** By index in the network before, the record of the network after, or NOWHERE. */
export interface AlignedKind {
  readonly inAfter: readonly number[];
  /** Indices of the network after that no record before is. */
  readonly appear: readonly number[];
}

export const NOWHERE = -1;

export interface Alignment {
  readonly kinds: Readonly<Record<Kind, AlignedKind>>;
  /** Ids of the network before to those of the network after, where they are called otherwise there. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly interfaces: { readonly byId: number; readonly byName: number; readonly byAddress: number };
}

type KeyOf<T> = (record: T) => string | null;

/** Throws a QuestionError when both networks have interfaces and not one of them is in the other. */
export function align(before: Network, after: Network): Alignment {
  const renamed = new Map<string, string>();
  const kinds: Partial<Record<Kind, AlignedKind>> = {};
  let interfaces: Alignment['interfaces'] = { byId: 0, byName: 0, byAddress: 0 };
  // Interfaces come after VPCs and instances, whose names they go by.
  for (const kind of [...KINDS].sort((a, b) => Number(a === 'networkInterfaces') - Number(b === 'networkInterfaces'))) {
    const known = isSameList(kind, before, after) && renamed.size === 0 ? SAME.get(before[kind]) : undefined;
    if (known !== undefined) {
      kinds[kind] = known.aligned;
      if (kind === 'networkInterfaces') interfaces = interfacesOf(known.counts);
      continue;
    }
    const steps: (readonly [KeyOf<Resource>, KeyOf<Resource>])[] = stepsFor(kind, before, after, renamed);
    const { aligned, counts } = alignBy(before[kind], after[kind], steps);
    kinds[kind] = aligned;
    if (isSameList(kind, before, after) && renamed.size === 0) SAME.set(before[kind], { aligned, counts });
    aligned.inAfter.forEach((index, i) => {
      const [from, to] = [before[kind][i]!.id, after[kind][index]?.id];
      if (to !== undefined && from !== to) renamed.set(from, to);
    });
    if (kind === 'networkInterfaces') {
      interfaces = interfacesOf(counts);
    }
  }
  const found = interfaces.byId + interfaces.byName + interfaces.byAddress;
  if (found === 0 && before.networkInterfaces.length > 0 && after.networkInterfaces.length > 0) {
    throw new QuestionError(
      'the networks cannot be aligned: no interface of BEFORE has the id, name or address of one in AFTER',
    );
  }
  return { kinds: kinds as Record<Kind, AlignedKind>, renamed, interfaces };
}

interface AlignedList {
  readonly aligned: AlignedKind;
  /** By step. */
  readonly counts: readonly number[];
}

/** Lists of records that both networks share, aligned with themselves. */
const SAME = new WeakMap<readonly Resource[], AlignedList>();

/** Interfaces go by the names of their instances, too. */
function isSameList(kind: Kind, before: Network, after: Network): boolean {
  return before[kind] === after[kind] && (kind !== 'networkInterfaces' || before.instances === after.instances);
}

function interfacesOf(counts: readonly number[]): Alignment['interfaces'] {
  return { byId: counts[0] ?? 0, byName: counts[1] ?? 0, byAddress: counts[2] ?? 0 };
}

/** What to compare records of a kind by, the surest first: a key in each network. */
function stepsFor(
  kind: Kind,
  before: Network,
  after: Network,
  renamed: ReadonlyMap<string, string>,
): (readonly [KeyOf<Resource>, KeyOf<Resource>])[] {
  const byId: KeyOf<Resource> = ({ id }) => id;
  if (kind !== 'networkInterfaces') {
    const byName: KeyOf<Resource> = (record) => nameOf(record);
    return [
      [byId, byId],
      [byName, byName],
    ];
  }
  const of = (keyOf: KeyOf<NetworkInterface>): KeyOf<Resource> => keyOf as KeyOf<Resource>;
  return [
    [byId, byId],
    [of(hostNameIn(before)), of(hostNameIn(after))],
    [of(vpcAndAddressIn((id) => renamed.get(id) ?? id)), of(vpcAndAddressIn((id) => id))],
  ];
}

/** The Name tag, or what a group or a prefix list is called besides. */
export function nameOf(
  record: Resource & { readonly groupName?: unknown; readonly listName?: unknown },
): string | null {
  const { name, groupName, listName } = record;
  if (name !== null) return name;
  if (typeof groupName === 'string') return groupName;
  return typeof listName === 'string' ? listName : null;
}

/** The name of the interface's instance, or its own. */
function hostNameIn({ instances }: Network): KeyOf<NetworkInterface> {
  const names = new Map(instances.map(({ id, name }) => [id, name]));
  return ({ instanceId, name }) => (instanceId === null ? null : names.get(instanceId)) ?? name;
}

function vpcAndAddressIn(vpcInAfter: (id: string) => string): KeyOf<NetworkInterface> {
  return ({ vpcId, privateAddresses, ipv6Addresses }) => {
    const address = privateAddresses.find(({ isPrimary }) => isPrimary)?.address ?? ipv6Addresses[0];
    return address === undefined ? null : `${vpcInAfter(vpcId)} ${formatAddress(address)}`;
  };
}

function alignBy(
  before: readonly Resource[],
  after: readonly Resource[],
  steps: readonly (readonly [KeyOf<Resource>, KeyOf<Resource>])[],
): AlignedList {
  const inAfter = before.map(() => NOWHERE);
  const taken = new Set<number>();
  const counts = steps.map(([keyBefore, keyAfter]) => {
    const left = uniquely(before, keyBefore);
    let count = 0;
    for (const [key, index] of uniquely(after, keyAfter)) {
      const i = left.get(key);
      if (i === undefined || inAfter[i] !== NOWHERE || taken.has(index)) continue;
      inAfter[i] = index;
      taken.add(index);
      count++;
    }
    return count;
  });
  return { aligned: { inAfter, appear: [...after.keys()].filter((index) => !taken.has(index)) }, counts };
}

/** Indices by key, without keys that several records have. */
function uniquely(records: readonly Resource[], keyOf: KeyOf<Resource>): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const twice = new Set<string>();
  records.forEach((record, index) => {
    const key = keyOf(record);
    if (key === null) return;
    if (found.has(key)) twice.add(key);
    found.set(key, index);
  });
  for (const key of twice) found.delete(key);
  return found;
}
