/** VPC endpoints (W8, W9, VPCE-01 to VPCE-11). */

import type { VpcEndpoint } from '../model/endpoint.ts';
import { wholeFamily } from '../net/prefix.ts';
import { ICMP, ICMPV6, TCP } from '../net/protocol.ts';
import { type Traffic, wholeProtocol } from '../net/traffic.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { onLan, outOf } from './interface-stages.ts';
import { notModelled, targetOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import type { Traveller } from './route-target.ts';
import { DESTINATION, SOURCE } from './rule-table.ts';
import { DELIVER, FILTER, FORGETS_SENDER, type StageId, stage, TRACKS_ALWAYS } from './stage.ts';
import { enterSubnetTo, ofSameSubnet } from './subnet-stages.ts';
import { deliverInVpc } from './vpc-stages.ts';

const DESCRIBE = 'ec2 describe-vpc-endpoints';

function endpointPlace(b: GraphBuilder, { id, name }: VpcEndpoint): number {
  return b.place({ kind: 'vpc-endpoint', id, name });
}

function endpointById(b: GraphBuilder, id: string): VpcEndpoint | null {
  const known = b.shared('endpoints by id', () => new Map(b.network.vpcEndpoints.map((one) => [one.id, one])));
  return known.get(id) ?? null;
}

/** VPCE-11: an endpoint that is not `available` forwards nothing; null where it is. */
function refusal(b: GraphBuilder, endpoint: VpcEndpoint, place: number): StageId | null {
  if (endpoint.state === 'available') return null;
  return b.drop(place, 'gateway-check', 'BAD_STATE', `the endpoint is ${endpoint.state}, not available (VPCE-11)`, {
    resource: endpoint.id,
    source: endpoint.origin,
  });
}

/** From a route to an endpoint: a gateway endpoint, or one that leads past the appliances of a Gateway Load Balancer. */
export function leaveByEndpoint(b: GraphBuilder, by: Traveller, id: string, place: number): StageId {
  const endpoint = endpointById(b, id);
  if (endpoint === null) return b.unknown(place, 'route', targetOf('VPC endpoint', id, DESCRIBE));
  const at = endpointPlace(b, endpoint);
  const refused = refusal(b, endpoint, at);
  if (refused !== null) return refused;
  switch (endpoint.kind) {
    case 'gateway':
      return intoService(b, by.vpc, endpoint, at);
    case 'gateway-load-balancer':
      return pastAppliances(b, by, endpoint, at);
    default:
      return b.unknown(place, 'route', notModelled(`route to an endpoint of kind ${endpoint.kind}`, id));
  }
}

/** RFC 792, RFC 4443: an echo request is what people call a ping. */
const echo = (protocol: number, type: number): Traffic => ({
  protocol,
  firstPortOrIcmp: type << 8,
  lastPortOrIcmp: (type << 8) | 255,
});

/** VPCE-02, VPCE-03: the VPC's own packets, TCP and ping only; answers come back as any packet to the VPC does (NACL-24). */
function intoService(b: GraphBuilder, vpc: number, endpoint: VpcEndpoint, place: number): StageId {
  const service = serviceName(endpoint);
  const { id } = endpoint;
  const cidrs = b.network.vpcs[vpc]!.cidrs;
  return b.once(`endpoint ${id} from ${vpc}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: checkRules(b, id, SOURCE, [
        allowLine('a sender of the VPC', cidrs),
        denyLine(
          'gateway endpoints serve the subnets of their VPC, and nobody behind it (VPCE-03)',
          'NO_POSSIBLE_DESTINATION',
          null,
        ),
      ]),
      next: b.once(`endpoint ${id} protocols`, () =>
        stage(FILTER, 'gateway-check', place, {
          rules: checkRules(b, id, DESTINATION, [
            allowLine(`on to ${service}`, null, {
              traffic: [wholeProtocol(TCP), echo(ICMP, 8), echo(ICMPV6, 128)],
            }),
            denyLine('gateway endpoints carry TCP and ping only (VPCE-03)', 'VPCE_GATEWAY_PROTOCOL_RESTRICTION', null),
          ]),
          effects: (service.endsWith('.dynamodb') ? TRACKS_ALWAYS : 0) | FORGETS_SENDER,
          next: b.once(`delivered to ${service} by ${id}`, () =>
            stage(DELIVER, 'deliver', b.place({ kind: 'aws-service', id: service, name: null }), {
              next: deliverInVpc(b, vpc),
              text: 'arrives',
            }),
          ),
        }),
      ),
    }),
  );
}

function serviceName({ id, serviceName: name }: VpcEndpoint): string {
  return name ?? `the service of ${id}`;
}

/**
 * VPCE-08, W12: over the border of the endpoint's subnet to the appliances, which are taken to let the packet through unchanged, and on
 * by that subnet's own table. Behind them group references see nobody (SG-12).
 */
function pastAppliances(b: GraphBuilder, by: Traveller, endpoint: VpcEndpoint, place: number): StageId {
  const { id, subnetIds } = endpoint;
  const firewall = firewallOf(b, id);
  if (firewall !== null) return b.unknown(place, 'gateway-check', notModelled('Network Firewall', firewall));
  const subnet = subnetIds.length === 1 ? (b.names.subnet.get(subnetIds[0]!) ?? NONE) : NONE;
  if (subnet === NONE) return b.unknown(place, 'route', targetOf('subnet of', id, 'ec2 describe-subnets'));
  const inspected = b.once(`past the appliances of ${id}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: checkRules(b, id, DESTINATION, [
        allowLine(
          'inspected by the appliances of a Gateway Load Balancer, and taken to pass unchanged (VPCE-08)',
          null,
        ),
      ]),
      next: onLan(b, subnet, place),
      effects: FORGETS_SENDER,
    }),
  );
  return enterSubnetTo(b, subnet, inspected, ofSameSubnet(subnet, by.subnet));
}

/** The firewall that an endpoint belongs to, by name, or null. */
function firewallOf(b: GraphBuilder, endpoint: string): string | null {
  const known = b.shared(
    'firewalls by endpoint',
    () =>
      new Map(b.network.firewalls.flatMap(({ id, endpoints }) => (endpoints ?? []).map((one) => [one.endpointId, id]))),
  );
  return known.get(endpoint) ?? null;
}

/** The endpoint that an interface belongs to; null where the snapshot lacks it. */
function endpointBehind(b: GraphBuilder, eni: number): VpcEndpoint | null {
  const { id, description } = b.network.networkInterfaces[eni]!;
  const known = b.shared(
    'endpoints by interface',
    () => new Map(b.network.vpcEndpoints.flatMap((one) => one.interfaceIds.map((name) => [name, one]))),
  );
  return known.get(id) ?? endpointById(b, /\bvpce-\w+/.exec(description ?? '')?.[0] ?? '');
}

/** What AWS calls services of customers and partners, each behind a balancer of its owner's. */
const FOREIGN_SERVICE = /^com\.amazonaws\.vpce\./;

/** VPCE-04: a packet that has passed the groups of an interface endpoint is for the service; a ping is for nobody. */
export function insideEndpoint(b: GraphBuilder, eni: number, place: number): StageId {
  const endpoint = endpointBehind(b, eni);
  const { id } = b.network.networkInterfaces[eni]!;
  if (endpoint === null) return b.unknown(place, 'host', targetOf('VPC endpoint of', id, DESCRIBE));
  const at = endpointPlace(b, endpoint);
  const refused = refusal(b, endpoint, at);
  if (refused !== null) return refused;
  if (endpoint.kind !== 'interface' || FOREIGN_SERVICE.test(endpoint.serviceName ?? '')) {
    return b.unknown(at, 'host', notModelled('service behind endpoint', endpoint.id));
  }
  const service = b.place({ kind: 'aws-service', id: serviceName(endpoint), name: null });
  return b.onceOf('endpoint', eni, () =>
    stage(FILTER, 'gateway-check', at, {
      rules: checkRules(b, endpoint.id, DESTINATION, [
        denyLine('interface endpoints do not answer ping (VPCE-04)', 'PROTOCOL_RESTRICTION', null, {
          traffic: [wholeProtocol(ICMP), wholeProtocol(ICMPV6)],
        }),
        allowLine('on to the service', [wholeFamily(4), wholeFamily(6)]),
        denyLine('neither IPv4 nor IPv6', 'PROTOCOL_RESTRICTION', null),
      ]),
      effects: TRACKS_ALWAYS,
      next: b.onceOf('service behind endpoint', eni, () =>
        stage(DELIVER, 'deliver', service, { host: eni, next: outOf(b, eni), text: 'arrives' }),
      ),
    }),
  );
}

/** VPCE-05: endpoints answer; they start nothing. */
export function sentByEndpoint(b: GraphBuilder, eni: number, place: number): StageId {
  const { id } = b.network.networkInterfaces[eni]!;
  const text = 'endpoints never start a connection into the VPC (VPCE-05)';
  return b.drop(place, 'host', 'VPCE_INTRA_VPC_TRAFFIC', text, { resource: id });
}
