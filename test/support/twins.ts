/** Networks in which most interfaces have twins: two more that differ from it and from each other in name and addresses only. */

import type { Network } from '../../src/model/network.ts';
import type { NetworkInterface, PrivateAddress } from '../../src/model/network-interface.ts';
import { type Address, addressPlus } from '../../src/net/address.ts';

/** Free of what is drawn: hosts from 10, further addresses from 110, delegated blocks from 160; public ones up to 198.51.100.255. */
const AWAY = [20, 40];

export function withTwins(network: Network): Network {
  const twins = network.networkInterfaces
    .filter(({ owner, delegated }) => owner === 'instance' && delegated.length === 0)
    .flatMap((eni) => AWAY.map((away, twin) => twinOf(eni, `twin-${twin}`, away, 256 * (twin + 1))));
  const instances = network.instances.flatMap((instance) => [
    instance,
    ...AWAY.map((_, twin) => ({ ...instance, id: `${instance.id}-twin-${twin}` })),
  ]);
  return {
    ...network,
    instances: instances.sort(byId),
    networkInterfaces: [...network.networkInterfaces, ...twins].sort(byId),
  };
}

/** The second twins carry copies of their groups: other ids, the same rules. */
export function withCopiedGroups(network: Network): Network {
  const copies = network.securityGroups.map((group) => ({ ...group, id: `${group.id}-copy` }));
  const networkInterfaces = network.networkInterfaces.map((eni) =>
    eni.id.endsWith('-twin-1') ? { ...eni, groupIds: eni.groupIds.map((id) => `${id}-copy`) } : eni,
  );
  return { ...network, networkInterfaces, securityGroups: [...network.securityGroups, ...copies].sort(byId) };
}

function twinOf(eni: NetworkInterface, called: string, by: number, publicBy: number): NetworkInterface {
  return {
    ...eni,
    id: `${eni.id}-${called}`,
    instanceId: eni.instanceId === null ? null : `${eni.instanceId}-${called}`,
    privateAddresses: eni.privateAddresses.map(
      (pair): PrivateAddress => ({
        ...pair,
        address: away(pair.address, by),
        publicAddress: pair.publicAddress === null ? null : away(pair.publicAddress, publicBy),
      }),
    ),
    ipv6Addresses: eni.ipv6Addresses.map((address) => away(address, by)),
  };
}

function away(address: Address, by: number): Address {
  const moved = addressPlus(address, by);
  if (moved === null) throw new Error('a drawn address at the end of its family');
  return moved;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
