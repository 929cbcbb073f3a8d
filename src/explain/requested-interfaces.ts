/** Interfaces that services make in a customer's subnets and name nowhere: told by the subnet, the groups and who made them. */

import type { Database, LambdaFunction, ServiceAttachment } from '../model/compute.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Resource } from '../model/resource.ts';
import { quote } from '../net/quote.ts';
import { allThatLookSo, isAskedFor } from './found-interfaces.ts';
import type { PlaceIndex } from './place-index.ts';
import type { FoundService, ServicePlaces } from './service-places.ts';

export const FUNCTIONS: ServicePlaces = {
  noun: 'Lambda function',
  kind: 'lambdaFunctions',
  call: 'lambda list-functions',
  namesIn: ({ lambdaFunctions }) => lambdaFunctions.map(({ functionName }) => functionName),
  find: (index, named) =>
    index.compiled.network.lambdaFunctions
      .filter((each) => each.functionName === named.name && isAskedFor(named, each))
      .map((each) => ofFunction(index, each)),
};

export const DATABASES: ServicePlaces = {
  noun: 'database',
  kind: 'databases',
  call: 'rds describe-db-instances',
  namesIn: ({ databases }) => databases.map(({ databaseName }) => databaseName),
  find: (index, named) =>
    index.compiled.network.databases
      .filter((each) => each.databaseName === named.name && isAskedFor(named, each))
      .map((each) => ofDatabase(index, each)),
};

function ofFunction(index: PlaceIndex, record: LambdaFunction): FoundService {
  const what = `Lambda function ${quote(record.functionName)}`;
  if (record.attachment === null) {
    const why = `${what} runs outside every VPC: it sends from addresses of AWS on the internet, and nothing is sent to it (CMP-04)`;
    return { kind: 'no-place', why };
  }
  const enis = requested(index, record.attachment, ({ owner }) => owner === 'lambda');
  return allOrNone(index, what, record, enis);
}

/** A database has an interface in the zone where it runs, and may move to any other (CMP-08). */
function ofDatabase(index: PlaceIndex, record: Database): FoundService {
  const what = `database ${quote(record.databaseName)}`;
  if (record.attachment === null)
    return { kind: 'no-place', why: `${what} has no subnet group, so no interface in a VPC` };
  const enis = requested(index, record.attachment, isOfDatabase);
  return allOrNone(index, what, record, enis);
}

/** RDS says it in the description, and by no type of its own. */
function isOfDatabase({ owner, description }: NetworkInterface): boolean {
  return owner === 'other' && description === 'RDSNetworkInterface';
}

/** Interfaces in the subnets that carry these groups and no others. */
function requested(
  { compiled }: PlaceIndex,
  { subnetIds, groupIds }: ServiceAttachment,
  isOfService: (eni: NetworkInterface) => boolean,
): readonly number[] {
  const subnets = new Set(subnetIds);
  const groups = new Set(groupIds);
  return compiled.network.networkInterfaces.flatMap((eni, i) => {
    if (!subnets.has(eni.subnetId) || !isOfService(eni)) return [];
    const own = new Set(eni.groupIds);
    return own.size === groups.size && [...own].every((id) => groups.has(id)) ? [i] : [];
  });
}

function allOrNone(index: PlaceIndex, what: string, record: Resource, enis: readonly number[]): FoundService {
  const found = allThatLookSo(index, what, record, 'networkInterfaces', enis);
  if (found.kind === 'no-place' || enis.length > 0) return found;
  const why = `${what} has no interface now: none of its service's in its subnets carries exactly its security groups`;
  return { kind: 'no-place', why };
}
