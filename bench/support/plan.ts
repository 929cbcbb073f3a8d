/**
 * The plan of a VPC, drawn before its records: what there is, how it is numbered, and the ids that records name each other by.
 *
 * Three zones, each with a public, an application and a database subnet. Private addresses are 10.OCTET.0.0/16, a /20 for each
 * subnet; public addresses come from 198.18.0.0/15 (RFC 2544), IPv6 blocks from 2001:db8::/32 (RFC 3849).
 */

import type { Random } from './random.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
const ZONES = ['a', 'b', 'c'] as const;
export const TIERS = ['public', 'app', 'db'] as const;
export type Tier = (typeof TIERS)[number];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface PlannedSubnet {
  readonly id: string;
  readonly tier: Tier;
  readonly zone: (typeof ZONES)[number];
  /** 0 to 8: its v4 block starts at third octet `16 * place`, its IPv6 block has `place` as its subnet number. */
  readonly place: number;
  readonly natGatewayId: string;
}

export interface PlannedVpc {
  readonly id: string;
  readonly name: string;
  readonly octet: number;
  readonly subnets: readonly PlannedSubnet[];
  readonly internetGatewayId: string;
  readonly egressOnlyGatewayId: string;
  /** Groups of the tiers first, in the order of TIERS. */
  readonly groupIds: readonly string[];
}

/** A peering of two VPCs, `requester` the first of them. */
export interface PlannedPeering {
  readonly id: string;
  readonly requester: PlannedVpc;
  readonly accepter: PlannedVpc;
}

export function planVpc(random: Random, octet: number, interfaces: number): PlannedVpc {
  const natGatewayIds = ZONES.map(() => id(random, 'nat'));
  return {
    id: id(random, 'vpc'),
    name: `${random.pick(['shop', 'billing', 'search', 'ledger', 'media', 'stock'])}-${octet}`,
    octet,
    subnets: ZONES.flatMap((zone, z) =>
      TIERS.map((tier, t) => ({
        id: id(random, 'subnet'),
        tier,
        zone,
        place: z * TIERS.length + t,
        natGatewayId: natGatewayIds[z]!,
      })),
    ),
    internetGatewayId: id(random, 'igw'),
    egressOnlyGatewayId: id(random, 'eigw'),
    groupIds: Array.from({ length: TIERS.length + Math.ceil(interfaces / 10) }, () => id(random, 'sg')),
  };
}

export function id(random: Random, kind: string): string {
  return `${kind}-0${random.hex(16)}`;
}

export function vpcBlock(vpc: PlannedVpc): string {
  return `10.${vpc.octet}.0.0/16`;
}

export function vpcBlock6(vpc: PlannedVpc): string {
  return `2001:db8:${vpc.octet.toString(16)}::/56`;
}

export function subnetBlock(vpc: PlannedVpc, subnet: PlannedSubnet): string {
  return `10.${vpc.octet}.${16 * subnet.place}.0/20`;
}

export function subnetBlock6(vpc: PlannedVpc, subnet: PlannedSubnet): string {
  return `2001:db8:${vpc.octet.toString(16)}:${subnet.place.toString(16)}::/64`;
}

/** The address of a host of a subnet; AWS keeps the first four for itself, so hosts count from 4 (to 4090). */
export function hostAddress(vpc: PlannedVpc, subnet: PlannedSubnet, host: number): string {
  return `10.${vpc.octet}.${16 * subnet.place + (host >> 8)}.${host & 255}`;
}

export function hostAddress6(vpc: PlannedVpc, subnet: PlannedSubnet, host: number): string {
  return `2001:db8:${vpc.octet.toString(16)}:${subnet.place.toString(16)}::${host.toString(16)}`;
}

/** The `index`-th public address of the estate; there are 131,072. */
export function publicAddress(index: number): string {
  return `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

export function nameTag(value: string): Json {
  return [
    { Key: 'Name', Value: value },
    { Key: 'Environment', Value: 'production' },
    { Key: 'CostCenter', Value: '4711' },
  ];
}

export function arn(kind: string, resourceId: string): string {
  return `arn:aws:ec2:${REGION}:${ACCOUNT}:${kind}/${resourceId}`;
}
