/** Network interfaces of a drawing, and what they belong to: instances and NAT gateways. */

import type { NatGateway } from '../../src/model/gateway.ts';
import type { Instance } from '../../src/model/instance.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import { parseAddress } from '../../src/net/address-text.ts';
import type { InterfaceDrawing, NatDrawing } from './drawing.ts';
import { type Home, prefixesOf, resource, textsOf } from './drawn-place.ts';

export function instanceOf(id: string, eni: string, drawing: InterfaceDrawing, vpcId: string, home: Home): Instance {
  return {
    ...resource(id, home, drawing.instance ?? eni),
    state: drawing.instanceState ?? 'running',
    instanceType: drawing.instanceType ?? 'm5.large',
    vpcId,
    subnetId: `subnet-${drawing.subnet.toLowerCase()}`,
  };
}

export interface Holder {
  readonly vpcId: string;
  readonly key: string;
  readonly home: Home;
  readonly instance: string | null;
  readonly deviceIndex: number | null;
}

export function interfaceOf(name: string, drawing: InterfaceDrawing, holder: Holder): NetworkInterface {
  const addresses = textsOf(drawing.address);
  const pairs = typeof drawing.public === 'string' ? { [addresses[0] ?? '']: drawing.public } : (drawing.public ?? {});
  const stray = Object.keys(pairs).find((address) => !addresses.includes(address));
  if (stray !== undefined)
    throw new Error(`interface "${name}": the public address of "${stray}" has no private address`);
  return {
    ...resource(`eni-${name.toLowerCase()}`, holder.home, name),
    vpcId: holder.vpcId,
    subnetId: `subnet-${drawing.subnet.toLowerCase()}`,
    status: drawing.status ?? 'in-use',
    owner: drawing.owner ?? 'instance',
    interfaceType: 'interface',
    description: drawing.description ?? null,
    instanceId: holder.instance,
    deviceIndex: holder.deviceIndex,
    privateAddresses: addresses.map((address, index) => {
      const publicText = pairs[address];
      const publicAddress = publicText === undefined ? null : parseAddress(publicText);
      return { address: parseAddress(address), isPrimary: index === 0, publicAddress };
    }),
    ipv6Addresses: textsOf(drawing.v6).map(parseAddress),
    delegated: prefixesOf(drawing.delegated),
    groupIds: (drawing.groups ?? [`default-${holder.key}`]).map((group) => `sg-${group.toLowerCase()}`),
    sourceDestCheck: drawing.check ?? true,
    tracking: {
      tcpEstablished: drawing.tracking?.tcpEstablished ?? null,
      udpStream: drawing.tracking?.udpStream ?? null,
      udp: drawing.tracking?.udp ?? null,
    },
    denyAllIgwTraffic: drawing.denyAllIgwTraffic ?? false,
  };
}

export function natOf(name: string, drawing: NatDrawing, vpcId: string, home: Home): NatGateway {
  const key = name.toLowerCase();
  const privates = textsOf(drawing.address).map(parseAddress);
  const publics = textsOf(drawing.public).map(parseAddress);
  const zonal = drawing.subnet !== undefined;
  return {
    ...resource(`nat-${key}`, home, name),
    vpcId,
    subnetId: drawing.subnet === undefined ? null : `subnet-${drawing.subnet.toLowerCase()}`,
    connectivity: publics.length > 0 ? 'public' : 'private',
    availability: zonal ? 'zonal' : 'regional',
    state: drawing.state ?? 'available',
    addresses: Array.from({ length: Math.max(privates.length, publics.length) }, (_, index) => ({
      privateAddress: privates[index] ?? null,
      publicAddress: publics[index] ?? null,
      interfaceId: zonal ? `eni-nat-${key}` : null,
      isPrimary: index === 0,
    })),
  };
}

export function natInterfaceOf(
  name: string,
  drawing: NatDrawing,
  subnet: string,
  vpcId: string,
  home: Home,
): NetworkInterface {
  const privates = textsOf(drawing.address);
  const publics = textsOf(drawing.public);
  const pairs = Object.fromEntries(publics.map((text, index) => [privates[index] ?? '', text]));
  const holder: Holder = { vpcId, key: '', home, instance: null, deviceIndex: null };
  const drawn: InterfaceDrawing = {
    subnet,
    address: privates,
    public: pairs,
    groups: [],
    check: false,
    owner: 'nat-gateway',
  };
  return {
    ...interfaceOf(`nat-${name}`, drawn, holder),
    interfaceType: 'nat_gateway',
    description: `Interface for NAT Gateway nat-${name.toLowerCase()}`,
  };
}
