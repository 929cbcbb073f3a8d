/** describe-load-balancers of the second generation. What their listeners and attributes say comes from calls of their own. */

import { z } from 'zod';
import type { BalancerZone, LoadBalancer } from '../model/load-balancer.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { Address } from '../net/address.ts';
import { describeValue, memberOf } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import { accountOfArn, type Place, partOfArn, regionOfArn } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const BALANCER = z.object({
  LoadBalancerArn: ID,
  LoadBalancerName: OPTIONAL_TEXT,
  Type: OPTIONAL_TEXT,
  Scheme: OPTIONAL_TEXT,
  State: z.object({ Code: OPTIONAL_TEXT }).nullish(),
  VpcId: OPTIONAL_TEXT,
  DNSName: OPTIONAL_TEXT,
  AvailabilityZones: ANYTHING,
  SecurityGroups: ANYTHING,
  EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: OPTIONAL_TEXT,
  Tags: ANYTHING,
});
type BalancerRecord = z.infer<typeof BALANCER>;

const DISPENSABLE = ['LoadBalancerName', 'DNSName'];
const REMEDY = 'correct it, or collect it again: aws elbv2 describe-load-balancers';

/** What follows `loadbalancer/` in the ARN: `net/fin-east/31268b43b093ba7d`. */
export function balancerIdOf(arn: string): string {
  return partOfArn(arn, 'loadbalancer/');
}

export function readLoadBalancer(reading: Reading, value: unknown, origin: Origin, place: Place): LoadBalancer | null {
  const record = reading.record(BALANCER, value, origin, REMEDY, DISPENSABLE);
  if (record === null) return null;
  const arn = reading.shared(record.LoadBalancerArn);
  const id = reading.shared(balancerIdOf(arn));
  const kind = readKind(reading, record, id, origin);
  const scheme = kind === null ? null : readScheme(reading, record, kind, origin);
  const zones = readZones(reading, record.AvailabilityZones, id, origin);
  if (kind === null || scheme === null || zones === null) return null;
  const state = reading.shared(record.State?.Code);
  if (state === null) reading.warning('load balancer without a state', origin, 'it is read as active');
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(accountOfArn(arn), place)),
    region: reading.shared(regionOfArn(arn) ?? place.region),
    origin,
    arn,
    balancerName: reading.shared(record.LoadBalancerName) ?? id,
    kind,
    scheme,
    state: state ?? 'active',
    vpcId: reading.shared(record.VpcId),
    dnsName: reading.shared(record.DNSName),
    zones,
    groupIds: readBalancerGroups(reading, record.SecurityGroups, id, origin, REMEDY),
    crossZone: null,
    judgesPrivateLink: readPrivateLink(reading, record, id, origin),
    listeners: null,
  };
}

type SecondGeneration = Exclude<LoadBalancer['kind'], 'classic'>;

const KINDS = new Map<string, SecondGeneration>([
  ['network', 'network'],
  ['application', 'application'],
  ['gateway', 'gateway'],
]);

/** How the ids of each kind begin, for records without a type. */
const BEGINNINGS = new Map<string, SecondGeneration>([
  ['net', 'network'],
  ['app', 'application'],
  ['gwy', 'gateway'],
]);

function readKind(reading: Reading, record: BalancerRecord, id: string, origin: Origin): SecondGeneration | null {
  const kind = record.Type ? KINDS.get(record.Type) : BEGINNINGS.get(id.split('/', 1)[0]!);
  if (kind !== undefined) return kind;
  const what = `Type is ${describeValue(record.Type)}, not "network", "application" or "gateway"`;
  reading.error(what, originOf(origin, 'Type'), REMEDY);
  return null;
}

/** Gateway load balancers have none: nobody reaches them but by their endpoints. */
function readScheme(
  reading: Reading,
  { Scheme: scheme }: BalancerRecord,
  kind: SecondGeneration,
  origin: Origin,
): LoadBalancer['scheme'] | null {
  if (scheme === 'internet-facing' || scheme === 'internal') return scheme;
  if (!scheme && kind === 'gateway') return 'internal';
  const what = `Scheme is ${describeValue(scheme)}, not "internet-facing" or "internal"`;
  reading.error(what, originOf(origin, 'Scheme'), REMEDY);
  return null;
}

const ZONE = z.object({ ZoneName: OPTIONAL_TEXT, SubnetId: ID, LoadBalancerAddresses: ANYTHING });

/** Null where one cannot be read: without a node of its own a zone looks as if it were not enabled. */
function readZones(reading: Reading, value: unknown, id: string, origin: Origin): readonly BalancerZone[] | null {
  const items = reading.items(value, origin, ['AvailabilityZones'], REMEDY);
  if (items === null) return null;
  const zones: BalancerZone[] = [];
  for (const [i, item] of items.entries()) {
    const at = originOf(origin, 'AvailabilityZones', i);
    const zone = reading.record(ZONE, item, at, REMEDY, ['ZoneName']);
    if (zone === null) return null;
    const addresses = readNodeAddresses(reading, zone.LoadBalancerAddresses, id, at);
    zones.push({ zone: reading.shared(zone.ZoneName), subnetId: reading.shared(zone.SubnetId), addresses });
  }
  return zones;
}

function readNodeAddresses(reading: Reading, value: unknown, id: string, origin: Origin): readonly Address[] {
  const lost = (): void => reading.loss(`addresses:${id}`, `not every address of ${id} could be read`, REMEDY, origin);
  const addresses: Address[] = [];
  const items = reading.items(value, origin, ['LoadBalancerAddresses'], REMEDY);
  if (items === null) lost();
  for (const [i, item] of (items ?? []).entries()) {
    for (const member of ['PrivateIPv4Address', 'IpAddress', 'IPv6Address']) {
      const text = memberOf(item, [member]);
      if (text === null || text === undefined || text === '') continue;
      const address = reading.address(text, origin, 'LoadBalancerAddresses', i, member);
      if (address === null) lost();
      else addresses.push(address);
    }
  }
  return addresses;
}

/** One that cannot be read becomes an id that no snapshot has: a group whose rules are not known, which is what it is. */
export function readBalancerGroups(
  reading: Reading,
  value: unknown,
  id: string,
  origin: Origin,
  remedy: string,
): readonly string[] {
  const unreadable = (at: Origin): string => {
    reading.fact(`groups:${id}`, `not every security group of ${id} could be read`, remedy, at);
    return `(unreadable group of ${id})`;
  };
  const items = reading.items(value, origin, ['SecurityGroups'], remedy);
  if (items === null) return [unreadable(originOf(origin, 'SecurityGroups'))];
  return items.map((item, i) => {
    if (typeof item === 'string' && item !== '') return reading.shared(item);
    const at = originOf(origin, 'SecurityGroups', i);
    reading.error(`security group is ${describeValue(item)}, not an id`, at, remedy);
    return unreadable(at);
  });
}

/** ELB-12. */
function readPrivateLink(reading: Reading, record: BalancerRecord, id: string, origin: Origin): boolean | null {
  const member = 'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic';
  const text = record[member];
  if (!text) return null;
  if (text === 'on' || text === 'off') return text === 'on';
  const at = originOf(origin, member);
  reading.error(`${member} is ${describeValue(text)}, not "on" or "off"`, at, REMEDY);
  reading.fact(`private-link:${id}`, `whether ${id} judges what comes by PrivateLink`, REMEDY, at);
  return null;
}
