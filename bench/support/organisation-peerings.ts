/**
 * Which VPCs of an organisation are peered. Domains are apart from each other. Inside one, blocks of VPCs have a hub that is
 * peered with each of them, hubs are peered with each other, every VPC with the next, and some with others at random: 4 to 8 peers
 * each, hubs up to AWS's limit of 125.
 */

import { newId } from './flat-text.ts';
import type { VpcPlan } from './organisation-plan.ts';
import type { Random } from './random.ts';

/** VPCs of a hub, itself included: what is left of 125 is for other hubs and for its neighbours. */
const HUB_SIZE = 100;
const MOST_PEERS = 8;
const MOST_PEERS_OF_HUB = 125;

export interface PeeringPlan {
  readonly id: string;
  readonly requester: VpcPlan;
  readonly accepter: VpcPlan;
}

/** Domains that so many VPCs fall into; VPC `index` is in domain `index % domains`. */
export function domainsOf(vpcs: number): number {
  return Math.min(3, Math.max(1, Math.floor(vpcs / 4)));
}

/** Joins the VPCs of each domain, and notes at each its peers. */
export function planPeerings(random: Random, vpcs: readonly VpcPlan[]): readonly PeeringPlan[] {
  const domains = domainsOf(vpcs.length);
  return Array.from({ length: domains }, (_, domain) => {
    const members = vpcs.filter(({ index }) => index % domains === domain);
    return joinDomain(random, members);
  }).flat();
}

function joinDomain(random: Random, members: readonly VpcPlan[]): readonly PeeringPlan[] {
  const peerings: PeeringPlan[] = [];
  const join = (requester: VpcPlan, accepter: VpcPlan): void => {
    if (requester === accepter || requester.peers.some(({ vpc }) => vpc === accepter)) return;
    const peering = { id: newId(random, 'pcx'), requester, accepter };
    peerings.push(peering);
    requester.peers.push({ peeringId: peering.id, vpc: accepter });
    accepter.peers.push({ peeringId: peering.id, vpc: requester });
  };
  const isHub = (place: number): boolean => place % HUB_SIZE === 0;
  const hubs = members.filter((_, place) => isHub(place));
  hubs.forEach((hub, i) => {
    for (const other of hubs.slice(i + 1)) join(hub, other);
  });
  members.forEach((member, place) => {
    join(member, members[place - (place % HUB_SIZE)]!);
    join(member, members[(place + 1) % members.length]!);
  });
  members.forEach((member, place) => {
    if (isHub(place)) return;
    const wanted = Math.min(MOST_PEERS, member.peers.length + random.integer(1, 2));
    // A draw may meet a neighbour, a hub or a VPC that has enough peers: then it counts for nothing.
    for (let draw = 0; draw < 20 && member.peers.length < wanted; draw++) {
      const other = random.pick(members);
      if (!hubs.includes(other) && other.peers.length < MOST_PEERS) join(member, other);
    }
  });
  const crowded = members.find(({ peers }) => peers.length > MOST_PEERS_OF_HUB);
  if (crowded !== undefined) throw new RangeError(`${crowded.name} has ${crowded.peers.length} peers, AWS allows 125`);
  return peerings;
}
