/** What every AWS resource of a snapshot has in common. */

import type { Origin } from './origin.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Resource {
  /** As AWS (or an anonymiser) gave it: `vpc-0123`, but also `VpcId:5`. Unique within its kind. */
  readonly id: string;
  /** The Name tag, or null. */
  readonly name: string | null;
  readonly tags: readonly Tag[];
  /** Twelve digits, or null where neither the record nor its folder says. */
  readonly account: string | null;
  readonly region: string | null;
  readonly origin: Origin;
}
