/** What decided a step, in as few words as name it. */

import type { Blocker, Step } from '../explain/trace.ts';
import type { ResourceNames } from './resource-names.ts';

export type Decision = Pick<Step, 'stage' | 'result' | 'resource' | 'rule'>;

/** `entry 100 of public-acl`, `sgr-1 of web`, `table main`; null where the place itself or a tracked connection decides. */
export function deciderText({ stage, result, resource, rule }: Decision, names: ResourceNames): string | null {
  if (resource === null) return null;
  const list = names.get(resource) ?? resource;
  switch (stage) {
    case 'nacl-in':
    case 'nacl-out':
      return rule === null ? list : `entry ${rule} of ${list}`;
    case 'security-group-in':
    case 'security-group-out':
      // A rule without an id of its own is called after its group.
      if (rule !== null) return list === resource && rule.startsWith(`${resource}/`) ? rule : `${rule} of ${list}`;
      return result === 'allow' ? null : groupNames(resource, names);
    case 'route':
      return `table ${list}`;
    default:
      return null;
  }
}

/** Where no rule decided, `resource` lists every group that was asked. */
function groupNames(resource: string, names: ResourceNames): string {
  return resource
    .split(', ')
    .map((group) => names.get(group) ?? group)
    .join(', ');
}

export function blockerDecider({ stage, resource, rule }: Blocker, names: ResourceNames): string | null {
  return deciderText({ stage, result: 'deny', resource, rule }, names);
}

/** For the end of a sentence: ` by entry 50 of public-acl`, `: no inbound rule matches`, or nothing where nothing refuses. */
export function refusalClause(blocker: Blocker | undefined, names: ResourceNames): string {
  if (blocker === undefined) return '';
  const decider = blocker.rule === null ? null : blockerDecider(blocker, names);
  return decider === null ? `: ${blocker.text}` : ` by ${decider}`;
}
