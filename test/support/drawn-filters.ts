/** Network ACLs and security groups of a drawing. */

import { CLOSING_V4, CLOSING_V6, type NaclEntry, type NetworkAcl } from '../../src/model/network-acl.ts';
import type { SecurityGroup } from '../../src/model/security-group.ts';
import { wholeFamily } from '../../src/net/prefix.ts';
import { ALL_TRAFFIC } from '../../src/net/traffic.ts';
import type { GroupDrawing, NaclDrawing } from './drawing.ts';
import { type Home, origin, resource } from './drawn-place.ts';
import { groupRuleOf, isUnreadableEntry, naclEntryOf, unreadable } from './rule-text.ts';

export interface AclDraft {
  readonly nacl: NaclDrawing;
  readonly isDefault: boolean;
  readonly subnetIds: string[];
}

export function aclDraft(nacl: NaclDrawing): AclDraft {
  return { nacl, isDefault: false, subnetIds: [] };
}

export function aclOf(id: string, draft: AclDraft, vpcId: string, home: Home, dualStack: boolean): NetworkAcl {
  const allowAll = ['100 allow all 0.0.0.0/0', ...(dualStack ? ['101 allow all ::/0'] : [])];
  const drawn = (['in', 'out'] as const).flatMap((direction) =>
    (draft.nacl[direction] ?? allowAll).map((text) =>
      naclEntryOf(text, direction, origin(`${id}/${direction}/${text}`)),
    ),
  );
  const closing = (['in', 'out'] as const).flatMap((direction): NaclEntry[] =>
    ([4, 6] as const).map((family) => ({
      number: family === 4 ? CLOSING_V4 : CLOSING_V6,
      direction,
      action: 'deny',
      traffic: ALL_TRAFFIC,
      peer: wholeFamily(family),
      origin: null,
    })),
  );
  const readable = drawn.filter((entry): entry is NaclEntry => !isUnreadableEntry(entry));
  const entries = [...readable, ...closing].sort((a, b) =>
    a.direction === b.direction ? a.number - b.number : a.direction === 'in' ? -1 : 1,
  );
  const { isDefault, subnetIds } = draft;
  return { ...resource(id, home), vpcId, isDefault, subnetIds, entries, unreadable: drawn.filter(isUnreadableEntry) };
}

export function groupOf(
  name: string,
  drawing: GroupDrawing,
  vpcId: string,
  home: Home,
  dualStack: boolean,
): SecurityGroup {
  const id = `sg-${name.toLowerCase()}`;
  const rules = {
    in: drawing.in ?? [],
    out: drawing.out ?? ['all to 0.0.0.0/0', ...(dualStack ? ['all to ::/0'] : [])],
  };
  return {
    ...resource(id, home),
    groupName: name,
    vpcId,
    rules: (['in', 'out'] as const).flatMap((direction) =>
      rules[direction].map((text, index) => {
        const ruleId = `${id}/${direction}/${index}.0`;
        return groupRuleOf(text, direction, ruleId, origin(ruleId));
      }),
    ),
    gaps: (drawing.gaps ?? []).map((direction) => ({
      direction,
      fact: unreadable(`a rule of ${id}/${direction}`, origin(id)),
    })),
  };
}
