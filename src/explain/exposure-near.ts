/** What one thing alone keeps from being reached from the internet. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NONE } from '../compile/names.ts';
import { DELIVER, type StageId } from '../compile/stage.ts';
import { type Address, sameAddress } from '../net/address.ts';
import type { EndPoint } from '../reach/connection.ts';
import type { Consulted } from '../reach/consulted.ts';
import { EMPTY, EVERYTHING, type L4Id } from '../reach/l4-sets.ts';
import type { Passage } from '../reach/sets-in-flight.ts';
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

export function nearMisses(
  { compiled, sets, connections }: SetEngine,
  from: EndPoint,
  { destination, hasPublicAddress, eni }: Look,
  consulted: Consulted,
): readonly NearMiss[] {
  const survey = connections.survey(from, destination, rankOf(compiled.space, destination), consulted);
  if (survey === null || survey.arrival.kind !== DELIVER || survey.arrival.host !== eni) return [];
  const { forward, answered, returned } = survey;
  const others = (without: Passage | null): L4Id =>
    forward.reduce<L4Id>((all, passage) => (passage === without ? all : sets.intersect(all, passage.must)), EVERYTHING);
  if (!hasPublicAddress) {
    // Answers that get as far as the gateway lack only what the packets lack.
    if (returned?.code !== 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS') return [];
    return [{ obstacle: 'public-address' as const, resources: [], packets: others(null), answered }].filter(isThere);
  }
  if (returned?.kind !== DELIVER) return [];
  return forward
    .flatMap((passage): NearMiss[] => {
      const { role, rules } = compiled.stages[passage.stage]!;
      const obstacle = role === 'security-group-in' ? 'groups' : role === 'nacl-in' ? 'network-acl' : null;
      if (obstacle === null) return [];
      const packets = sets.subtract(others(passage), passage.may);
      return [{ obstacle, resources: rules.resources, packets, answered }];
    })
    .filter(isThere);
}

function isThere({ packets }: NearMiss): boolean {
  return packets !== EMPTY;
}
