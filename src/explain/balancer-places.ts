/** Load balancers as places: their nodes, which are interfaces that say in their description whose they are (ELB-01, ELB-02). */

import { balancerIdOf } from '../compile/balancer-index.ts';
import type { LoadBalancer } from '../model/load-balancer.ts';
import type { Network } from '../model/network.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import { quote } from '../net/quote.ts';
import { allThatLookSo, isAskedFor } from './found-interfaces.ts';
import type { PlaceIndex } from './place-index.ts';
import type { FoundService, ServicePlaces } from './service-places.ts';
import type { NamedService } from './service-words.ts';

export const BALANCERS: ServicePlaces = {
  noun: 'load balancer',
  kind: 'loadBalancers',
  call: 'elbv2 describe-load-balancers',
  namesIn,
  find,
};

/** `net/web/50dc6c49` is called `web`; the id of a classic balancer is its name. */
function nameInId(id: string): string {
  return id.split('/')[1] ?? id;
}

function* namesIn({ loadBalancers, networkInterfaces }: Network): Generator<string> {
  for (const { balancerName } of loadBalancers) yield balancerName;
  for (const eni of networkInterfaces) {
    const id = balancerIdOf(eni);
    if (id !== null) yield nameInId(id);
  }
}

/** Balancers of that name or id; without their records, those of which the snapshot has nodes. */
function find(index: PlaceIndex, named: NamedService): readonly FoundService[] {
  const { loadBalancers, networkInterfaces } = index.compiled.network;
  const isCalled = (id: string, name: string): boolean => named.name === id || named.name === name;
  const records = loadBalancers.filter((each) => isCalled(each.id, each.balancerName) && isAskedFor(named, each));
  const found = records.map((record) => nodesOf(index, record));
  const known = new Set(
    loadBalancers.flatMap(({ id, kind, balancerName }) => (kind === 'classic' ? [id, balancerName] : [id])),
  );
  const others = networkInterfaces.flatMap((eni, i): readonly FoundService[] => {
    const id = balancerIdOf(eni);
    if (id === null || known.has(id) || !isCalled(id, nameInId(id)) || !isAskedFor(named, eni)) return [];
    return [allThatLookSo(index, whatIs(id), eni, 'networkInterfaces', [i])];
  });
  return [...found, ...others];
}

const whatIs = (id: string): string => `load balancer ${quote(id)}`;

function nodesOf(index: PlaceIndex, balancer: LoadBalancer): FoundService {
  const { id, kind } = balancer;
  if (kind === 'gateway') {
    const why = `${whatIs(id)} is a gateway load balancer, which traffic passes on its way; name the ends of the way`;
    return { kind: 'no-place', why };
  }
  const { networkInterfaces } = index.compiled.network;
  const enis = [...networkInterfaces.keys()].filter((i) => isNode(networkInterfaces[i]!, balancer));
  return allThatLookSo(index, whatIs(id), balancer, 'networkInterfaces', enis);
}

/** Classic balancers of several accounts may share a name, which is all that their nodes tell; then the VPC decides. */
function isNode(eni: NetworkInterface, { id, kind, balancerName, vpcId }: LoadBalancer): boolean {
  const node = balancerIdOf(eni);
  if (node === null || (vpcId !== null && vpcId !== eni.vpcId)) return false;
  return node === id || (kind === 'classic' && node === balancerName);
}
