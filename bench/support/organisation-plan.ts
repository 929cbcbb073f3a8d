/**
 * The plan of an organisation, drawn before its records: VPCs, their subnets and addresses, and the ids that records name each other
 * by. No two VPCs overlap and no address is given twice.
 *
 *     VPC n       10.0.0.0 + n * 4096 /20         2001:db8:0:0:: + n * 2^72 /56
 *     tier        a /22, in the order of TIERS
 *     subnet      a /23, one in each of two zones, and an IPv6 /64
 *     public      198.18.0.0/15 (RFC 2544), in the order in which addresses are needed
 */

import { type Address, v4, v6 } from '../../src/net/address.ts';
import { type Prefix, prefixAround } from '../../src/net/prefix.ts';
import { flat, newId } from './flat-text.ts';
import { REGION, TIERS, type Tier } from './plan.ts';
import type { Random } from './random.ts';

const ZONES = ['a', 'b'] as const;
const GROUPS_EACH = 20;
const MOST_PUBLIC_ADDRESSES = 2 ** 17;

export interface SubnetPlan {
  readonly id: string;
  readonly tier: Tier;
  readonly zone: (typeof ZONES)[number];
  /** 0 to 5. */
  readonly place: number;
  readonly block: Prefix;
  readonly block6: Prefix;
}

/** One end of a peering, as its VPC sees it. */
export interface PeerPlan {
  readonly peeringId: string;
  readonly vpc: VpcPlan;
}

export interface VpcPlan {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly account: string;
  /** What its records were read from. */
  readonly file: string;
  readonly block: Prefix;
  readonly block6: Prefix;
  readonly tierBlocks: Readonly<Record<Tier, Prefix>>;
  readonly subnets: readonly SubnetPlan[];
  /** Groups of the tiers first, in the order of TIERS. */
  readonly groupIds: readonly string[];
  readonly internetGatewayId: string;
  readonly egressOnlyGatewayId: string;
  readonly natGatewayId: string;
  /** Filled in when the VPCs are joined. */
  readonly peers: PeerPlan[];
}

/** `domain` counts from 0: each has an account of its own. */
export function planVpc(random: Random, index: number, domain: number): VpcPlan {
  const base = 0x0a000000 + index * 4096;
  const subnet = (place: number): SubnetPlan => ({
    id: newId(random, 'subnet'),
    tier: TIERS[place >> 1]!,
    zone: ZONES[place & 1]!,
    place,
    block: prefixAround(v4(base + place * 512), 23),
    block6: prefixAround(v6(0x20010db8, index * 256 + place, 0, 0), 64),
  });
  const tierBlock = (tier: number): Prefix => prefixAround(v4(base + tier * 1024), 22);
  const account = String(111122223333 + domain * 111111111111);
  const word = random.pick(['shop', 'billing', 'search', 'ledger', 'media', 'stock']);
  return {
    index,
    id: newId(random, 'vpc'),
    name: flat(`${word}-${String(index).padStart(4, '0')}`),
    account,
    file: fileOf(account),
    block: prefixAround(v4(base), 20),
    block6: prefixAround(v6(0x20010db8, index * 256, 0, 0), 56),
    tierBlocks: { public: tierBlock(0), app: tierBlock(1), db: tierBlock(2) },
    subnets: Array.from({ length: TIERS.length * ZONES.length }, (_, place) => subnet(place)),
    groupIds: Array.from({ length: GROUPS_EACH }, () => newId(random, 'sg')),
    internetGatewayId: newId(random, 'igw'),
    egressOnlyGatewayId: newId(random, 'eigw'),
    natGatewayId: newId(random, 'nat'),
    peers: [],
  };
}

/** The file of all records of an account. */
export function fileOf(account: string): string {
  return flat(`accounts/${account}/${REGION}/everything.json`);
}

/** The address of a host of a subnet; AWS keeps the first four and the last for itself. */
export function hostAddress({ block }: SubnetPlan, host: number): Address {
  return v4(block.address.w0 + host);
}

export function hostAddress6({ block6 }: SubnetPlan, host: number): Address {
  return v6(block6.address.w0, block6.address.w1, 0, host);
}

/** Hands out public addresses, each once. Throws when there are no more. */
export class PublicAddresses {
  #next = 1;

  take(): Address {
    if (this.#next === MOST_PUBLIC_ADDRESSES) {
      throw new RangeError('198.18.0.0/15 is used up: ask for fewer VPCs, or for fewer interfaces in each');
    }
    return v4(0xc6120000 + this.#next++);
  }
}
