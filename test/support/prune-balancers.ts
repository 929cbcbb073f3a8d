/** Cuts the load balancers of a drawing down to the subnets, interfaces and balancers that are left. */

import type { Frame } from './arbitrary-routes.ts';
import type { BalancerDrawing, TargetGroupDrawing } from './balancer-drawing.ts';
import type { VpcDrawing } from './drawing.ts';
import { oneInEachZone } from './prune-transit.ts';

/** `count`: none; the network balancer; or both of the VPC. */
export function prunedBalancers(
  frame: Frame,
  count: number,
  drawn: Pick<VpcDrawing, 'balancers' | 'targetGroups'>,
  left: NonNullable<VpcDrawing['subnets']>,
): Pick<VpcDrawing, 'balancers' | 'targetGroups'> {
  const kept = Object.entries(drawn.balancers ?? {}).slice(0, count);
  if (kept.length === 0) return {};
  const isKept = (text: string): boolean => isThere(frame, text);
  const applications = kept.filter(([, { kind }]) => kind === 'application').map(([name]) => `app/${name}/1`);
  const isTarget = (text: string): boolean => isKept(text) && (!text.startsWith('app/') || applications.includes(text));
  const used = new Set(kept.flatMap(([, { listeners }]) => Object.values(listeners ?? {}).flat()));
  const groups = Object.entries(drawn.targetGroups ?? {}).filter(
    ([name]) =>
      used.has(name) || kept.some(([balancer, { listeners }]) => listeners === null && name.startsWith(balancer)),
  );
  return {
    balancers: Object.fromEntries(kept.map(([name, balancer]) => [name, balancerIn(balancer, left, isKept)])),
    targetGroups: Object.fromEntries(
      groups.map(([name, group]): [string, TargetGroupDrawing] => [
        name,
        { ...group, ...(group.targets && { targets: group.targets.filter(isTarget) }) },
      ]),
    ),
  };
}

function balancerIn(
  { instances, ...balancer }: BalancerDrawing,
  left: NonNullable<VpcDrawing['subnets']>,
  isKept: (text: string) => boolean,
): BalancerDrawing {
  const names = oneInEachZone(Object.keys(balancer.nodes), left);
  const [first = ''] = Object.values(balancer.nodes);
  const nodes = names.map((name) => [name, balancer.nodes[name] ?? movedNode(first, name)]);
  return { ...balancer, nodes: Object.fromEntries(nodes), ...(instances && { instances: instances.filter(isKept) }) };
}

/** A node whose subnet is gone moves to one that is there. */
function movedNode(node: BalancerDrawing['nodes'][string], subnet: string): BalancerDrawing['nodes'][string] {
  const [v, s] = subnet;
  const moved = (text: string): string =>
    text.replace(/^10\.\d\.\d\./, `10.${v}.${s}.`).replace(/^2001:db8:\d00:\d::/, `2001:db8:${v}00:${s}::`);
  if (typeof node === 'string') return moved(node);
  return Object.fromEntries(Object.entries(node).map(([what, text]) => [what, moved(text)]));
}

/** `i-010`, `10.0.1.10 in all`: their interface is in the frame. Everything else is not of the frame. */
function isThere({ vpcs }: Frame, text: string): boolean {
  const [, v, s, e] = /^(?:i-(\d)(\d)(\d))/.exec(text) ?? [];
  if (v !== undefined) return Number(e) < (vpcs[Number(v)]?.subnets[Number(s)] ?? 0);
  const [, w, r, host] = /^10\.(\d)\.(\d)\.(1\d)\b/.exec(text) ?? [];
  return w === undefined || Number(host) - 10 < (vpcs[Number(w)]?.subnets[Number(r)] ?? 0);
}
