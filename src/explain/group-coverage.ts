/**
 * Which rules of security groups say what others say already, exactly.
 *
 * A rule without a group condition is a row of boxes; a reference to a group is a box over all addresses that only references to the
 * same group, and boxes for everyone, can cover. Rules that rest on a missing fact cover nothing.
 */

import { rankOf, ranksOf } from '../compile/address-space.ts';
import type { PrefixList } from '../model/prefix-list.ts';
import type { SecurityGroup, SecurityGroupRule } from '../model/security-group.ts';
import type { Prefix } from '../net/prefix.ts';
import { ALL_PROTOCOLS, LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import { EMPTY } from '../reach/l4-sets.ts';
import { boxOf, type LintGround } from './lint-ground.ts';
import { type Box, coverOf, overlaps } from './rule-boxes.ts';

export interface RuleBoxes {
  readonly rule: SecurityGroupRule;
  readonly group: SecurityGroup;
  readonly boxes: readonly Box[];
  /** The group that the peer must carry, or null. */
  readonly reference: string | null;
  /** What the rule keeps untracked: nothing, flows of its ports, or (all ports) answers to any flow (CT-03). */
  readonly opens: number;
  readonly isFromList: boolean;
}

const OPENS_NOTHING = 0;
const OPENS_PORTS = 1;
const OPENS_ALL_PORTS = 2;

export interface Cover {
  readonly by: readonly RuleBoxes[];
  readonly holds: 'always' | 'snapshot';
}

export class GroupCoverage {
  readonly #ground: LintGround;
  readonly #lists: ReadonlyMap<string, PrefixList>;
  readonly #rows = new Map<SecurityGroup, readonly RuleBoxes[]>();
  readonly #members = new Map<string, readonly Box[]>();
  readonly #carriers = new Map<string, number[]>();
  /** Whether the snapshot shows every interface that a reference may mean. */
  readonly knowsMembers: boolean;

  constructor(ground: LintGround) {
    const { network, gaps } = ground.compiled;
    this.#ground = ground;
    this.#lists = new Map(network.prefixLists.map((list) => [list.id, list]));
    this.knowsMembers = !gaps.some(({ key }) => HIDES_MEMBERS.test(key));
    network.networkInterfaces.forEach(({ groupIds }, index) => {
      for (const id of groupIds) {
        const carriers = this.#carriers.get(id);
        if (carriers === undefined) this.#carriers.set(id, [index]);
        else carriers.push(index);
      }
    });
  }

  /** The rules of a group that certainly say what they say, in both directions. */
  rowsOf(group: SecurityGroup): readonly RuleBoxes[] {
    const known = this.#rows.get(group);
    if (known !== undefined) return known;
    const rows = group.rules.flatMap((rule) => this.#rowOf(group, rule) ?? []);
    this.#rows.set(group, rows);
    return rows;
  }

  /** Interfaces that carry a group. */
  carriersOf(group: string): readonly number[] {
    return this.#carriers.get(group) ?? [];
  }

  /** What of the others covers the rule, none of them to spare; null where they do not. */
  cover(row: RuleBoxes, others: readonly RuleBoxes[]): Cover | null {
    const apt: RuleBoxes[] = [];
    for (const other of others) if (mayCover(other, row)) apt.push(other);
    if (apt.length === 0) return null;
    const whole = this.#coverOf(row.boxes, apt);
    if (whole !== null) {
      const rests = row.isFromList || whole.some(({ isFromList }) => isFromList);
      return { by: whole, holds: rests ? 'snapshot' : 'always' };
    }
    // References of fewer packets cover no member better than they cover everybody.
    if (row.reference === null || !this.knowsMembers || apt.every(({ reference }) => reference !== null)) return null;
    const members = this.#boxesOfMembers(row.reference, row.boxes[0]!);
    const now = members.length === 0 ? null : this.#coverOf(members, apt);
    return now === null ? null : { by: now, holds: 'snapshot' };
  }

  #coverOf(boxes: readonly Box[], others: readonly RuleBoxes[]): readonly RuleBoxes[] | null {
    const covers = others.flatMap((other) => other.boxes.map((box) => ({ other, box })));
    const found = coverOf(
      this.#ground.sets,
      boxes,
      covers.map(({ box }) => box),
    );
    return found === null ? null : [...new Set(found.map((index) => covers[index]!.other))];
  }

  /** The addresses of the interfaces that carry the group, with the packets of a reference to it. */
  #boxesOfMembers(group: string, { packets }: Box): readonly Box[] {
    const known = this.#members.get(group) ?? this.#rangesOf(group);
    this.#members.set(group, known);
    return known.map((range) => ({ ...range, packets }));
  }

  #rangesOf(group: string): readonly Box[] {
    const { space, network } = this.#ground.compiled;
    return this.carriersOf(group).flatMap((index) => {
      const { privateAddresses, ipv6Addresses, delegated } = network.networkInterfaces[index]!;
      const own = [...privateAddresses.map(({ address }) => address), ...ipv6Addresses].map((address) =>
        rankOf(space, address),
      );
      const ranges = delegated.map((prefix) => ranksOf(space, prefix));
      return [...own.map((rank) => ({ first: rank, last: rank })), ...ranges].map(({ first, last }) => ({
        firstRank: first,
        lastRank: last,
        packets: EMPTY,
      }));
    });
  }

  #rowOf(group: SecurityGroup, rule: SecurityGroupRule): RuleBoxes | null {
    const { peer, traffic } = rule;
    if (traffic === null) return null;
    const row = (prefixes: readonly (Prefix | null)[], more: Partial<RuleBoxes> = {}): RuleBoxes => ({
      rule,
      group,
      boxes: prefixes.map((prefix) => boxOf(this.#ground, prefix, traffic)),
      reference: null,
      opens: OPENS_NOTHING,
      isFromList: false,
      ...more,
    });
    switch (peer.kind) {
      case 'cidr':
        return row([peer.prefix], { opens: peer.prefix.length === 0 ? opensOf(traffic) : OPENS_NOTHING });
      case 'prefix-list': {
        const entries = this.#lists.get(peer.id)?.entries ?? null;
        return entries === null || entries.length === 0 ? null : row(entries, { isFromList: true });
      }
      case 'group':
        // SG-16: a stale rule matches nothing.
        if (peer.peeringStatus !== null && peer.peeringStatus !== 'active') return null;
        return row([null], { reference: peer.groupId });
      case 'unreadable':
        return null;
    }
  }
}

/** Reports whether the other rule can have a part in covering this one. */
function mayCover(other: RuleBoxes, { rule, reference, opens, boxes }: RuleBoxes): boolean {
  return (
    other.rule.direction === rule.direction &&
    (other.reference === null || other.reference === reference) &&
    other.opens >= opens &&
    other.boxes.some((box) => boxes.some((own) => overlaps(box, own)))
  );
}

/** Facts under which an interface may carry a group, or hold an address, that the snapshot does not show. */
const HIDES_MEMBERS = /^(interfaces|groups-in|groups-of|groups|routes|addresses|address):/;

/** CT-03: a rule from or to anywhere leaves flows untracked; for answers of TCP or UDP only if it is for all ports. */
function opensOf({ protocol, firstPortOrIcmp, lastPortOrIcmp }: NonNullable<SecurityGroupRule['traffic']>): number {
  if (protocol !== ALL_PROTOCOLS && protocol !== TCP && protocol !== UDP) return OPENS_NOTHING;
  return firstPortOrIcmp === 0 && lastPortOrIcmp === LAST_PORT ? OPENS_ALL_PORTS : OPENS_PORTS;
}
