/** Drawn settings of Block Public Access and exclusions from it. */

import type { BlockPublicAccess, BlockPublicAccessExclusion } from '../../src/model/block-public-access.ts';
import { type Home, resource } from './drawn-place.ts';

/** From `block-ingress`, or `block-ingress changing`. */
export function publicAccessOf(text: string, home: Home): BlockPublicAccess {
  const [mode, changing] = text.split(' ');
  const id = `bpa-${home.account}-${home.region}`;
  return { ...resource(id, home), mode: mode as BlockPublicAccess['mode'], settled: changing === undefined };
}

/** From the id of a VPC or subnet and `allow-egress`, or `allow-egress create-in-progress`. */
export function exclusionOf(excluded: string, text: string, home: Home): BlockPublicAccessExclusion {
  const [mode, state = 'create-complete'] = text.split(' ');
  return {
    ...resource(`vpcbpa-exclude-${excluded}`, home),
    vpcId: excluded.startsWith('vpc-') ? excluded : null,
    subnetId: excluded.startsWith('subnet-') ? excluded : null,
    mode: mode as BlockPublicAccessExclusion['mode'],
    state,
  };
}
