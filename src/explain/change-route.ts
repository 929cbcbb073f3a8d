/** Routes of route tables come and go. */

import type { Network } from '../model/network.ts';
import type { Route, RouteTarget } from '../model/route-table.ts';
import { formatPrefix } from '../net/address-text.ts';
import { type Prefix, samePrefix } from '../net/prefix.ts';
import { replaced } from './change-records.ts';
import { OF_A_CHANGE } from './change-rule.ts';
import { QuestionError } from './question-error.ts';
import { suggestionsFor } from './suggestions.ts';

/** A table has one static route for a destination: a new one takes the place of what is there (`replace-route`). */
export function withRoute(network: Network, routeTable: string, destination: Prefix, target: RouteTarget): Network {
  const route: Route = {
    destination: { kind: 'cidr', prefix: destination },
    target,
    state: 'active',
    source: 'static',
    origin: OF_A_CHANGE,
  };
  return replaced(network, 'routeTables', routeTable, (record) => ({
    ...record,
    routes: [
      ...record.routes.filter(
        (other) =>
          other.source === 'propagated' ||
          other.destination.kind !== 'cidr' ||
          !samePrefix(other.destination.prefix, destination),
      ),
      route,
    ],
  }));
}

export function withoutRoute(network: Network, routeTable: string, destination: string): Network {
  return replaced(network, 'routeTables', routeTable, (record) => {
    const routes = record.routes.filter((route) => destinationOf(route) !== destination);
    if (routes.length < record.routes.length) return { ...record, routes };
    const known = record.routes.map(destinationOf).filter((text) => text !== null);
    throw new QuestionError(
      `route table ${routeTable} has no route to ${destination}`,
      null,
      suggestionsFor(destination, known),
    );
  });
}

function destinationOf({ destination }: Route): string | null {
  switch (destination.kind) {
    case 'cidr':
      return formatPrefix(destination.prefix);
    case 'prefix-list':
      return destination.id;
    case 'unreadable':
      return null;
  }
}
