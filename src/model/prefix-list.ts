/** Prefix lists, AWS's own and customers'. */

import type { Prefix } from '../net/prefix.ts';
import type { Resource } from './resource.ts';

export interface PrefixList extends Resource {
  /** `com.amazonaws.us-east-1.s3`, or the customer's name. */
  readonly listName: string | null;
  /** Null where the snapshot names the list and lacks its entries (or some of them). */
  readonly entries: readonly Prefix[] | null;
}
