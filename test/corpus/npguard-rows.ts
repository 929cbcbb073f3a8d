/** np-guard's answers as rows, and which packets of a network each row is about. */

import type { NpGuard } from './npguard-network.ts';
import { readJson } from './shared.ts';

export type Range = readonly [first: number, last: number];

export interface Cube {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'any-of-tcp-udp-icmp';
  readonly src_ports?: readonly Range[];
  readonly dst_ports?: readonly Range[];
}

export interface End {
  readonly kind: 'eni' | 'subnet' | 'internet';
  readonly ip?: string;
  readonly public_ip?: string | null;
  readonly subnet_id?: string;
  readonly ranges?: 'all' | 'rest' | readonly string[];
}

export interface Row {
  readonly id: string;
  readonly input: string;
  readonly level: 'endpoint' | 'subnet';
  readonly cubes: readonly Cube[];
  readonly responsive: boolean | null;
  readonly src_ref: End;
  readonly dst_ref: End;
  readonly aws: {
    readonly verdict: 'same' | 'same-under-A1' | 'differs-under-A1' | 'undetermined';
    readonly notes: readonly string[];
    readonly connections?: readonly string[];
  };
}

export interface Explained {
  readonly id: string;
  readonly input: string;
  readonly src: string;
  readonly dst: string;
  readonly aws: { readonly verdict: string };
  readonly verdict: 'allowed' | 'blocked';
}

export interface Expected {
  readonly entries: readonly Row[];
  readonly explain: readonly Explained[];
}

export function rowsByInput(): ReadonlyMap<string, readonly Row[]> {
  const { entries } = readJson<Expected>('npguard-aws', 'expected.json');
  const inputs = new Set(entries.map(({ input }) => input));
  return new Map([...inputs].map((input) => [input, entries.filter((row) => row.input === input)]));
}

export function samePair(row: Row, other: Row): boolean {
  const key = ({ level, src_ref, dst_ref }: Row): string => JSON.stringify([level, src_ref, dst_ref]);
  return key(row) === key(other);
}

/** An end of a packet: its address as the other side writes it, and where it is pinned. */
export interface Place {
  readonly address: string;
  readonly pin: string;
}

/** Pairs of ends; of the internet the addresses that stand for what the row says. */
export function endsOf(
  snapshot: NpGuard,
  { src_ref: source, dst_ref: destination }: Row,
  internetAddresses: (end: End) => readonly string[],
): readonly (readonly [Place, Place])[] {
  if (source.kind === 'internet') {
    const target = publicPlace(snapshot, destination);
    // A private address is none that the internet can send to; packets for it are given to the gateway itself.
    const pin = target.pin;
    return internetAddresses(source).map((address) => [
      { address, pin },
      { address: target.address, pin: '' },
    ]);
  }
  if (destination.kind === 'internet') {
    return internetAddresses(destination).map((address) => [privatePlace(snapshot, source), { address, pin: '' }]);
  }
  return [[privatePlace(snapshot, source), { ...privatePlace(snapshot, destination), pin: '' }]];
}

function privatePlace({ probes }: NpGuard, { ip, subnet_id: subnet }: End): Place {
  const probe = subnet === undefined || ip !== undefined ? undefined : probes.get(subnet);
  return probe === undefined ? { address: ip ?? '', pin: '' } : { address: probe.address, pin: `@${probe.eni}` };
}

/** The address that the internet would use; without one, the private address, with a pin for the sender at the gateway. */
function publicPlace(snapshot: NpGuard, end: End): Place {
  const { probes, subnets, gatewayOf } = snapshot;
  const address = end.kind === 'eni' ? end.public_ip : probes.get(end.subnet_id ?? '')?.publicAddress;
  if (address != null) return { address, pin: '' };
  const vpc = subnets.find(({ SubnetId }) => SubnetId === end.subnet_id)?.VpcId ?? '';
  return { address: privatePlace(snapshot, end).address, pin: `@${gatewayOf.get(vpc)}` };
}
