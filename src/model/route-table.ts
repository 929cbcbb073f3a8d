/** Route tables: destinations, targets, and who uses the table. */

import type { Prefix } from '../net/prefix.ts';
import type { Origin } from './origin.ts';
import type { Fact } from './problem.ts';
import type { Resource } from './resource.ts';

/** Where a route leads. Ids are as AWS gives them (RT-14). */
export type RouteTarget =
  | { readonly kind: 'local' }
  | { readonly kind: 'internet-gateway'; readonly id: string }
  | { readonly kind: 'egress-only-gateway'; readonly id: string }
  | { readonly kind: 'nat-gateway'; readonly id: string }
  | { readonly kind: 'network-interface'; readonly id: string }
  | { readonly kind: 'instance'; readonly id: string }
  | { readonly kind: 'peering'; readonly id: string }
  | { readonly kind: 'transit-gateway'; readonly id: string }
  | { readonly kind: 'virtual-private-gateway'; readonly id: string }
  | { readonly kind: 'endpoint'; readonly id: string }
  | { readonly kind: 'carrier-gateway'; readonly id: string }
  | { readonly kind: 'local-gateway'; readonly id: string }
  | { readonly kind: 'core-network'; readonly id: string }
  | { readonly kind: 'odb-network'; readonly id: string }
  /** A target field or an id that igwalk does not know; `id` quotes it. */
  | { readonly kind: 'unrecognised'; readonly id: string };

export type RouteDestination =
  | { readonly kind: 'cidr'; readonly prefix: Prefix }
  | { readonly kind: 'prefix-list'; readonly id: string }
  /** The destination could not be read: the route may match anything. */
  | { readonly kind: 'unreadable'; readonly fact: Fact };

export interface Route {
  readonly destination: RouteDestination;
  readonly target: RouteTarget;
  readonly state: 'active' | 'blackhole' | 'filtered';
  /** `propagated` covers `EnableVgwRoutePropagation` and `Advertisement` (RT-13). */
  readonly source: 'table' | 'static' | 'propagated';
  readonly origin: Origin;
}

export interface RouteTable extends Resource {
  readonly vpcId: string;
  readonly isMain: boolean;
  /** Explicitly associated subnets. */
  readonly subnetIds: readonly string[];
  /** Gateways (internet or virtual private) whose entering traffic it routes (RT-15). */
  readonly gatewayIds: readonly string[];
  readonly routes: readonly Route[];
}
