/**
 * The source/dest check of an interface: a table that is written when somebody first asks it (CMP-01, RT-19).
 *
 * There is one at every interface, and next to nobody asks: packets that start with an interface's own address go past it. What it
 * will say is settled all the same: its interface's addresses and nothing else.
 */

import type { Network } from '../model/network.ts';
import { ALL_TRAFFIC } from '../net/traffic.ts';
import { type AddressSpace, allRanks } from './address-space.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type OwnRanks, ownRanks, ranksOfOwn } from './own-addresses.ts';
import { ALLOW, DENY, type RuleOrigin, type RuleRow, type RuleTable, row, ruleTable, SOURCE } from './rule-table.ts';

/** What all checks of a network are written from. */
interface Addressed {
  readonly network: Network;
  readonly space: AddressSpace;
  readonly own: OwnRanks;
}

/** Lets packets pass that have an address of the interface at this end, SOURCE or DESTINATION. */
export function ownCheck(b: GraphBuilder, eni: number, end: number): RuleTable {
  const addressed = b.shared('addressed', () => ({ network: b.network, space: b.space, own: ownRanks(b) }));
  return new OwnCheck(addressed, eni, end);
}

class OwnCheck implements RuleTable {
  readonly peer: number;
  readonly addressed: Addressed;
  readonly eni: number;
  written: RuleTable | null = null;

  constructor(addressed: Addressed, eni: number, end: number) {
    this.peer = end;
    this.addressed = addressed;
    this.eni = eni;
  }

  get rows(): readonly RuleRow[] {
    return tableOf(this).rows;
  }

  get origins(): readonly RuleOrigin[] {
    return tableOf(this).origins;
  }

  get resources(): readonly string[] {
    return tableOf(this).resources;
  }

  get hasGroups(): boolean {
    return false;
  }

  get hasAnywhere(): boolean {
    return false;
  }

  get openToAll(): number {
    return 0;
  }
}

function tableOf(check: OwnCheck): RuleTable {
  check.written ??= write(check.addressed, check.eni, check.peer);
  return check.written;
}

function write({ network, space, own }: Addressed, eni: number, end: number): RuleTable {
  const { id } = network.networkInterfaces[eni]!;
  const rows = ranksOfOwn(own, eni).map((ranks) => row(ranks, ALL_TRAFFIC, ALLOW, 0));
  rows.push(row(allRanks(space), ALL_TRAFFIC, DENY, 1));
  const origins: readonly RuleOrigin[] = [
    { resource: id, rule: 'allow', text: 'its own address', source: null, code: 'BAD_STATE' },
    {
      resource: id,
      rule: 'deny',
      text: end === SOURCE ? 'source is not its own address' : 'destination is not its own address',
      source: null,
      code: 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
    },
  ];
  return ruleTable(end, rows, origins, [id], space.firstV6);
}
