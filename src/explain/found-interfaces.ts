/** Interfaces of what services name by ids, and what to say where the snapshot may lack some. */

import { isComplete, type Kind } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import { quote } from '../net/quote.ts';
import type { PlaceIndex } from './place-index.ts';
import type { FoundService } from './service-places.ts';
import type { NamedService } from './service-words.ts';

/** Reports whether the account and region asked for, if any, are those of a record. */
export function isAskedFor({ account, region }: NamedService, record: Pick<Resource, 'account' | 'region'>): boolean {
  const fits = (asked: string | null, own: string | null): boolean => asked === null || own === null || asked === own;
  return fits(account, record.account) && fits(region, record.region);
}

/** Reports whether what the snapshot lacks of a kind does not exist where the record is. */
function isWhole({ compiled }: PlaceIndex, kind: Kind, { account, region }: Resource): boolean {
  return isComplete(compiled.network, kind, account, region);
}

/** That something names a part that the snapshot may lack. */
function lacking(what: string, part: string, call: string): FoundService {
  const why = `${what} has ${part}, of which the snapshot does not know the interfaces: collect them with aws ec2 ${call}`;
  return { kind: 'no-place', why };
}

/** Interfaces that were told by how they look, of which there may be others unless their list is whole. */
export function allThatLookSo(
  index: PlaceIndex,
  what: string,
  owner: Resource,
  kind: 'networkInterfaces' | 'instances',
  enis: readonly number[],
): FoundService {
  if (isWhole(index, kind, owner)) return { kind: 'interfaces', enis };
  const call = kind === 'instances' ? 'describe-instances' : 'describe-network-interfaces';
  const why = `${what} may have interfaces that the snapshot lacks: collect them all with aws ec2 ${call}`;
  return { kind: 'no-place', why };
}

/**
 * Interfaces of instances that something names. One that is not in the whole list of instances is gone (CMP-02: the members of a
 * group change while a snapshot is taken); one that may be there all the same makes it no place.
 */
export function interfacesOfInstances(
  index: PlaceIndex,
  what: string,
  owner: Resource,
  instanceIds: readonly string[],
): FoundService {
  const { names } = index.compiled;
  const enis: number[] = [];
  for (const id of instanceIds) {
    const own = names.enisOfInstance.get(id) ?? [];
    enis.push(...own);
    if (own.length > 0 || isWhole(index, 'networkInterfaces', owner)) continue;
    const isGone = !names.instance.has(id) && isWhole(index, 'instances', owner);
    if (!isGone) return lacking(what, `instance ${quote(id)}`, 'describe-instances');
  }
  return { kind: 'interfaces', enis };
}

/** Interfaces by their ids; as above, those that are not in the whole list of interfaces are gone. */
export function interfacesById(index: PlaceIndex, what: string, owner: Resource, ids: readonly string[]): FoundService {
  const enis: number[] = [];
  for (const id of ids) {
    const eni = index.compiled.names.eni.get(id);
    if (eni !== undefined) enis.push(eni);
    else if (!isWhole(index, 'networkInterfaces', owner)) {
      return lacking(what, `interface ${quote(id)}`, 'describe-network-interfaces');
    }
  }
  return { kind: 'interfaces', enis };
}
