/** The border of a subnet: network ACLs on the way out and in, and who holds which address inside. */

import { type Address, addressPlus } from '../net/address.ts';
import { formatPrefix } from '../net/address-text.ts';
import { hostPrefix, lastAddress, type Prefix } from '../net/prefix.ts';
import { open } from './assumption.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { enterInterface } from './interface-stages.ts';
import { buildLookup, type Lookup, type LookupPrefix } from './lookup.ts';
import { holderOf, sharedByInterfaces } from './missing-facts.ts';
import { type Direction, naclRules, unknownNaclRules } from './nacl-rules.ts';
import { NONE, ownPrefixes } from './names.ts';
import { natEntrance } from './nat-stages.ts';
import { leadingTo, ownAddresses } from './own-addresses.ts';
import { routeFrom } from './route-stages.ts';
import type { RuleTable } from './rule-table.ts';
import { type Entry, FILTER, LOOKUP, type StageId, stage } from './stage.ts';

export function subnetPlace(b: GraphBuilder, subnet: number): number {
  const { id, name } = b.network.subnets[subnet]!;
  return b.place({ kind: 'subnet', id, name });
}

function rulesOfSubnet(b: GraphBuilder, subnet: number, direction: Direction): RuleTable {
  const acl = b.names.networkAclOfSubnet[subnet]!;
  const record = b.network.subnets[subnet]!;
  const found = acl === NONE ? null : b.network.networkAcls[acl]!;
  // NACL-01: without an association the VPC's default ACL serves the subnet, but a list that was cut off may hold one.
  const isExplicit = found?.subnetIds.includes(record.id);
  if (found === null || (!isExplicit && !b.isComplete('networkAcls', record))) {
    return b.shared(`nacl of ${subnet} ${direction}`, () => unknownNaclRules(b, record.id, direction));
  }
  return naclRules(b, found, direction);
}

/** Over the border outwards: outbound ACL, then the subnet's route table (W2, W5). */
export function leaveSubnet(b: GraphBuilder, subnet: number): StageId {
  return b.onceOf('leave subnet', subnet, () =>
    stage(FILTER, 'nacl-out', subnetPlace(b, subnet), {
      rules: rulesOfSubnet(b, subnet, 'out'),
      next: routeFrom(b, subnet),
    }),
  );
}

/** The outbound ACL before a stage, for what goes on by no route. */
export function aclOut(b: GraphBuilder, subnet: number, next: StageId): StageId {
  return b.once(`acl out ${subnet} to ${next}`, () =>
    stage(FILTER, 'nacl-out', subnetPlace(b, subnet), { rules: rulesOfSubnet(b, subnet, 'out'), next }),
  );
}

/** Over the border inwards: inbound ACL, then whoever holds the destination address. */
export function enterSubnet(b: GraphBuilder, subnet: number): StageId {
  return b.onceOf('enter subnet', subnet, () => {
    const place = subnetPlace(b, subnet);
    const { lookup, entries } = lanLookup(b, subnet);
    const inside = b.onceOf('deliver in subnet', subnet, () =>
      stage(LOOKUP, 'deliver', place, {
        lookup,
        entries,
        next: b.drop(place, 'deliver', 'NO_POSSIBLE_DESTINATION', 'the destination is not an address of the subnet'),
      }),
    );
    return stage(FILTER, 'nacl-in', place, { rules: rulesOfSubnet(b, subnet, 'in'), next: inside });
  });
}

/**
 * Over the border to a given stage inside, whatever the destination address: a packet routed to a NAT gateway, an appliance or a
 * transit gateway. `assumptions` says what it rests on that the list is asked.
 */
export function enterSubnetTo(b: GraphBuilder, subnet: number, inside: StageId, assumptions: number): StageId {
  return b.once(`enter subnet ${subnet} to ${inside} ${assumptions}`, () =>
    stage(FILTER, 'nacl-in', subnetPlace(b, subnet), {
      rules: rulesOfSubnet(b, subnet, 'in'),
      next: inside,
      assumptions,
    }),
  );
}

/** From the same subnet the ACL is asked as OPEN-05 reads it: outbound by final destination, then inbound by source (NACL-23). */
export function ofSameSubnet(subnet: number, fromSubnet: number): number {
  return subnet === fromSubnet ? open(5) : 0;
}

/** Who holds which address of the subnet; every other address of it leads to a drop, or to the fact that would tell. */
export function lanLookup(b: GraphBuilder, subnet: number): { lookup: Lookup; entries: readonly Entry[] } {
  return b.sharedOf('lan of', subnet, () => {
    const record = b.network.subnets[subnet]!;
    const place = subnetPlace(b, subnet);
    const entries: Entry[] = [];
    const prefixes: LookupPrefix[] = [];
    const holders = new Map<number, number>();
    for (const index of b.names.enisOfSubnet[subnet]!) {
      const value = entries.push(entry(enterInterface(b, index), null)) - 1;
      ownAddresses(b, index).forEach((own, i) => {
        const { first } = own.ranks;
        if (holders.has(first) && holders.get(first) !== index) {
          // Of equal prefixes the first one counts, so a contradiction is put before what contradicts itself.
          const text = formatPrefix(ownPrefixes(b.network.networkInterfaces[index]!)[i]!);
          prefixes.unshift(leadingTo(own, entries.length));
          entries.push(entry(b.unknown(place, 'deliver', sharedByInterfaces(record.id, text)), null));
        } else prefixes.push(leadingTo(own, value));
        holders.set(first, index);
      });
    }
    for (const index of b.names.natsOfSubnet.get(record.id) ?? []) {
      const nat = b.network.natGateways[index]!;
      // A gateway whose own interface the list lacks is known by its own record.
      if (nat.state === 'deleted') continue;
      const unlisted = nat.addresses.flatMap(({ privateAddress }) => (privateAddress === null ? [] : [privateAddress]));
      prefixes.push(...unlisted.map((address) => b.prefix(hostPrefix(address), entries.length)));
      entries.push(entry(natEntrance(b, index), null));
    }
    const reserved = entries.push(
      entry(
        b.drop(place, 'deliver', 'NO_POSSIBLE_DESTINATION', 'the destination is reserved in every subnet (RT-20)'),
        null,
      ),
    );
    prefixes.push(
      ...record.cidrs.flatMap(reservedAddresses).map((address) => b.prefix(hostPrefix(address), reserved - 1)),
    );
    const nobody = b.isComplete('networkInterfaces', record)
      ? b.drop(place, 'deliver', 'NO_POSSIBLE_DESTINATION', 'no interface holds the destination address (RT-21)')
      : b.unknown(place, 'deliver', holderOf(record.id));
    const unheld = entries.push(entry(nobody, null));
    prefixes.push(...record.cidrs.map((cidr) => b.prefix(cidr, unheld - 1)));
    return { lookup: buildLookup(prefixes), entries };
  });
}

/** RT-20: the first four and the last address of every subnet, v4 and v6. */
export function reservedAddresses(cidr: Prefix): readonly Address[] {
  const first = [0, 1, 2, 3].map((offset) => addressPlus(cidr.address, offset)).filter((a) => a !== null);
  return [...first, lastAddress(cidr)];
}
