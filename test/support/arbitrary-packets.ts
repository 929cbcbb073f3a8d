/** Packets that sit on the edges of a network's rules: at the bounds of its port ranges, to and from everything that has an address. */

import fc from 'fast-check';
import type { Network } from '../../src/model/network.ts';
import { addressPlus } from '../../src/net/address.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { HOSTS_V4, HOSTS_V6, PORT_BOUNDS } from './arbitrary-rules.ts';

/** One end of a packet: where it is, and its address there. */
export interface End {
  /** An interface's id, or `internet`. */
  readonly place: string;
  readonly address: string;
}

export interface SentPacket {
  readonly from: string;
  /** In the notation, without pins. */
  readonly text: string;
}

const PORTS = [...new Set(PORT_BOUNDS.flatMap((port) => [port, port - 1, port + 1]))].filter(
  (port) => port >= 0 && port <= 65535,
);

/** Addresses that nobody has, or that are special: a free host, a subnet's broadcast, private and shared ranges, the resolver, metadata. */
const STRAYS = [
  '10.0.0.99',
  '10.0.0.255',
  '10.9.9.9',
  '192.168.7.7',
  '100.64.0.1',
  '169.254.169.254',
  '198.51.100.250',
];

const pick = <T>(options: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...options);

const SENDERS: readonly string[] = ['instance', 'load-balancer', 'network-load-balancer'];

/** What can send: every interface with each of its addresses, and the internet. */
export function senders(network: Network): End[] {
  const own = network.networkInterfaces
    .filter(({ owner }) => SENDERS.includes(owner))
    .flatMap((eni) => [
      ...eni.privateAddresses.map(({ address }) => ({ place: eni.id, address: formatAddress(address) })),
      ...eni.ipv6Addresses.map((address) => ({ place: eni.id, address: formatAddress(address) })),
      ...eni.delegated.map((prefix) => ({
        place: eni.id,
        address: formatAddress(addressPlus(prefix.address, 3) ?? prefix.address),
      })),
    ]);
  const outside = [...HOSTS_V4, ...HOSTS_V6].map((address) => ({ place: 'internet', address }));
  return [...own, ...outside];
}

/** Every address that somebody has: those of the senders, the public ones, those of NAT gateways. */
export function targets(network: Network): string[] {
  const own = senders(network).filter(({ place }) => place !== 'internet');
  const nats = network.natGateways.flatMap((nat) => nat.addresses.map((address) => address.privateAddress));
  const privates = nats.filter((address) => address !== null).map(formatAddress);
  return [...new Set([...own.map(({ address }) => address), ...reachable(network), ...privates])];
}

/** The addresses that the internet may aim at: public ones, and v6. */
function reachable(network: Network): string[] {
  const publics = network.networkInterfaces.flatMap((eni) =>
    eni.privateAddresses.map(({ publicAddress }) => publicAddress),
  );
  const nats = network.natGateways.flatMap((nat) => nat.addresses.map((address) => address.publicAddress));
  const known = [...publics, ...nats].filter((address) => address !== null).map(formatAddress);
  return [...known, ...network.networkInterfaces.flatMap((eni) => eni.ipv6Addresses.map(formatAddress))];
}

const isV6 = (address: string): boolean => address.includes(':');

function ported(address: string, port: number): string {
  return isV6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * A packet before its network is known: numbers that choose among what the network has. So packets and networks shrink apart, and a
 * packet keeps its meaning as far as it can while its network becomes smaller.
 */
export interface PacketPlan {
  readonly isFromInside: boolean;
  readonly isAimedWell: boolean;
  readonly sender: number;
  readonly aim: number;
  readonly kind: 'tcp' | 'udp' | 'icmp' | '50' | '132';
  readonly sourcePort: number;
  readonly port: number;
  readonly flags: string;
  readonly message: number;
  /** Among nodes of balancers and their listeners; null aims as ever. */
  readonly listener: number | null;
}

export function packetPlans(): fc.Arbitrary<PacketPlan> {
  return fc.record({
    isFromInside: pick([true, true, true, false, false]),
    isAimedWell: pick([true, true, true, true, true, true, false]),
    sender: fc.nat({ max: 999 }),
    aim: fc.nat({ max: 999 }),
    kind: pick(['tcp', 'tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp', 'icmp', '50', '132'] as const),
    sourcePort: pick([49152, ...PORTS]),
    port: pick(PORTS),
    flags: pick(['S', 'S', 'S', 'A', 'SA']),
    message: fc.nat({ max: 3 }),
    listener: fc.option(fc.nat({ max: 999 }), { nil: null, freq: 1 }),
  });
}

/** The plan's packet in a network: from anywhere to anything, mostly to what exists. */
export function packetOf(network: Network, plan: PacketPlan): SentPacket {
  const all = senders(network);
  const wanted = all.filter(({ place }) => (place !== 'internet') === plan.isFromInside);
  const { place, address } = chosen(wanted.length > 0 ? wanted : all, plan.sender);
  const isFitting = (target: string): boolean => isV6(target) === isV6(address) && target !== address;
  const hosts: readonly string[] = [...HOSTS_V4, ...HOSTS_V6];
  const close = (place === 'internet' ? reachable(network) : [...targets(network), ...hosts]).filter(isFitting);
  const far = [...targets(network), ...hosts, ...STRAYS].filter(isFitting);
  const aim = chosen(plan.isAimedWell && close.length > 0 ? close : far, plan.aim);
  const doors = plan.listener === null || !plan.isAimedWell ? [] : listenersAt(network, close);
  if (plan.listener === null || doors.length === 0) return { from: place, text: textOf(plan, address, aim) };
  const door = chosen(doors, plan.listener);
  return { from: place, text: textOf({ ...plan, kind: door.kind, port: door.port }, address, door.address) };
}

interface Door {
  readonly address: string;
  readonly kind: 'tcp' | 'udp';
  readonly port: number;
}

/** The listeners of every balancer at each address of its nodes that may be aimed at. */
function listenersAt(network: Network, aims: readonly string[]): Door[] {
  return network.loadBalancers.flatMap(({ id, listeners }) => {
    const nodes = network.networkInterfaces.filter(({ description }) => description === `ELB ${id}`);
    const addresses = nodes
      .flatMap(({ privateAddresses, ipv6Addresses }) => [
        ...privateAddresses.flatMap(({ address, publicAddress }) => [address, publicAddress]),
        ...ipv6Addresses,
      ])
      .filter((address) => address !== null)
      .map(formatAddress)
      .filter((address) => aims.includes(address));
    return (listeners ?? []).flatMap(({ protocol, port }) =>
      addresses.map((address): Door => ({ address, kind: protocol === 'UDP' ? 'udp' : 'tcp', port: port ?? 0 })),
    );
  });
}

function chosen<T>(options: readonly T[], number: number): T {
  return options[number % options.length]!;
}

function textOf({ kind, sourcePort, port, flags, message }: PacketPlan, source: string, destination: string): string {
  switch (kind) {
    case 'tcp':
    case 'udp': {
      const text = `${kind} ${ported(source, sourcePort)} > ${ported(destination, port)}`;
      return kind === 'tcp' && flags !== 'S' ? `${text} flags ${flags}` : text;
    }
    case 'icmp': {
      const messages = isV6(source) ? ['echo', 'echo-reply', '2.0'] : ['echo', 'echo-reply', '3.4', 'timestamp'];
      return `icmp ${chosen(messages, message)} ${source} > ${destination}`;
    }
    default:
      return `proto ${kind} ${source} > ${destination}`;
  }
}

/** The text with its source pinned where it is sent from. */
export function pinned({ from, text }: SentPacket): string {
  return text.replace(' > ', `@${from} > `);
}
