/**
 * Whether some TCP connection can be opened from one host to another and answered, as a formula over three bit vectors, from the records
 * of the network: groups, lists of both subnets there, and the lists back for the client's port. Which groups an address carries is
 * decided before the solver sees it; whether a prefix holds it is decided before, too, or left to the solver.
 */

import type { Network } from '../../src/model/network.ts';
import type { NaclEntry } from '../../src/model/network-acl.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { RulePeer } from '../../src/model/security-group.ts';
import type { Address } from '../../src/net/address.ts';
import { lastAddress, type Prefix, prefixContains } from '../../src/net/prefix.ts';
import { ALL_PROTOCOLS, TCP } from '../../src/net/protocol.ts';
import type { Traffic } from '../../src/net/traffic.ts';
import { allOf, anyOf, firstMatch, inRange, number } from '../../test/reach/z3.ts';

/** Destination and source port of the request; IPv4 addresses of the client and of the host that it asks. */
export const VARIABLES: Readonly<Record<string, number>> = { to: 16, from: 16, client: 32, asked: 32 };

type End = 'client' | 'asked';

export class Formulas {
  readonly #network: Network;
  readonly #groups: ReadonlyMap<string, Network['securityGroups'][number]>;
  readonly #lists: ReadonlyMap<string, readonly NaclEntry[]>;
  readonly #leavesAddresses: boolean;

  constructor(network: Network, leavesAddresses: boolean) {
    this.#network = network;
    this.#leavesAddresses = leavesAddresses;
    this.#groups = new Map(network.securityGroups.map((group) => [group.id, group]));
    this.#lists = new Map(
      network.networkAcls.flatMap(({ subnetIds, entries }) => subnetIds.map((id) => [id, entries])),
    );
  }

  /** Conjuncts; the caller knows that routes lead there and back. */
  connection(from: NetworkInterface, to: NetworkInterface): readonly string[] {
    const [a, b] = [from.privateAddresses[0]!.address, to.privateAddresses[0]!.address];
    const crosses = from.subnetId !== to.subnetId;
    return [
      `(= client ${number(a.w0, 32)})`,
      `(= asked ${number(b.w0, 32)})`,
      this.#byGroups(from, 'out', to, b, 'asked'),
      this.#byGroups(to, 'in', from, a, 'client'),
      ...(crosses
        ? [
            this.#byList(from, 'out', b, 'asked', 'to'),
            this.#byList(to, 'in', a, 'client', 'to'),
            this.#byList(to, 'out', a, 'client', 'from'),
            this.#byList(from, 'in', b, 'asked', 'from'),
          ]
        : []),
    ];
  }

  /** Conditions under which the prefix holds the end: one, or none where it is settled that it does not. */
  #holds(prefix: Prefix, address: Address, end: End): readonly string[] {
    if (!this.#leavesAddresses) return prefixContains(prefix, address) ? ['true'] : [];
    if (prefix.address.family !== 4) return [];
    return [inRange(end, 32, prefix.address.w0, lastAddress(prefix).w0)];
  }

  #byGroups(
    own: NetworkInterface,
    direction: 'in' | 'out',
    other: NetworkInterface,
    address: Address,
    end: End,
  ): string {
    const rules = own.groupIds.flatMap((id) => this.#groups.get(id)!.rules);
    return anyOf(
      rules
        .filter((rule) => rule.direction === direction)
        .flatMap(({ traffic, peer }) =>
          this.#peers(peer, other, address, end).flatMap((held) =>
            (traffic === null ? [] : portsOf(traffic, 'to')).map((ports) => allOf([held, ports])),
          ),
        ),
    );
  }

  #peers(peer: RulePeer, other: NetworkInterface, address: Address, end: End): readonly string[] {
    switch (peer.kind) {
      case 'cidr':
        return this.#holds(peer.prefix, address, end);
      case 'group':
        return other.groupIds.includes(peer.groupId) ? ['true'] : [];
      case 'prefix-list': {
        const list = this.#network.prefixLists.find(({ id }) => id === peer.id);
        return (list?.entries ?? []).flatMap((prefix) => this.#holds(prefix, address, end));
      }
      case 'unreadable':
        return [];
    }
  }

  #byList(own: NetworkInterface, direction: 'in' | 'out', address: Address, end: End, port: 'to' | 'from'): string {
    const entries = this.#lists.get(own.subnetId) ?? [];
    return firstMatch(
      entries
        .filter((entry) => entry.direction === direction)
        .flatMap(({ action, traffic, peer }) =>
          this.#holds(peer, address, end).flatMap((held) =>
            portsOf(traffic, port).map((ports) => ({ allows: action === 'allow', condition: allOf([held, ports]) })),
          ),
        ),
    );
  }
}

function portsOf({ protocol, firstPortOrIcmp, lastPortOrIcmp }: Traffic, port: string): readonly string[] {
  if (protocol === ALL_PROTOCOLS) return ['true'];
  return protocol === TCP ? [inRange(port, 16, firstPortOrIcmp, lastPortOrIcmp)] : [];
}
