/** References to what is gone: rules, routes and interfaces that name it still. */

import { groupRuleWords } from '../compile/group-rules.ts';
import { destinationWords } from '../compile/route-choice.ts';
import type { Kind } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import type { Route, RouteTable } from '../model/route-table.ts';
import type { SecurityGroup, SecurityGroupRule } from '../model/security-group.ts';
import type { LintFinding, LintProof } from './lint-finding.ts';
import { type Checked, completeness, type LintGround, type Near } from './lint-ground.ts';
import { ruleFinding } from './lint-group.ts';
import { routeSubject, TARGETS } from './lint-route.ts';

interface Stale {
  /** What follows `"RULE" `. */
  readonly text: string;
  readonly proof: LintProof;
}

/** SG-16 for rules; a record that a complete list lacks for everything. */
export function lintStaleReferences(ground: LintGround): Checked {
  const { network } = ground.compiled;
  const references = new References(ground);
  const findings: LintFinding[] = [];
  for (const group of network.securityGroups) {
    for (const rule of group.rules) {
      const stale = references.ofRule(group, rule);
      if (stale === null) continue;
      const finding = ruleFinding('stale-reference', group, rule);
      findings.push({ ...finding, severity: 'misleading', ...stale, text: `"${groupRuleWords(rule)}" ${stale.text}` });
    }
  }
  for (const table of network.routeTables) {
    for (const route of table.routes) {
      const stale = references.ofRoute(table, route);
      if (stale === null) continue;
      findings.push({
        rule: 'stale-reference',
        severity: 'misleading',
        resource: { kind: 'route-table', id: table.id, name: table.name },
        subject: routeSubject(table, route),
        origin: route.origin,
        text: `the route to ${destinationWords(route)} ${stale.text}`,
        proof: stale.proof,
      });
    }
  }
  for (const eni of network.networkInterfaces) {
    for (const id of eni.groupIds) {
      const stale = references.missing('securityGroups', id, eni);
      if (stale === null) continue;
      findings.push({
        rule: 'stale-reference',
        severity: 'misleading',
        resource: { kind: 'network-interface', id: eni.id, name: eni.name },
        subject: null,
        origin: eni.origin,
        text: `carries ${id}, ${stale.text}`,
        proof: stale.proof,
      });
    }
  }
  return { findings, notes: [] };
}

const CALLED: Partial<Record<Kind, string>> = {
  securityGroups: 'security groups',
  prefixLists: 'prefix lists',
  peerings: 'peering connections',
  internetGateways: 'internet gateways',
  egressOnlyGateways: 'egress-only internet gateways',
  natGateways: 'NAT gateways',
  networkInterfaces: 'network interfaces',
  instances: 'instances',
};

class References {
  readonly #network: LintGround['compiled']['network'];
  readonly #isComplete: (kind: Kind, near: Near) => boolean;
  readonly #ids = new Map<Kind, ReadonlySet<string>>();
  readonly #peeringStates: ReadonlyMap<string, string>;

  constructor(ground: LintGround) {
    this.#network = ground.compiled.network;
    this.#isComplete = completeness(ground);
    this.#peeringStates = new Map(this.#network.peerings.map(({ id, state }) => [id, state]));
  }

  ofRule(group: SecurityGroup, { peer }: SecurityGroupRule): Stale | null {
    if (peer.kind === 'prefix-list') {
      const stale = this.missing('prefixLists', peer.id, group);
      return stale === null ? null : { ...stale, text: `names a prefix list, ${stale.text}` };
    }
    if (peer.kind !== 'group') return null;
    const { groupId, peeringId, peeringStatus, account } = peer;
    if (peeringStatus !== null && peeringStatus !== 'active') {
      return {
        text: `matches nothing: its peering connection is ${peeringStatus}`,
        proof: { kind: 'state', id: peeringId ?? groupId, state: peeringStatus, affects: [] },
      };
    }
    if (peeringId !== null) {
      const state = this.#peeringStates.get(peeringId);
      if (state !== undefined && state !== 'active') {
        return {
          text: `reaches nobody: its peering connection is ${state}`,
          proof: { kind: 'state', id: peeringId, state, affects: [] },
        };
      }
    }
    // The groups of another account are only in that account's own lists.
    const isForeign = account !== null && account !== group.account;
    if (isForeign && !this.#hasListOf(account)) return null;
    const stale = this.missing('securityGroups', groupId, { account: account ?? group.account, region: group.region });
    return stale === null ? null : { ...stale, text: `names a group, ${stale.text}` };
  }

  ofRoute(table: RouteTable, { destination, target, state }: Route): Stale | null {
    if (destination.kind === 'prefix-list') {
      const stale = this.missing('prefixLists', destination.id, table);
      if (stale !== null) return { ...stale, text: `names a prefix list, ${stale.text}` };
    }
    // What is gone behind a blackhole is told with the blackhole.
    if (state !== 'active' || !('id' in target)) return null;
    const kind = TARGETS.get(target.kind);
    const stale = kind === undefined ? null : this.missing(kind, target.id, table);
    return stale === null ? null : { ...stale, text: `leads to ${target.id}, ${stale.text}` };
  }

  /** Null where the record is there, or may be somewhere that the snapshot does not show. */
  missing(kind: Kind, id: string, near: Near): Stale | null {
    if (this.#idsOf(kind).has(id) || !this.#isComplete(kind, near)) return null;
    const looked = `${this.#network[kind].length} ${CALLED[kind] ?? kind}`;
    return { text: 'which the snapshot lacks', proof: { kind: 'absent', looked: [`${id} among ${looked}`] } };
  }

  #hasListOf(account: string): boolean {
    return this.#network.lists.some((list) => list.kind === 'securityGroups' && list.account === account);
  }

  #idsOf(kind: Kind): ReadonlySet<string> {
    const known = this.#ids.get(kind) ?? new Set((this.#network[kind] as readonly Resource[]).map(({ id }) => id));
    this.#ids.set(kind, known);
    return known;
  }
}
