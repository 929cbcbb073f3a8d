/** Whose packets a change lets out or in, or stops. */

import type { Compiled } from '../compile/compile.ts';
import { NONE } from '../compile/names.ts';
import type { Change } from './change.ts';

/** Interfaces that flows begin at, and that they end at, by index. */
export interface Touched {
  readonly out: ReadonlySet<number>;
  readonly in: ReadonlySet<number>;
}

/** `compiled` is the network before the changes, which has the rules that they remove. */
export function touchedBy(compiled: Compiled, changes: readonly Change[]): Touched {
  const out = new Set<number>();
  const inward = new Set<number>();
  for (const change of changes) {
    const { isOut, isIn, enis } = reachOfChange(compiled, change);
    for (const eni of enis) {
      if (isOut) out.add(eni);
      if (isIn) inward.add(eni);
    }
  }
  return { out, in: inward };
}

interface ChangeReach {
  readonly isOut: boolean;
  readonly isIn: boolean;
  readonly enis: readonly number[];
}

function reachOfChange(compiled: Compiled, change: Change): ChangeReach {
  const { network } = compiled;
  switch (change.kind) {
    case 'add-group-rule': {
      return throughGroup(compiled, change.group, change.rule.direction);
    }
    case 'remove-rule': {
      const rules = network.securityGroups.flatMap((group) => group.rules.map((rule) => ({ group, rule })));
      const found = rules.find(({ rule }) => rule.id === change.rule);
      if (found === undefined)
        return bothWays(interfacesUnderAcl(compiled, change.rule.replace(/\/(in|out)\/\d+$/, '')));
      return throughGroup(compiled, found.group.id, found.rule.direction);
    }
    case 'add-nacl-entry':
      return bothWays(interfacesUnderAcl(compiled, change.networkAcl));
    case 'add-route':
    case 'remove-route':
      return bothWays(interfacesUnderTable(compiled, change.routeTable));
    default:
      return bothWays(network.networkInterfaces.map((_, index) => index));
  }
}

/** ACLs and routes decide about packets and about answers. */
function bothWays(enis: readonly number[]): ChangeReach {
  return { isIn: true, isOut: true, enis };
}

/** A group decides about flows that begin at its members, or end there; at an appliance also about those that it forwards. */
function throughGroup(compiled: Compiled, group: string, direction: 'in' | 'out'): ChangeReach {
  const { network, names } = compiled;
  const members = network.networkInterfaces.flatMap(({ groupIds }, index) => (groupIds.includes(group) ? [index] : []));
  const appliances = members.filter((index) => !network.networkInterfaces[index]!.sourceDestCheck);
  if (appliances.length > 0) {
    const vpcs = new Set(appliances.map((index) => names.vpcOfEni[index]!));
    return bothWays([...members, ...[...vpcs].flatMap((vpc) => (vpc === NONE ? [] : names.enisOfVpc[vpc]!))]);
  }
  return { isIn: direction === 'in', isOut: direction === 'out', enis: members };
}

/** Also those that send through a NAT gateway or an appliance in such a subnet: the whole VPC, then. */
function interfacesUnder(compiled: Compiled, subnets: readonly number[]): readonly number[] {
  const { names, network } = compiled;
  const transit = subnets.some((subnet) =>
    names.enisOfSubnet[subnet]!.some((eni) => {
      const { owner, sourceDestCheck } = network.networkInterfaces[eni]!;
      return owner === 'nat-gateway' || !sourceDestCheck;
    }),
  );
  if (!transit) return subnets.flatMap((subnet) => names.enisOfSubnet[subnet]!);
  const vpcs = new Set(subnets.map((subnet) => names.vpcOfSubnet[subnet]!));
  return [...vpcs].flatMap((vpc) => (vpc === NONE ? [] : names.enisOfVpc[vpc]!));
}

function interfacesUnderAcl(compiled: Compiled, acl: string): readonly number[] {
  const index = compiled.names.networkAcl.get(acl);
  return interfacesUnder(compiled, subnetsWith(compiled.names.networkAclOfSubnet, index));
}

function interfacesUnderTable(compiled: Compiled, table: string): readonly number[] {
  const index = compiled.names.routeTable.get(table);
  return interfacesUnder(compiled, subnetsWith(compiled.names.routeTableOfSubnet, index));
}

function subnetsWith(ofSubnet: readonly number[], wanted: number | undefined): readonly number[] {
  return ofSubnet.flatMap((value, subnet) => (value === wanted ? [subnet] : []));
}
