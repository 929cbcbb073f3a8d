/** What internet gateways refuse, and what their translations are called. */

import type { Address } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { DESTINATION, type RuleTable } from './rule-table.ts';
import { REFUSED_BY_INTERNET } from './special-addresses.ts';
import type { Entry } from './stage.ts';

/** IGW-07, OPEN-30: what no gateway to the internet takes as a destination. */
export function internetDestinationRules(b: GraphBuilder, gateway: string): RuleTable {
  return b.shared(`internet destinations ${gateway}`, () =>
    checkRules(b, gateway, DESTINATION, [
      ...REFUSED_BY_INTERNET.map(({ prefix, called, asDestination, assumptions }) =>
        denyLine(`to ${called}`, asDestination, [prefix], { assumptions }),
      ),
      allowLine('a public destination', null),
    ]),
  );
}

/** The record that pairs a private address with a public one (IGW-04). */
export function pairing(
  b: GraphBuilder,
  inside: Address,
  outside: Address,
  interfaceId: string | null,
): Entry['origin'] {
  const index = interfaceId === null ? undefined : b.names.eni.get(interfaceId);
  return {
    resource: interfaceId ?? formatAddress(outside),
    rule: null,
    text: `${formatAddress(inside)} is paired with ${formatAddress(outside)}`,
    source: index === undefined ? null : b.network.networkInterfaces[index]!.origin,
  };
}
