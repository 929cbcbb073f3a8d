/** What every check of `lint` stands on: the compiled network, one arena of sets, and how things are called in findings. */

import { type AddressSpace, allRanks, type Ranks, ranksOf } from '../compile/address-space.ts';
import type { Compiled, CompileOptions } from '../compile/compile.ts';
import { isComplete, type Kind } from '../model/network.ts';
import type { NetworkAcl } from '../model/network-acl.ts';
import type { Resource } from '../model/resource.ts';
import type { SecurityGroup } from '../model/security-group.ts';
import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Traffic } from '../net/traffic.ts';
import type { L4Sets } from '../reach/l4-sets.ts';
import type { LintFinding, LintResource } from './lint-finding.ts';
import type { Box } from './rule-boxes.ts';

export interface LintGround {
  readonly compiled: Compiled;
  /** What the network was compiled with. */
  readonly assumed: CompileOptions;
  readonly sets: L4Sets;
  /** Ranks of the v4 blocks met so far, by address and length. */
  readonly ranks: Map<number, Ranks>;
  /** Most pairs of places that the checks on the whole network walk. */
  readonly maxPairs: number;
}

/** What a check found, and what it could not judge. */
export interface Checked {
  readonly findings: readonly LintFinding[];
  readonly notes: readonly string[];
}

export function boxOf({ compiled, sets, ranks }: LintGround, prefix: Prefix | null, traffic: Traffic): Box {
  const { first, last } = prefix === null ? allRanks(compiled.space) : knownRanks(compiled.space, prefix, ranks);
  const { protocol, firstPortOrIcmp, lastPortOrIcmp } = traffic;
  return { firstRank: first, lastRank: last, packets: sets.box(protocol, firstPortOrIcmp, lastPortOrIcmp) };
}

/** Thousands of rules name the same few blocks. */
function knownRanks(space: AddressSpace, prefix: Prefix, known: Map<number, Ranks>): Ranks {
  if (prefix.address.family === 6) return ranksOf(space, prefix);
  const key = prefix.address.w0 * 64 + prefix.length;
  const ranks = known.get(key) ?? ranksOf(space, prefix);
  known.set(key, ranks);
  return ranks;
}

/** The first address of an atom. */
export function addressAt(space: AddressSpace, rank: number): Address {
  const family = rank < space.firstV6 ? 4 : 6;
  return { family, w0: space.w0[rank]!, w1: space.w1[rank]!, w2: space.w2[rank]!, w3: space.w3[rank]! };
}

export function aclResource({ id, name }: NetworkAcl): LintResource {
  return { kind: 'network-acl', id, name };
}

export function groupResource({ id, name, groupName }: SecurityGroup): LintResource {
  return { kind: 'security-group', id, name: name ?? groupName };
}

/** SG-05: every VPC has one, and nobody can delete it. */
export function isDefaultGroup({ groupName }: SecurityGroup): boolean {
  return groupName === 'default';
}

/** Answers as `isComplete` does, once for each kind, account and region. */
export function completeness({ compiled: { network } }: LintGround): (kind: Kind, near: Near) => boolean {
  const known = new Map<string, boolean>();
  return (kind, { account, region }) => {
    const key = `${kind} ${account} ${region}`;
    const answer = known.get(key) ?? isComplete(network, kind, account, region);
    known.set(key, answer);
    return answer;
  };
}

export type Near = Pick<Resource, 'account' | 'region'>;

/** `one rule`, `3 rules`. */
export function counted(count: number, one: string, several: string): string {
  return count === 1 ? `one ${one}` : `${count} ${several}`;
}
