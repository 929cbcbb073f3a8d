/**
 * How far VPC Block Public Access closes a subnet, or a VPC for what no subnet of it sends (BPA-01 to BPA-03, BPA-07).
 *
 * What counts is one mode, that of the account which owns the subnet, with the exclusion that names the subnet or its VPC:
 *
 * | mode of the account   | not excluded  | allow-egress | allow-bidirectional |
 * | --------------------- | ------------- | ------------ | ------------------- |
 * | `off`                 | off           | off          | off                 |
 * | `block-ingress`       | ingress       | ingress      | off                 |
 * | `block-bidirectional` | bidirectional | ingress      | off                 |
 *
 * `ingress` leaves open what NAT gateways and egress-only gateways carry, and closes everything else in both directions: also an
 * `allow-egress` exclusion opens no direct way out (scenarios 5 and 6 of AWS's advanced example).
 */

import type { BlockPublicAccess, BlockPublicAccessExclusion } from '../model/block-public-access.ts';
import type { Origin } from '../model/origin.ts';
import type { Fact } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { publicAccessExclusionsOf, publicAccessOf } from './missing-facts.ts';
import { NONE } from './names.ts';

type Mode = BlockPublicAccess['mode'];
type Exclusion = BlockPublicAccessExclusion['mode'] | 'none';

/** Whether a way to and from the internet is open. */
export type Gate = 'open' | 'closed' | 'unclear';

export interface Closure {
  /** The setting that closes, for explanations. */
  readonly resource: string;
  readonly source: Origin | null;
  /** The subnet or VPC that is closed. */
  readonly what: string;
  /** By an internet gateway, with an address of one's own. */
  readonly direct: Gate;
  /** By a NAT gateway or an egress-only gateway. */
  readonly outwards: Gate;
  /** What an unclear gate hangs on. */
  readonly fact: Fact;
}

const MODES: readonly Mode[] = ['off', 'block-ingress', 'block-bidirectional'];
/** BPA-03. */
const COUNTING: readonly string[] = ['create-complete', 'update-complete'];

/** Reports whether anything in the snapshot could close a subnet. Without that, nothing is asked and no stage is written. */
function isAnywhere(b: GraphBuilder): boolean {
  return b.shared('public access is blocked somewhere', () => ({
    yes:
      b.network.blockPublicAccess.some(({ mode, settled }) => mode !== 'off' || !settled) ||
      b.network.lists.some(({ kind, complete }) => kind === 'blockPublicAccess' && !complete),
  })).yes;
}

/** The closure of a subnet, or of the whole VPC for `subnet` NONE; null where everything is open. */
export function closureOf(b: GraphBuilder, vpc: number, subnet: number): Closure | null {
  if (!isAnywhere(b)) return null;
  const known = b.shared('closures', () => new Map<string, Closure | null>());
  const key = `${vpc} ${subnet}`;
  const closure = known.get(key);
  if (closure !== undefined) return closure;
  const made = makeClosure(b, b.network.vpcs[vpc]!, subnet === NONE ? null : b.network.subnets[subnet]!);
  known.set(key, made);
  return made;
}

function makeClosure(b: GraphBuilder, vpc: Resource, subnet: Resource | null): Closure | null {
  const owned = subnet ?? vpc;
  const { modes, record } = modesOf(b, owned);
  const exclusions = exclusionsOf(b, vpc, subnet);
  const results = modes.flatMap((mode) => exclusions.map((exclusion) => combined(mode, exclusion)));
  const direct = gate(results.map((mode) => mode === 'off'));
  const outwards = gate(results.map((mode) => mode !== 'block-bidirectional'));
  if (direct === 'open') return null;
  return {
    resource: record?.id ?? `Block Public Access of ${owned.account ?? 'the account'}`,
    source: record?.origin ?? null,
    what: owned.id,
    direct,
    outwards,
    fact: modes.length > 1 ? publicAccessOf(owned, record) : publicAccessExclusionsOf(owned.id),
  };
}

function gate(isOpen: readonly boolean[]): Gate {
  if (isOpen.every((open) => open)) return 'open';
  return isOpen.some((open) => open) ? 'unclear' : 'closed';
}

function combined(mode: Mode, exclusion: Exclusion): Mode {
  if (mode === 'off' || exclusion === 'allow-bidirectional') return 'off';
  return exclusion === 'allow-egress' ? 'block-ingress' : mode;
}

/** BPA-07: the modes that the owner's setting may have. Where it was not read, though others block, it may be any. */
function modesOf(
  b: GraphBuilder,
  { account, region }: Resource,
): { readonly modes: readonly Mode[]; readonly record: BlockPublicAccess | null } {
  const { blockPublicAccess, lists } = b.network;
  const near = blockPublicAccess.filter((one) => mayBe(one.account, account) && mayBe(one.region, region));
  const own = near.filter((one) => account !== null && one.account === account && one.region === region);
  const speaking = own.length > 0 ? own : near;
  const record = speaking[0] ?? null;
  if (record === null) {
    const read = lists.filter(
      (one) => one.kind === 'blockPublicAccess' && mayBe(one.account, account) && mayBe(one.region, region),
    );
    const isOff = read.length > 0 && read.every(({ complete }) => complete);
    return { modes: isOff ? ['off'] : MODES, record };
  }
  if (speaking.some(({ settled }) => !settled)) return { modes: MODES, record };
  return { modes: [...new Set(speaking.map(({ mode }) => mode))], record };
}

function mayBe(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}

/** What may exclude the subnet. Of two exclusions that differ, one for it and one for its VPC, no document says which one counts. */
function exclusionsOf(b: GraphBuilder, vpc: Resource, subnet: Resource | null): readonly Exclusion[] {
  const found = new Set<Exclusion>();
  for (const { vpcId, subnetId, mode, state } of b.network.blockPublicAccessExclusions) {
    if (!COUNTING.includes(state)) continue;
    if (vpcId === vpc.id || (subnet !== null && subnetId === subnet.id)) found.add(mode);
  }
  if (found.size === 0) found.add('none');
  if (!b.isComplete('blockPublicAccessExclusions', subnet ?? vpc)) {
    found.add('allow-egress');
    found.add('allow-bidirectional');
  }
  return [...found];
}
