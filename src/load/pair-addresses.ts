/** Elastic IP addresses and the private addresses they are paired with (IGW-04). */

import type { ElasticAddress } from '../model/instance.ts';
import type { NetworkInterface, PrivateAddress } from '../model/network-interface.ts';
import { sameAddress } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import { quote } from '../net/quote.ts';
import type { Reading } from './reading.ts';

/** The interfaces, with the pairings that only describe-addresses shows. Where both show one, the interface is believed. */
export function pairElasticAddresses(
  reading: Reading,
  interfaces: readonly NetworkInterface[],
  elastic: readonly ElasticAddress[],
): readonly NetworkInterface[] {
  const byInterface = new Map<string, ElasticAddress[]>();
  for (const address of elastic) {
    if (address.interfaceId === null || address.privateAddress === null) continue;
    const known = byInterface.get(address.interfaceId);
    if (known === undefined) byInterface.set(address.interfaceId, [address]);
    else known.push(address);
  }
  if (byInterface.size === 0) return interfaces;
  return interfaces.map((each) => {
    const paired = byInterface.get(each.id);
    return paired === undefined ? each : withPairings(reading, each, paired);
  });
}

function withPairings(reading: Reading, each: NetworkInterface, paired: readonly ElasticAddress[]): NetworkInterface {
  let changed = false;
  const privateAddresses = each.privateAddresses.map((own): PrivateAddress => {
    const elastic = paired.find((address) => sameAddress(address.privateAddress!, own.address));
    if (elastic === undefined) return own;
    if (own.publicAddress === null) {
      changed = true;
      return { ...own, publicAddress: elastic.publicAddress };
    }
    if (!sameAddress(own.publicAddress, elastic.publicAddress)) {
      reading.warning(
        `${formatAddress(elastic.publicAddress)} is paired with ${formatAddress(own.address)} of ${quote(each.id)}, which shows ${formatAddress(own.publicAddress)}`,
        elastic.origin,
        'the interface is believed; collect addresses and interfaces at the same time',
      );
    }
    return own;
  });
  return changed ? { ...each, privateAddresses } : each;
}
