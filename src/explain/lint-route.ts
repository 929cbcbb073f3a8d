/** Routes whose target is gone: what they take is dropped, and no shorter route takes over (RT-11, OPEN-14). */

import { destinationWords, targetWords } from '../compile/route-choice.ts';
import type { Kind } from '../model/network.ts';
import type { Route, RouteTable, RouteTarget } from '../model/route-table.ts';
import type { LintFinding, LintSubject } from './lint-finding.ts';
import { type Checked, completeness, counted, type LintGround } from './lint-ground.ts';

/** Subnets and gateways that a proof lists before it counts. */
const USERS_SHOWN = 5;

export function lintBlackholes(ground: LintGround): Checked {
  const { network, names } = ground.compiled;
  const users: string[][] = network.routeTables.map(({ gatewayIds }) => [...gatewayIds]);
  network.subnets.forEach(({ id }, subnet) => {
    users[names.routeTableOfSubnet[subnet]!]?.push(id);
  });
  const isGone = goneTargets(ground);
  const findings = network.routeTables.flatMap((table, index) =>
    table.routes
      .filter(({ state }) => state === 'blackhole')
      .map((route) => blackhole(table, route, users[index]!, isGone(table, route.target))),
  );
  return { findings, notes: [] };
}

function blackhole(table: RouteTable, route: Route, users: readonly string[], state: string): LintFinding {
  const destination = destinationWords(route);
  const nobody = users.length === 0;
  const effect = nobody
    ? 'nothing uses the table'
    : `packets of ${counted(users.length, 'subnet or gateway', 'subnets and gateways')} to it are dropped`;
  return {
    rule: 'route-blackhole',
    severity: nobody ? 'harmless' : 'misleading',
    resource: { kind: 'route-table', id: table.id, name: table.name },
    subject: routeSubject(table, route),
    origin: route.origin,
    text: `the route to ${destination} is a blackhole: ${effect}`,
    proof: {
      kind: 'state',
      id: 'id' in route.target ? route.target.id : 'local',
      state,
      affects: users.length > USERS_SHOWN + 1 ? [...users.slice(0, USERS_SHOWN), more(users)] : users,
    },
  };
}

function more(users: readonly string[]): string {
  return `${users.length - USERS_SHOWN} more`;
}

export function routeSubject(table: RouteTable, route: Route): LintSubject {
  const destination = destinationWords(route);
  return {
    resource: table.id,
    rule: destination,
    text: `${destination} to ${targetWords(route)}`,
    origin: route.origin,
  };
}

/** The kinds of record that route targets are. */
export const TARGETS: ReadonlyMap<RouteTarget['kind'], Kind> = new Map([
  ['internet-gateway', 'internetGateways'],
  ['egress-only-gateway', 'egressOnlyGateways'],
  ['nat-gateway', 'natGateways'],
  ['network-interface', 'networkInterfaces'],
  ['instance', 'instances'],
  ['peering', 'peerings'],
]);

/** Says of a blackhole's target what the snapshot says: its state, that it is gone, or no more than that it is a blackhole. */
function goneTargets(ground: LintGround): (table: RouteTable, target: RouteTarget) => string {
  const { network } = ground.compiled;
  const isComplete = completeness(ground);
  const states = new Map<string, string | null>();
  for (const kind of TARGETS.values()) {
    for (const record of network[kind]) {
      const state = 'state' in record ? record.state : 'status' in record ? record.status : null;
      states.set(record.id, state);
    }
  }
  return (table, target) => {
    const kind = TARGETS.get(target.kind);
    if (kind === undefined || !('id' in target)) return 'blackhole';
    const state = states.get(target.id);
    if (state !== undefined) return state ?? 'blackhole';
    return isComplete(kind, table) ? 'not in the snapshot' : 'blackhole';
  };
}
