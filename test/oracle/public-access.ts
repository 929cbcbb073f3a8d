/** VPC Block Public Access, read off BPA-01 to BPA-03 and BPA-07. */

import type { Subnet, Vpc } from '../../src/model/vpc.ts';
import { type Address, sameAddress } from '../../src/net/address.ts';
import { byId } from './lookup.ts';
import { type Decider, lose, refusal, type Walk } from './walk.ts';

export const BLOCKED: Decider = refusal('gateway-check', null, 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED');

const MODES = ['off', 'block-ingress', 'block-bidirectional'] as const;

/** Whether a packet may not cross an internet gateway between this subnet and the internet; `own` is its address inside. */
export function isClosedFor(walk: Walk, vpcId: string, subnet: Subnet | null, own: Address): boolean {
  const isOfNat = walk.network.natGateways.some(
    ({ subnetId, addresses, state }) =>
      state !== 'deleted' &&
      state !== 'failed' && // their addresses may be anyone's by now
      subnetId === (subnet?.id ?? '') &&
      addresses.some(({ privateAddress }) => privateAddress !== null && sameAddress(privateAddress, own)),
  );
  return isOfNat ? isClosedOutwards(walk, vpcId, subnet) : isClosed(walk, vpcId, subnet, 'direct');
}

/** The same for what can only start connections outwards: an egress-only gateway, a NAT gateway. */
export function isClosedOutwards(walk: Walk, vpcId: string, subnet: Subnet | null): boolean {
  return isClosed(walk, vpcId, subnet, 'outwards');
}

function isClosed(walk: Walk, vpcId: string, subnet: Subnet | null, way: 'direct' | 'outwards'): boolean {
  const owner = subnet ?? byId(walk.network.vpcs, vpcId) ?? lose(walk);
  const mode = modeOf(walk, owner);
  if (mode === 'off') return false;
  const { blockPublicAccessExclusions, lists } = walk.network;
  let exclusions = blockPublicAccessExclusions
    .filter(({ state }) => state === 'create-complete' || state === 'update-complete')
    .filter((exclusion) => exclusion.vpcId === vpcId || (subnet !== null && exclusion.subnetId === subnet.id))
    .map((exclusion): string => exclusion.mode);
  if (!lists.some(({ kind, complete }) => kind === 'blockPublicAccessExclusions' && complete)) {
    const one = walk.choose(`exclusion of ${owner.id}`, ['none', 'allow-egress', 'allow-bidirectional']);
    // What is listed is there; a list that was cut off may hold more.
    exclusions = one === 'none' ? exclusions : [one];
  }
  // The subnet's own and its VPC's may differ: either may count.
  if (new Set(exclusions).size > 1) exclusions = [walk.choose(`of the exclusions of ${owner.id}`, exclusions)];
  if (exclusions.includes('allow-bidirectional')) return false;
  return way === 'direct' || (mode === 'block-bidirectional' && !exclusions.includes('allow-egress'));
}

function modeOf(walk: Walk, { account, region }: Subnet | Vpc): (typeof MODES)[number] {
  const { blockPublicAccess, lists } = walk.network;
  const option = blockPublicAccess.find((one) => one.account === account && one.region === region);
  const any = () => walk.choose(`public access of ${account} in ${region}`, MODES);
  if (option !== undefined) return option.settled ? option.mode : any();
  const isRead = lists.some((l) => l.kind === 'blockPublicAccess' && l.account === account && l.region === region);
  const isUsed = blockPublicAccess.some(({ mode, settled }) => mode !== 'off' || !settled);
  return isRead || !isUsed ? 'off' : any();
}
