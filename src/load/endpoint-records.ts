/** describe-vpc-endpoints, and describe-vpc-endpoint-service-configurations: the services that the account itself offers. */

import { z } from 'zod';
import type { EndpointService, VpcEndpoint } from '../model/endpoint.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { describeValue, memberOf } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const ENDPOINT = z.object({
  VpcEndpointId: ID,
  VpcEndpointType: OPTIONAL_TEXT,
  VpcId: ID,
  OwnerId: OPTIONAL_TEXT,
  ServiceName: OPTIONAL_TEXT,
  State: OPTIONAL_TEXT,
  RouteTableIds: ANYTHING,
  SubnetIds: ANYTHING,
  NetworkInterfaceIds: ANYTHING,
  Groups: ANYTHING,
  PrivateDnsEnabled: OPTIONAL_FLAG,
  DnsEntries: ANYTHING,
  Tags: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws ec2 describe-vpc-endpoints';

const KINDS = new Map<string, VpcEndpoint['kind']>([
  ['gateway', 'gateway'],
  ['interface', 'interface'],
  ['gatewayloadbalancer', 'gateway-load-balancer'],
  ['resource', 'resource'],
  ['servicenetwork', 'service-network'],
]);

export function readVpcEndpoint(reading: Reading, value: unknown, origin: Origin, place: Place): VpcEndpoint | null {
  const record = reading.record(ENDPOINT, value, origin, REMEDY, ['PrivateDnsEnabled']);
  if (record === null) return null;
  const id = reading.shared(record.VpcEndpointId);
  const kind = KINDS.get(record.VpcEndpointType?.toLowerCase() ?? '');
  if (kind === undefined) {
    const what = `VpcEndpointType is ${describeValue(record.VpcEndpointType)}, which is not known`;
    reading.error(what, originOf(origin, 'VpcEndpointType'), REMEDY);
    reading.fact(`endpoint-type:${id}`, `what kind of endpoint ${id} is`, REMEDY, origin);
  }
  if (!record.State) reading.warning('VPC endpoint without a state', origin, 'it is read as available');
  const ids = (member: 'RouteTableIds' | 'SubnetIds' | 'NetworkInterfaceIds'): readonly string[] =>
    readTexts(reading, record[member], member, null, id, origin);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.OwnerId, place)),
    region: reading.shared(place.region),
    origin,
    kind: kind ?? 'unrecognised',
    vpcId: reading.shared(record.VpcId),
    serviceName: reading.shared(record.ServiceName),
    state: reading.shared(stateOf(record.State) ?? 'available'),
    routeTableIds: ids('RouteTableIds'),
    subnetIds: ids('SubnetIds'),
    interfaceIds: ids('NetworkInterfaceIds'),
    groupIds: readGroups(reading, record.Groups, id, origin),
    privateDns: record.PrivateDnsEnabled ?? false,
    dnsNames: readTexts(reading, record.DnsEntries, 'DnsEntries', 'DnsName', id, origin),
  };
}

/** `available`, where some answers say `Available`. */
function stateOf(text: string | null | undefined): string | null {
  return text ? text.charAt(0).toLowerCase() + text.slice(1) : null;
}

/** The texts of a list, or those under `key` of its items. What cannot be read is a missing fact of the endpoint. */
function readTexts(
  reading: Reading,
  value: unknown,
  member: string,
  key: string | null,
  id: string,
  origin: Origin,
): readonly string[] {
  const lost = (): void => {
    reading.fact(`endpoint:${id}`, `${member} of ${id} could not be read whole`, REMEDY, originOf(origin, member));
  };
  const items = reading.items(value, origin, [member], REMEDY);
  if (items === null) lost();
  return (items ?? []).flatMap((item, i) => {
    const text = key === null ? item : memberOf(item, [key]);
    if (typeof text === 'string' && text !== '') return [reading.shared(text)];
    // Some entries of names are empty.
    if (key !== null && (text === '' || text === null)) return [];
    reading.error(`${key ?? 'item'} is ${describeValue(text)}, not a text`, originOf(origin, member, i), REMEDY);
    lost();
    return [];
  });
}

/** One that cannot be read becomes an id that no snapshot has: a group whose rules are not known, which is what it is. */
function readGroups(reading: Reading, value: unknown, id: string, origin: Origin): readonly string[] {
  const unreadable = (at: Origin): string => {
    reading.fact(`groups:${id}`, `not every security group of ${id} could be read`, REMEDY, at);
    return `(unreadable group of ${id})`;
  };
  const items = reading.items(value, origin, ['Groups'], REMEDY);
  if (items === null) return [unreadable(originOf(origin, 'Groups'))];
  return items.map((item, i) => {
    const groupId = memberOf(item, ['GroupId']);
    if (typeof groupId === 'string' && groupId !== '') return reading.shared(groupId);
    const at = originOf(origin, 'Groups', i);
    reading.error('group without a GroupId', at, REMEDY);
    return unreadable(at);
  });
}

const TEXTS = z.array(ID).nullish();
const SERVICE = z.object({
  ServiceId: ID,
  ServiceName: ID,
  ServiceState: OPTIONAL_TEXT,
  AvailabilityZones: TEXTS,
  NetworkLoadBalancerArns: TEXTS,
  GatewayLoadBalancerArns: TEXTS,
  Tags: ANYTHING,
});
const SERVICE_REMEDY = 'correct it, or collect it again: aws ec2 describe-vpc-endpoint-service-configurations';

/** Null, after a problem, also where its balancers or zones cannot be read: a service is nothing but these. */
export function readEndpointService(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): EndpointService | null {
  const record = reading.record(SERVICE, value, origin, SERVICE_REMEDY);
  if (record === null) return null;
  const zones = record.AvailabilityZones ?? [];
  const network = record.NetworkLoadBalancerArns ?? [];
  const gateway = record.GatewayLoadBalancerArns ?? [];
  reading.count(zones.length + network.length + gateway.length, origin);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id: reading.shared(record.ServiceId),
    name: nameOf(tags),
    tags,
    account: reading.shared(place.account),
    region: reading.shared(place.region),
    origin,
    serviceName: reading.shared(record.ServiceName),
    state: reading.shared(stateOf(record.ServiceState)),
    loadBalancerArns: [...network, ...gateway].map((arn) => reading.shared(arn)),
    zones: zones.map((zone) => reading.shared(zone)),
  };
}
