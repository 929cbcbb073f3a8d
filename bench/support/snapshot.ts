/**
 * A snapshot of a made-up estate, written as `aws ec2 describe-…` writes it: one file a call, in accounts/ID/REGION/.
 *
 * VPCs are added, with all that is in them, until there are enough interfaces or bytes. Every second VPC is peered with the one
 * before it. Records go to the files as they are drawn, so that memory stays small however large the snapshot.
 */

import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aclRecords, groupRecord } from './filter-records.ts';
import { addressRecord, interfaceRecord, natInterfaceRecord, planHost, reservationRecord } from './host-records.ts';
import {
  egressOnlyGatewayRecord,
  internetGatewayRecord,
  natGatewayRecord,
  peeringRecord,
  routeTableRecords,
  subnetRecord,
  vpcRecord,
} from './network-records.ts';
import { ACCOUNT, id, type Json, type PlannedPeering, type PlannedVpc, planVpc, REGION } from './plan.ts';
import type { Random } from './random.ts';

export interface SnapshotSize {
  /** Interfaces of instances in each VPC. */
  readonly interfacesEach: number;
  /** Whole pairs of VPCs are added while the snapshot has fewer of these. */
  readonly atLeast: { readonly interfaces: number } | { readonly bytes: number };
  /** Whether describe-instances is among the calls: most of the bytes, and few of them are read. */
  readonly instances: boolean;
  /** Spaces of indentation: 4 as the AWS CLI prints, 0 as programs write. */
  readonly indent: number;
}

export interface Snapshot {
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
  /** Records by list key. */
  readonly counts: Readonly<Record<string, number>>;
}

/** File of each list, by its key. */
const FILES = {
  Vpcs: 'vpcs.json',
  Subnets: 'subnets.json',
  RouteTables: 'route-tables.json',
  InternetGateways: 'internet-gateways.json',
  EgressOnlyInternetGateways: 'egress-only-internet-gateways.json',
  NatGateways: 'nat-gateways.json',
  NetworkAcls: 'network-acls.json',
  SecurityGroups: 'security-groups.json',
  NetworkInterfaces: 'network-interfaces.json',
  Reservations: 'instances.json',
  Addresses: 'addresses.json',
  VpcPeeringConnections: 'vpc-peering-connections.json',
} as const;
type Key = keyof typeof FILES;
const KEYS = Object.keys(FILES) as readonly Key[];

export function writeSnapshot(folder: string, random: Random, size: SnapshotSize): Snapshot {
  const place = join(folder, 'accounts', ACCOUNT, REGION);
  mkdirSync(place, { recursive: true });
  const keys = size.instances ? KEYS : KEYS.filter((key) => key !== 'Reservations');
  const lists = new Map(keys.map((key) => [key, new ListFile(join(place, FILES[key]), key, size.indent)]));
  const add = (key: Key, record: Json): void => {
    if (key !== 'Reservations' || size.instances) lists.get(key)!.add(record);
  };
  const total = (of: (list: ListFile) => number): number =>
    [...lists.values()].reduce((sum, list) => sum + of(list), 0);
  const enough = (): boolean =>
    'bytes' in size.atLeast
      ? total((list) => list.bytes) >= size.atLeast.bytes
      : lists.get('NetworkInterfaces')!.count >= size.atLeast.interfaces;

  let publicAddresses = 0;
  for (let octet = 0; !enough(); octet += 2) {
    if (octet > 254) throw new Error('254 VPCs are as many as 10.0.0.0/8 holds: ask for more interfaces in each');
    const requester = planVpc(random, octet, size.interfacesEach);
    const accepter = planVpc(random, octet + 1, size.interfacesEach);
    const peering = { id: id(random, 'pcx'), requester, accepter };
    add('VpcPeeringConnections', peeringRecord(peering));
    for (const vpc of [requester, accepter]) {
      publicAddresses = addVpc(random, vpc, peering, size.interfacesEach, publicAddresses, add);
    }
  }

  for (const list of lists.values()) list.close();
  return {
    folder,
    files: [...lists.values()].map((list) => list.path),
    bytes: total((list) => list.bytes),
    counts: Object.fromEntries([...lists].map(([key, list]) => [key, list.count])),
  };
}

/** Returns how many public addresses are used up. */
function addVpc(
  random: Random,
  vpc: PlannedVpc,
  peering: PlannedPeering,
  interfaces: number,
  publicAddresses: number,
  add: (key: Key, record: Json) => void,
): number {
  let used = publicAddresses;
  add('Vpcs', vpcRecord(random, vpc));
  add('InternetGateways', internetGatewayRecord(vpc));
  add('EgressOnlyInternetGateways', egressOnlyGatewayRecord(vpc));
  for (const table of routeTableRecords(random, vpc, peering)) add('RouteTables', table);
  for (const acl of aclRecords(random, vpc)) add('NetworkAcls', acl);
  vpc.groupIds.forEach((_, place) => {
    add('SecurityGroups', groupRecord(random, vpc, place));
  });

  for (const subnet of vpc.subnets) {
    add('Subnets', subnetRecord(random, vpc, subnet));
    if (subnet.tier !== 'public') continue;
    const interfaceId = id(random, 'eni');
    const index = used++;
    add('NatGateways', natGatewayRecord(random, vpc, subnet, interfaceId, index));
    add('NetworkInterfaces', natInterfaceRecord(random, vpc, subnet, interfaceId, index));
  }

  for (let i = 0; i < interfaces; i++) {
    const subnet = vpc.subnets[i % vpc.subnets.length]!;
    const host = planHost(
      random,
      vpc,
      subnet,
      5 + Math.floor(i / vpc.subnets.length),
      subnet.tier === 'public' ? used++ : null,
    );
    add('NetworkInterfaces', interfaceRecord(vpc, subnet, host));
    add('Reservations', reservationRecord(random, vpc, subnet, host));
    if (host.publicIndex !== null) add('Addresses', addressRecord(vpc, subnet, host));
  }
  return used;
}

/** `{"KEY": [record, record, …]}`, written a mebibyte at a time. */
class ListFile {
  readonly path: string;
  count = 0;
  bytes = 0;
  readonly #file: number;
  readonly #indent: number;
  #pending: string;

  constructor(path: string, key: string, indent: number) {
    this.path = path;
    this.#file = openSync(path, 'w');
    this.#indent = indent;
    this.#pending = `{${this.#newLine(1)}"${key}":${indent > 0 ? ' ' : ''}[`;
  }

  add(record: Json): void {
    const text = JSON.stringify(record, null, this.#indent).replaceAll('\n', this.#newLine(2));
    this.#pending += `${this.count++ === 0 ? '' : ','}${this.#newLine(2)}${text}`;
    if (this.#pending.length > 2 ** 20) this.#write();
  }

  close(): void {
    this.#pending += `${this.#newLine(1)}]${this.#newLine(0)}}\n`;
    this.#write();
    closeSync(this.#file);
  }

  #newLine(depth: number): string {
    return this.#indent === 0 ? '' : `\n${' '.repeat(depth * this.#indent)}`;
  }

  #write(): void {
    writeFileSync(this.#file, this.#pending);
    this.bytes += Buffer.byteLength(this.#pending);
    this.#pending = '';
  }
}
