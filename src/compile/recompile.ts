/**
 * The compiled form of a network that differs from a compiled one in nothing but rules of security groups and entries of network ACLs.
 *
 * Rules are tables that stages refer to, so that only the tables of changed lists are made anew and only the stages that ask them are
 * replaced; everything else is shared with the network before. Whatever a rule could change besides its table (a new bound of
 * addresses, a group that was never named, a missing fact) is left to `compile`.
 */

import { KINDS, type Network } from '../model/network.ts';
import type { NetworkAcl } from '../model/network-acl.ts';
import type { RulePeer, SecurityGroup } from '../model/security-group.ts';
import { isBounded } from './address-space.ts';
import type { Compiled } from './compile.ts';
import { GraphBuilder } from './graph-builder.ts';
import { groupRules } from './group-rules.ts';
import { EMPTY_LOOKUP } from './lookup.ts';
import { naclRules } from './nacl-rules.ts';
import { CERTAIN, type RuleTable } from './rule-table.ts';
import { FILTER, GROUPS, type Stage, type StageId, withRules } from './stage.ts';
import { namesElsewhere } from './transit-references.ts';

/** Null where the difference is more than a few tables: compile it. `before` is the network that `compiled` was made from. */
export function recompile(compiled: Compiled, before: Network, after: Network): Compiled | null {
  const groups = changedAmong(before.securityGroups, after.securityGroups, sameBesidesRules);
  const acls = changedAmong(before.networkAcls, after.networkAcls, sameBesidesEntries);
  if (groups === null || acls === null || !isOtherwiseSame(before, after)) return null;
  if (![...groups.values()].every((group) => isKnown(compiled, group))) return null;
  // SG-15: what names groups elsewhere may open ways through transit gateways that are not written otherwise.
  const { network: known, names } = compiled;
  if (known.transitGatewayAttachments.length > 0) {
    if ([...groups.values()].some((group) => namesElsewhere(known, names, group))) return null;
  }
  if (![...acls.values()].every(({ entries }) => entries.every(({ peer }) => isBounded(compiled.space, peer))))
    return null;
  const network = { ...compiled.network, securityGroups: after.securityGroups, networkAcls: after.networkAcls };
  // Tables say nothing of appliances.
  const builder = new GraphBuilder(network, compiled.names, compiled.space, new Map());
  for (const fact of compiled.facts) builder.fact(fact);
  const replace = new Replacement(builder, groups, acls);
  const stages = compiled.stages.slice();
  for (const id of stagesAsking(compiled, [...groups.keys(), ...acls.keys()])) stages[id] = replace.of(stages[id]!);
  const isSound = !replace.isTooMuch && builder.facts.length === compiled.facts.length;
  return isSound ? { ...compiled, network, stages } : null;
}

/** By the id of a list of rules, the stages that ask it. Recompiling moves no stage, so that all such networks share one. */
const ASKING = new WeakMap<Compiled['names'], ReadonlyMap<string, readonly StageId[]>>();

/** Stages that ask any of these lists. */
function stagesAsking(compiled: Compiled, lists: readonly string[]): ReadonlySet<StageId> {
  const asking = ASKING.get(compiled.names) ?? askingStages(compiled.stages);
  ASKING.set(compiled.names, asking);
  return new Set(lists.flatMap((list) => asking.get(list) ?? []));
}

function askingStages(stages: readonly Stage[]): ReadonlyMap<string, readonly StageId[]> {
  const asking = new Map<string, StageId[]>();
  stages.forEach(({ kind, rules }, id) => {
    if (kind !== GROUPS && kind !== FILTER) return;
    // Both directions of an interface's groups name the same lists.
    for (const list of rules.resources) {
      const known = asking.get(list);
      if (known === undefined) asking.set(list, [id]);
      else known.push(id);
    }
  });
  return asking;
}

function isOtherwiseSame(before: Network, after: Network): boolean {
  const untouched = KINDS.filter((kind) => kind !== 'securityGroups' && kind !== 'networkAcls');
  return (
    untouched.every((kind) => before[kind] === after[kind]) &&
    before.lists === after.lists &&
    before.facts === after.facts
  );
}

/** Records that are not the same object any more, by id; null where records came, went or changed in more than their rules. */
function changedAmong<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
  isAlike: (one: T, other: T) => boolean,
): ReadonlyMap<string, T> | null {
  const changed = new Map<string, T>();
  if (before === after) return changed;
  if (before.length !== after.length) return null;
  for (const [index, record] of after.entries()) {
    const was = before[index]!;
    if (was === record) continue;
    if (was.id !== record.id || !isAlike(was, record)) return null;
    changed.set(record.id, record);
  }
  return changed;
}

function sameBesidesRules(one: SecurityGroup, other: SecurityGroup): boolean {
  return one.vpcId === other.vpcId && one.gaps === other.gaps;
}

function sameBesidesEntries(one: NetworkAcl, other: NetworkAcl): boolean {
  return (
    one.vpcId === other.vpcId &&
    one.isDefault === other.isDefault &&
    one.subnetIds === other.subnetIds &&
    one.unreadable === other.unreadable
  );
}

/** Reports whether the compiled network has a number for everything that the rules name. */
function isKnown({ space, names }: Compiled, { rules }: SecurityGroup): boolean {
  return rules.every(({ peer, traffic }) => traffic !== null && isKnownPeer(space, names, peer));
}

function isKnownPeer(space: Compiled['space'], names: Compiled['names'], peer: RulePeer): boolean {
  switch (peer.kind) {
    case 'cidr':
      return isBounded(space, peer.prefix);
    case 'group':
      return names.group.has(peer.groupId);
    case 'prefix-list':
      return true;
    case 'unreadable':
      return false;
  }
}

class Replacement {
  /** A table changed in a way that stages must follow. */
  isTooMuch = false;
  readonly #builder: GraphBuilder;
  readonly #groups: ReadonlyMap<string, SecurityGroup>;
  readonly #acls: ReadonlyMap<string, NetworkAcl>;
  readonly #tables = new Map<RuleTable, RuleTable>();

  constructor(
    builder: GraphBuilder,
    groups: ReadonlyMap<string, SecurityGroup>,
    acls: ReadonlyMap<string, NetworkAcl>,
  ) {
    this.#builder = builder;
    this.#groups = groups;
    this.#acls = acls;
  }

  of(asked: Stage): Stage {
    const { kind, role } = asked;
    if (kind === FILTER && this.#acls.size > 0) {
      const rules = this.#aclTable(asked);
      return rules === asked.rules ? asked : withRules(asked, rules, asked.opposite);
    }
    if (kind !== GROUPS || this.#groups.size === 0) return asked;
    const isIn = role === 'security-group-in';
    const rules = this.#groupTable(asked.rules, isIn);
    if (rules === asked.rules) return asked;
    // Who holds an address is looked up only where rules name groups.
    if (!isIn && rules.hasGroups && asked.identities === EMPTY_LOOKUP) this.isTooMuch = true;
    return withRules(asked, rules, this.#groupTable(asked.opposite, !isIn));
  }

  #aclTable({ role, rules }: Stage): RuleTable {
    if (role !== 'nacl-in' && role !== 'nacl-out') return rules;
    const acl = this.#acls.get(rules.resources[0] ?? '');
    return acl === undefined
      ? rules
      : this.#replaced(rules, () => naclRules(this.#builder, acl, role === 'nacl-in' ? 'in' : 'out'));
  }

  #groupTable(table: RuleTable, isIn: boolean): RuleTable {
    if (!table.resources.some((id) => this.#groups.has(id))) return table;
    return this.#replaced(table, () => groupRules(this.#builder, table.resources, '', isIn ? 'in' : 'out'));
  }

  #replaced(table: RuleTable, make: () => RuleTable): RuleTable {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    if (table.rows.some(({ fact }) => fact !== CERTAIN)) this.isTooMuch = true;
    const made = make();
    this.#tables.set(table, made);
    return made;
  }
}
