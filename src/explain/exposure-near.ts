/** What one thing alone keeps from being reached from the internet. */

import type { Compiled } from '../compile/compile.ts';
import { NONE } from '../compile/names.ts';
import type { RuleTable } from '../compile/rule-table.ts';
import { DELIVER, type Stage, type StageId } from '../compile/stage.ts';
import { type Address, sameAddress } from '../net/address.ts';
import type { Survey } from '../reach/connection.ts';
import { EMPTY, EVERYTHING, type L4Id } from '../reach/l4-sets.ts';
import type { Target } from './reach-ends.ts';
import type { SetEngine } from './set-engine.ts';

/** From where an interface is looked at: from the internet, or, where it has no public address, from behind the gateway. */
export interface Look {
  readonly start: StageId;
  readonly destination: Address;
  readonly hasPublicAddress: boolean;
  readonly eni: number;
}

export interface NearMiss {
  readonly obstacle: 'groups' | 'network-acl' | 'public-address';
  /** The groups or the list that refuse. */
  readonly resources: readonly string[];
  /** What would arrive without the obstacle, and for which packets answers would return (as in `Connection.reply`). */
  readonly packets: L4Id;
  readonly answered: L4Id;
}

/** Null where no internet gateway is certainly attached to the VPC. */
export function lookFromInternet({ entrances, names, network }: Compiled, target: Target): Look | null {
  const { eni, prefix } = target.held!;
  const vpc = names.vpcOfEni[eni]!;
  const inside = vpc === NONE ? -1 : entrances.behindGateway[vpc]!;
  // What no gateway is for reaches nobody, and its record tells no host.
  if (inside < 0 || network.networkInterfaces[eni]!.owner === 'nat-gateway') return null;
  const hasPublicAddress = prefix.address.family === 6 || !sameAddress(target.fromInternet, prefix.address);
  return hasPublicAddress
    ? { start: entrances.internet, destination: target.fromInternet, hasPublicAddress, eni }
    : { start: inside, destination: prefix.address, hasPublicAddress, eni };
}

/** What the inbound groups of the interface say, where they were left out of a survey. */
export interface GroupsApart {
  readonly must: L4Id;
  readonly may: L4Id;
  readonly rules: RuleTable;
}

/** `survey` is null where missing facts leave the way itself open. */
export function nearMissesIn(
  { compiled, sets }: SetEngine,
  survey: Survey | null,
  { hasPublicAddress, eni }: Look,
  groups: GroupsApart | null,
): readonly NearMiss[] {
  if (survey === null || survey.arrival.kind !== DELIVER || survey.arrival.host !== eni) return [];
  const { answered, returned } = survey;
  const filters: Filter[] = survey.forward.map(({ stage, must, may }) => {
    const { role, rules } = compiled.stages[stage]!;
    return { role, must, may, rules };
  });
  // Groups are the last to be asked; those that let everything through keep out nobody.
  if (groups !== null && groups.must !== EVERYTHING) filters.push({ role: 'security-group-in', ...groups });
  const others = (without: Filter | null): L4Id =>
    filters.reduce<L4Id>((all, filter) => (filter === without ? all : sets.intersect(all, filter.must)), EVERYTHING);
  if (!hasPublicAddress) {
    // Answers that get as far as the gateway lack only what the packets lack.
    if (returned?.code !== 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS') return [];
    return [{ obstacle: 'public-address' as const, resources: [], packets: others(null), answered }].filter(isThere);
  }
  if (returned?.kind !== DELIVER) return [];
  return filters
    .flatMap((filter): NearMiss[] => {
      const { role, rules } = filter;
      const obstacle = role === 'security-group-in' ? 'groups' : role === 'nacl-in' ? 'network-acl' : null;
      if (obstacle === null) return [];
      const packets = sets.subtract(others(filter), filter.may);
      return [{ obstacle, resources: rules.resources, packets, answered }];
    })
    .filter(isThere);
}

interface Filter extends GroupsApart {
  readonly role: Stage['role'];
}

function isThere({ packets }: NearMiss): boolean {
  return packets !== EMPTY;
}
