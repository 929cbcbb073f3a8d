/** Describe output written by hand: small records that tests change in one place, and networks loaded from them. */

import type { LoadOptions } from '../../src/load/limits.ts';
import { type InputDocument, loadDocuments } from '../../src/load/load.ts';
import type { Network } from '../../src/model/network.ts';
import { formatOrigin } from '../../src/model/origin.ts';

type Json = Readonly<Record<string, unknown>>;

/** One document, read. */
export function load(json: unknown, file = 'snapshot.json', options: LoadOptions = {}): Network {
  return loadDocuments([{ file, json }], options);
}

/** Several documents, by the names of their files. */
export function loadFiles(files: Readonly<Record<string, unknown>>): Network {
  return loadDocuments(Object.entries(files).map(([file, json]): InputDocument => ({ file, json })));
}

/** Every problem as `severity what at file#pointer`. */
export function problemsOf(network: Network): readonly string[] {
  return network.problems.map(({ severity, what, origin }) => `${severity} ${what} at ${formatOrigin(origin)}`);
}

/** `kind complete` or `kind cut off`, for every list. */
export function listsOf(network: Network): readonly string[] {
  return network.lists.map(({ kind, complete }) => `${kind} ${complete ? 'complete' : 'cut off'}`);
}

export const vpc = (members: Json = {}): Json => ({ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', ...members });

export const subnet = (members: Json = {}): Json => ({
  SubnetId: 'subnet-1',
  VpcId: 'vpc-1',
  CidrBlock: '10.0.1.0/24',
  ...members,
});

export const routeTable = (members: Json = {}): Json => ({
  RouteTableId: 'rtb-1',
  VpcId: 'vpc-1',
  Associations: [],
  Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }],
  ...members,
});

/** An entry that allows everything inbound. */
export const entry = (members: Json = {}): Json => ({
  RuleNumber: 100,
  Egress: false,
  RuleAction: 'allow',
  Protocol: '-1',
  CidrBlock: '0.0.0.0/0',
  ...members,
});

export const networkAcl = (entries: unknown, members: Json = {}): Json => ({
  NetworkAclId: 'acl-1',
  VpcId: 'vpc-1',
  IsDefault: true,
  Associations: [],
  Entries: entries,
  ...members,
});

export const securityGroup = (permissions: unknown, members: Json = {}): Json => ({
  GroupId: 'sg-1',
  GroupName: 'web',
  VpcId: 'vpc-1',
  IpPermissions: permissions,
  IpPermissionsEgress: [],
  ...members,
});

/** An interface of an instance, 10.0.1.10. */
export const networkInterface = (members: Json = {}): Json => ({
  NetworkInterfaceId: 'eni-1',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  Status: 'in-use',
  InterfaceType: 'interface',
  Attachment: { InstanceId: 'i-1', DeviceIndex: 0 },
  PrivateIpAddress: '10.0.1.10',
  PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: '10.0.1.10' }],
  Groups: [{ GroupId: 'sg-1' }],
  ...members,
});

export const instance = (members: Json = {}): Json => ({
  InstanceId: 'i-1',
  State: { Name: 'running' },
  InstanceType: 'm5.large',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  ...members,
});
