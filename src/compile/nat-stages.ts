/** NAT gateways: stateful, outbound only, no security group (W3, NAT-01 to NAT-09). */

import type { NatGateway } from '../model/gateway.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import { sameAddress } from '../net/address.ts';
import { wholeFamily } from '../net/prefix.ts';
import { ICMP, ICMPV6, TCP, UDP } from '../net/protocol.ts';
import { wholeProtocol } from '../net/traffic.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { onLan } from './interface-stages.ts';
import { leaveWithPublicAddress } from './internet-stages.ts';
import { targetOf, vpcOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import type { Traveller } from './route-target.ts';
import { DESTINATION } from './rule-table.ts';
import { NAT64_PREFIX } from './special-addresses.ts';
import { FILTER, FORGETS_SENDER, GATEWAY_IN, GATEWAY_OUT, type StageId, stage, TRACKS_ALWAYS } from './stage.ts';
import { enterSubnetTo, ofSameSubnet } from './subnet-stages.ts';
import { deliverInVpc } from './vpc-stages.ts';

function natPlace(b: GraphBuilder, nat: number): number {
  const { id, name } = b.network.natGateways[nat]!;
  return b.place({ kind: 'nat-gateway', id, name });
}

/** The NAT gateway whose interface this is, or NONE. */
export function natBehind(b: GraphBuilder, eni: NetworkInterface): number {
  const behind = b.names.natsOfVpc
    .get(eni.vpcId)
    ?.find((nat) =>
      b.network.natGateways[nat]!.addresses.some(
        ({ interfaceId, privateAddress }) =>
          interfaceId === eni.id ||
          (privateAddress !== null && eni.privateAddresses.some(({ address }) => sameAddress(address, privateAddress))),
      ),
    );
  return behind ?? NONE;
}

/** From a route to the gateway: into its subnet, through it, and on by its subnet's table. */
export function leaveByNat(b: GraphBuilder, by: Traveller, id: string, place: number): StageId {
  const nat = b.names.nat.get(id) ?? NONE;
  if (nat === NONE) return b.unknown(place, 'route', targetOf('NAT gateway', id, 'ec2 describe-nat-gateways'));
  const subnet = natSubnet(b, nat);
  const through = natChecks(b, nat);
  // NAT-08: a regional gateway has no subnet, so no network ACL stands before it.
  return subnet === NONE ? through : enterSubnetTo(b, subnet, through, ofSameSubnet(subnet, by.subnet));
}

function natSubnet(b: GraphBuilder, nat: number): number {
  const { subnetId } = b.network.natGateways[nat]!;
  return subnetId === null ? NONE : (b.names.subnet.get(subnetId) ?? NONE);
}

/** State (NAT-03) and protocol (PKT-07), then the translation. */
function natChecks(b: GraphBuilder, nat: number): StageId {
  const gateway = b.network.natGateways[nat]!;
  const place = natPlace(b, nat);
  if (gateway.state !== 'available') {
    const surely =
      gateway.state === 'deleting' ? ': it may still forward for a while, which nobody should rely on' : '';
    return b.drop(place, 'gateway-check', 'BAD_STATE', `the NAT gateway is ${gateway.state}${surely} (NAT-03)`, {
      resource: gateway.id,
      source: gateway.origin,
    });
  }
  if (gateway.addresses.length === 0) {
    return b.unknown(place, 'translate', targetOf('the addresses of', gateway.id, 'ec2 describe-nat-gateways'));
  }
  return b.once(`nat checks ${nat}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: checkRules(b, gateway.id, DESTINATION, [
        allowLine('a protocol that NAT gateways carry', [wholeFamily(4)], {
          traffic: [wholeProtocol(TCP), wholeProtocol(UDP), wholeProtocol(ICMP)],
        }),
        allowLine('an address that NAT64 translates', [NAT64_PREFIX], {
          traffic: [wholeProtocol(TCP), wholeProtocol(UDP), wholeProtocol(ICMPV6)],
        }),
        denyLine('NAT gateways carry TCP, UDP and ICMP only (PKT-07)', 'PROTOCOL_RESTRICTION', null),
      ]),
      next: b.once(`nat out ${nat}`, () =>
        stage(GATEWAY_OUT, 'translate', place, {
          host: b.gateway({ kind: 'nat', index: nat }),
          next: afterNat(b, nat, gateway, place),
          effects: TRACKS_ALWAYS | FORGETS_SENDER,
        }),
      ),
    }),
  );
}

/** Both ways the packet then leaves by the gateway's own subnet; a regional gateway stands at the internet gateway itself. */
function afterNat(b: GraphBuilder, nat: number, gateway: NatGateway, place: number): StageId {
  const subnet = natSubnet(b, nat);
  if (subnet !== NONE) return onLan(b, subnet, place);
  if (gateway.subnetId !== null) {
    return b.unknown(place, 'route', targetOf('subnet', gateway.subnetId, 'ec2 describe-subnets'));
  }
  const vpc = b.names.vpc.get(gateway.vpcId) ?? NONE;
  return vpc === NONE ? b.unknown(place, 'route', vpcOf(gateway.vpcId)) : leaveWithPublicAddress(b, vpc);
}

/** A packet addressed to the gateway: an answer to a flow it knows, or nothing for anyone (NAT-01). */
export function natEntrance(b: GraphBuilder, nat: number): StageId {
  const place = natPlace(b, nat);
  const gateway = b.network.natGateways[nat]!;
  return b.once(`nat in ${nat}`, () =>
    stage(GATEWAY_IN, 'translate', place, {
      host: b.gateway({ kind: 'nat', index: nat }),
      next: afterAnswer(b, nat, gateway, place),
      otherwise: b.drop(
        place,
        'translate',
        'NGW_DEST_ADDRESS_PRESERVATION',
        'no flow that started inside: the NAT gateway passes answers only (NAT-01)',
        { resource: gateway.id, source: gateway.origin },
      ),
      effects: TRACKS_ALWAYS | FORGETS_SENDER,
    }),
  );
}

function afterAnswer(b: GraphBuilder, nat: number, gateway: NatGateway, place: number): StageId {
  const vpc = b.names.vpc.get(gateway.vpcId) ?? NONE;
  return natSubnet(b, nat) === NONE && vpc !== NONE ? deliverInVpc(b, vpc) : afterNat(b, nat, gateway, place);
}
