/** Edits that would give lists and tables what they lack, and which lacks each of them mends. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { ALLOW, DENY, type RuleTable } from '../compile/rule-table.ts';
import { GROUPS } from '../compile/stage.ts';
import { CLOSING_V4 } from '../model/network-acl.ts';
import { sameAddress } from '../net/address.ts';
import { type AddressRange, addressSet, prefixesOf, unionAddresses } from '../net/address-set.ts';
import { formatPrefix } from '../net/address-text.ts';
import { hostPrefix, type Prefix, prefixContains, wholeFamily } from '../net/prefix.ts';
import { ALL_PROTOCOLS } from '../net/protocol.ts';
import type { Traffic } from '../net/traffic.ts';
import { allowedInOrder } from '../reach/allowed.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import { breadthOf, type Edit, editKey } from './edit.ts';
import { type FilterNeed, listKey } from './fix-needs.ts';
import { type RouteNeed, sameTarget } from './fix-routes.ts';
import { trafficBoxes } from './fix-traffic.ts';

/** What is to be covered: for every lack the edits that mend it, by index. */
export interface Choice {
  /** The narrowest first. */
  readonly edits: readonly Edit[];
  readonly coveredBy: readonly (readonly number[])[];
}

/** More blocks than this for one gap: only the whole family covers it in few rules. */
const MOST_BLOCKS = 4;

interface Lack {
  readonly covers: (edit: Edit) => boolean;
}

export function choiceOf(
  compiled: Compiled,
  sets: L4Sets,
  filters: readonly FilterNeed[],
  routes: readonly RouteNeed[],
  named: readonly Prefix[],
): Choice {
  const edits = new Map<string, Edit>();
  const add = (edit: Edit): void => {
    edits.set(editKey(edit), edit);
  };
  const lacks: Lack[] = [];
  for (const list of groupBy(filters, ({ stage }) => listKey(stage))) {
    const boxed = list.flatMap((need) =>
      trafficBoxes(sets, need.missing, need.room).map((traffic) => ({ need, traffic })),
    );
    for (const one of groupBy(boxed, ({ traffic }) => JSON.stringify(traffic))) {
      const { traffic } = one[0]!;
      const needs = one.map(({ need }) => need);
      const blocks = blocksFor(
        needs.map(({ peer }) => peer),
        named,
      );
      if (needs[0]!.stage.kind === GROUPS) for (const edit of groupEdits(compiled, needs, traffic, blocks)) add(edit);
      else for (const edit of entryEdits(sets, compiled, needs, traffic, blocks)) add(edit);
    }
    for (const { need, traffic } of boxed) lacks.push(lackOf(compiled, sets, need, traffic));
  }
  for (const same of groupBy(routes, ({ routeTable, target }) => `${routeTable} ${JSON.stringify(target)}`)) {
    const { routeTable, target, usual } = same[0]!;
    const blocks = blocksFor(
      same.map(({ destination }) => destination),
      named,
    );
    for (const destination of uniquePrefixes([...blocks, usual]))
      add({ kind: 'route', routeTable, destination, target });
    for (const need of same) {
      lacks.push({
        covers: (edit) =>
          edit.kind === 'route' &&
          edit.routeTable === routeTable &&
          sameTarget(edit.target, target) &&
          holds(edit.destination, need.destination),
      });
    }
  }
  const ordered = [...edits.entries()]
    .sort(([a, one], [b, other]) => breadthOf(one) - breadthOf(other) || (a < b ? -1 : 1))
    .map(([, edit]) => edit);
  return {
    edits: ordered,
    coveredBy: lacks.map(({ covers }) => ordered.flatMap((edit, index) => (covers(edit) ? [index] : []))),
  };
}

function lackOf(compiled: Compiled, sets: L4Sets, need: FilterNeed, box: Traffic): Lack {
  const { stage, direction, peer, holder, table } = need;
  const groups = new Set(stage.rules.resources);
  const [acl] = stage.rules.resources;
  const missing = sets.intersect(need.missing, boxSet(sets, box));
  const refusal = stage.kind === GROUPS ? 0 : firstRefusal(compiled, sets, table, peer, missing);
  return {
    covers: (edit) => {
      switch (edit.kind) {
        case 'route':
          return false;
        case 'remove':
          return (
            stage.kind !== GROUPS &&
            edit.rule.startsWith(`${acl}/${direction}/`) &&
            removalSuffices(compiled, sets, table, peer, missing, edit.rule)
          );
        case 'group-rule':
          return (
            stage.kind === GROUPS &&
            groups.has(edit.group) &&
            edit.direction === direction &&
            includes(edit.traffic, box) &&
            (edit.peer.kind === 'cidr'
              ? holds(edit.peer.prefix, peer)
              : edit.peer.kind === 'group' && groupsAt(compiled, holder).includes(edit.peer.groupId))
          );
        case 'entry':
          return (
            stage.kind !== GROUPS &&
            edit.networkAcl === acl &&
            edit.direction === direction &&
            includes(edit.traffic, box) &&
            holds(edit.peer, peer) &&
            edit.before <= refusal
          );
      }
    },
  };
}

/** A rule of one of the interface's groups: for an address, a block, or a group of who is at the other end. */
function groupEdits(
  compiled: Compiled,
  needs: readonly FilterNeed[],
  traffic: Traffic,
  blocks: readonly Prefix[],
): readonly Edit[] {
  const { direction, stage } = needs[0]!;
  const known = new Set(compiled.network.securityGroups.map(({ id }) => id));
  const references = new Set(needs.flatMap(({ holder }) => groupsAt(compiled, holder)).filter((id) => known.has(id)));
  return stage.rules.resources
    .filter((id) => known.has(id))
    .flatMap((group) => [
      ...blocks.map(
        (prefix): Edit => ({ kind: 'group-rule', group, direction, traffic, peer: { kind: 'cidr', prefix } }),
      ),
      ...[...references].map((groupId): Edit => {
        const peer = {
          kind: 'group',
          groupId,
          account: null,
          vpcId: null,
          peeringId: null,
          peeringStatus: null,
        } as const;
        return { kind: 'group-rule', group, direction, traffic, peer };
      }),
    ]);
}

/** An entry in front of those that deny, or without one of those. */
function entryEdits(
  sets: L4Sets,
  compiled: Compiled,
  needs: readonly FilterNeed[],
  traffic: Traffic,
  blocks: readonly Prefix[],
): readonly Edit[] {
  const { direction, stage } = needs[0]!;
  const [networkAcl] = stage.rules.resources;
  if (networkAcl === undefined) return [];
  const refusals = needs.map((need) => {
    const missing = sets.intersect(need.missing, boxSet(sets, traffic));
    return { peer: need.peer, before: firstRefusal(compiled, sets, need.table, need.peer, missing) };
  });
  const allows = blocks.map((peer): Edit => {
    const before = Math.min(
      ...refusals.filter((refusal) => holds(peer, refusal.peer)).map((refusal) => refusal.before),
    );
    return { kind: 'entry', networkAcl, direction, action: 'allow', traffic, peer, before };
  });
  const denies = new Set(
    needs.flatMap(({ table, peer }) =>
      table.rows
        .filter((row) => row.action === DENY && meets(compiled, row, peer))
        .map((row) => table.origins[row.origin]!.rule)
        .filter((number) => number !== '*' && Number(number) < CLOSING_V4),
    ),
  );
  return [
    ...allows,
    ...[...denies].map((number): Edit => ({ kind: 'remove', rule: `${networkAcl}/${direction}/${number}` })),
  ];
}

function meets({ space }: Compiled, row: RuleTable['rows'][number], { first }: AddressRange): boolean {
  const rank = rankOf(space, first);
  return row.firstRank <= rank && rank <= row.lastRank;
}

/** Number of the first entry that denies any of it: an entry that allows it has to stand in front. */
function firstRefusal(compiled: Compiled, sets: L4Sets, table: RuleTable, peer: AddressRange, missing: L4Id): number {
  let undecided = missing;
  for (const row of table.rows) {
    if (!meets(compiled, row, peer)) continue;
    const hit = sets.intersect(undecided, sets.box(row.protocol, row.firstPortOrIcmp, row.lastPortOrIcmp));
    if (hit === EMPTY) continue;
    if (row.action !== ALLOW) return entryNumber(table.origins[row.origin]!.rule);
    undecided = sets.subtract(undecided, hit);
  }
  return CLOSING_V4;
}

function entryNumber(rule: string): number {
  const number = Number(rule);
  return Number.isInteger(number) ? number : CLOSING_V4;
}

function removalSuffices(
  compiled: Compiled,
  sets: L4Sets,
  table: RuleTable,
  peer: AddressRange,
  missing: L4Id,
  rule: string,
): boolean {
  const number = rule.slice(rule.lastIndexOf('/') + 1);
  const rows = table.rows.filter((row) => table.origins[row.origin]!.rule !== number);
  if (rows.length === table.rows.length) return false;
  const { must } = allowedInOrder(sets, { ...table, rows }, rankOf(compiled.space, peer.first));
  return sets.isSubset(missing, must);
}

function groupsAt({ network }: Compiled, holder: number): readonly string[] {
  return holder === NOBODY ? [] : network.networkInterfaces[holder]!.groupIds;
}

/** Blocks a rule may name for these peers: each address, what they make up together, and what the question names. */
export function blocksFor(peers: readonly AddressRange[], prefixes: readonly Prefix[]): readonly Prefix[] {
  const hosts = peers.filter(({ first, last }) => sameAddress(first, last)).map(({ first }) => hostPrefix(first));
  const wide = peers.filter(({ first, last }) => !sameAddress(first, last));
  const together = prefixesOf(wide.reduce((all, peer) => unionAddresses(all, [peer]), addressSet([])));
  const families = [...new Set(peers.map(({ first }) => first.family))].map(wholeFamily);
  return uniquePrefixes([
    ...hosts,
    ...(together.length > MOST_BLOCKS ? [] : together),
    ...prefixes.filter((prefix) => peers.some((peer) => holds(prefix, peer))),
    ...(together.length > 1 ? families : []),
  ]);
}

function uniquePrefixes(prefixes: readonly Prefix[]): readonly Prefix[] {
  return [...new Map(prefixes.map((prefix) => [formatPrefix(prefix), prefix])).values()];
}

export function holds(prefix: Prefix, { first, last }: AddressRange): boolean {
  return prefixContains(prefix, first) && prefixContains(prefix, last);
}

export function boxSet(sets: L4Sets, { protocol, firstPortOrIcmp, lastPortOrIcmp }: Traffic): L4Id {
  return sets.box(protocol, firstPortOrIcmp, lastPortOrIcmp);
}

export function includes(outer: Traffic, inner: Traffic): boolean {
  return (
    (outer.protocol === ALL_PROTOCOLS || outer.protocol === inner.protocol) &&
    outer.firstPortOrIcmp <= inner.firstPortOrIcmp &&
    inner.lastPortOrIcmp <= outer.lastPortOrIcmp
  );
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
