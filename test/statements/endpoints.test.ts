/** VPCE: endpoints of VPCs, as packets and as sets. */

import { describe, expect, test } from 'vitest';
import type { VpcEndpoint } from '../../src/model/endpoint.ts';
import type { Network } from '../../src/model/network.ts';
import type { Drawing, NaclDrawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import { walkBoth } from './both-readers.ts';
import { asked, NACLS, outcome, places, routes, tracking } from './walks.ts';

/** A in P, and E in Q is the interface of an endpoint. */
const DRAWING: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  prefixLists: { s3: ['52.216.0.0/15'] },
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw', 'pl-s3': 'vpce-s3' } },
    Q: { cidr: '10.0.2.0/24' },
  },
  groups: {
    web: { out: ['tcp/443 to pl-s3', 'tcp/443 to 10.0.0.0/16', 'icmp to 0.0.0.0/0'] },
    service: { in: ['tcp/443 from 10.0.1.0/24', 'icmp from 10.0.0.0/16'] },
  },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', groups: ['web'] },
    E: { subnet: 'Q', address: '10.0.2.20', groups: ['service'], owner: 'endpoint', instance: null },
  },
};

function withEndpoints(drawing: Drawing, ...endpoints: readonly Partial<VpcEndpoint>[]): Network {
  const network = networkOf(drawing);
  const { account, region, origin } = network.vpcs[0]!;
  const common: VpcEndpoint = {
    id: 'vpce-s3',
    name: null,
    tags: [],
    account,
    region,
    origin,
    kind: 'gateway',
    vpcId: 'vpc-1',
    serviceName: 'com.amazonaws.us-east-1.s3',
    state: 'available',
    routeTableIds: ['rtb-p'],
    subnetIds: [],
    interfaceIds: [],
    groupIds: [],
    privateDns: false,
    dnsNames: [],
  };
  return { ...network, vpcEndpoints: endpoints.map((endpoint) => ({ ...common, ...endpoint })) };
}

const GATEWAY = withEndpoints(DRAWING, {});
const SQS: Partial<VpcEndpoint> = {
  id: 'vpce-sqs',
  kind: 'interface',
  serviceName: 'com.amazonaws.us-east-1.sqs',
  interfaceIds: ['eni-e'],
  subnetIds: ['subnet-q'],
};
const INTERFACE = withEndpoints(DRAWING, {}, SQS);

describe('gateway endpoints', () => {
  test('VPCE-01, VPCE-02: the list leads to the endpoint, no public address is needed, and the groups speak of the service', () => {
    const trace = walkBoth(GATEWAY, 'tcp 10.0.1.10:40000 > 52.216.1.1:443');
    expect(outcome(trace)).toBe('delivered');
    expect(places(trace.forward)).toContain('com.amazonaws.us-east-1.s3');
    expect(routes(trace.forward)).toEqual(['pl-s3 in rtb-p']);
    expect(outcome(walkBoth(GATEWAY, 'tcp 10.0.1.10:40000 > 52.216.1.1:80'))).toBe(
      'dropped: security-group-out sg-web ENI_SG_RULES_MISMATCH',
    );
  });

  test('VPCE-01: another Region’s service is not in the list, and goes where any route leads', () => {
    const trace = walkBoth(GATEWAY, 'icmp echo 10.0.1.10 > 3.5.1.1');
    expect(outcome(trace)).toBe('dropped: gateway-check igw-1 IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  });

  test('VPCE-03: TCP and ping, and nothing else', () => {
    const open = withEndpoints({ ...DRAWING, groups: { ...DRAWING.groups, web: {} } }, {});
    expect(outcome(walkBoth(open, 'icmp echo 10.0.1.10 > 52.216.1.1'))).toBe('delivered');
    for (const packet of ['udp 10.0.1.10:40000 > 52.216.1.1:443', 'icmp 13.0 10.0.1.10 > 52.216.1.1']) {
      expect(outcome(walkBoth(open, packet))).toBe('dropped: gateway-check vpce-s3 VPCE_GATEWAY_PROTOCOL_RESTRICTION');
    }
  });

  test('VPCE-03: a sender outside the VPC is not served', () => {
    const appliance: Drawing = {
      ...DRAWING,
      groups: { ...DRAWING.groups, web: {} },
      enis: { ...DRAWING.enis, A: { subnet: 'P', address: '10.0.1.10', groups: ['web'], check: false } },
    };
    const trace = walkBoth(withEndpoints(appliance, {}), 'tcp 10.9.9.9:40000@eni-a > 52.216.1.1:443');
    expect(outcome(trace)).toBe('dropped: gateway-check vpce-s3 NO_POSSIBLE_DESTINATION');
  });

  test('NACL-24: lists see the addresses of the service, out and in', () => {
    const filtered = (nacl: NaclDrawing): Network =>
      withEndpoints({ ...DRAWING, subnets: { ...DRAWING.subnets, P: { ...DRAWING.subnets!.P!, nacl } } }, {});
    const out = filtered({ in: ['100 allow all 0.0.0.0/0'], out: ['100 allow tcp/443 52.216.0.0/15'] });
    const trace = walkBoth(out, 'tcp 10.0.1.10:40000 > 52.216.1.1:443');
    expect(outcome(trace)).toBe('delivered');
    expect(asked(trace.reply, ...NACLS)).toEqual(['nacl-in acl-p 100']);
    const deaf = filtered({ in: ['100 allow all 10.0.0.0/8'], out: ['100 allow all 0.0.0.0/0'] });
    expect(outcome(walkBoth(deaf, 'tcp 10.0.1.10:40000 > 52.216.1.1:443'))).toBe(
      'one-way: nacl-in acl-p * SUBNET_ACL_RESTRICTION',
    );
  });

  test('VPCE-11: one that is not available forwards nothing', () => {
    const pending = withEndpoints(DRAWING, { state: 'pendingAcceptance' });
    expect(outcome(walkBoth(pending, 'tcp 10.0.1.10:40000 > 52.216.1.1:443'))).toBe(
      'dropped: gateway-check vpce-s3 BAD_STATE',
    );
  });

  test('CT-07: DynamoDB over a gateway endpoint is tracked whatever the rules', () => {
    const open = {
      ...DRAWING,
      groups: { ...DRAWING.groups, web: { in: ['tcp from 0.0.0.0/0'], out: ['all to 0.0.0.0/0'] } },
    };
    const by = (serviceName: string): unknown =>
      tracking(walkBoth(withEndpoints(open, { serviceName }), 'tcp 10.0.1.10:40000 > 52.216.1.1:443').forward);
    expect(by('com.amazonaws.us-east-1.s3')).toEqual(['untracked']);
    expect(by('com.amazonaws.us-east-1.dynamodb')).toEqual(['new']);
  });

  test('an endpoint that the snapshot lacks leaves it open', () => {
    const trace = walkBoth(withEndpoints(DRAWING), 'tcp 10.0.1.10:40000 > 52.216.1.1:443');
    expect([trace.verdict, trace.unknowns.map(({ key }) => key)]).toEqual(['unknown', ['target:vpce-s3']]);
  });
});

describe('interface endpoints', () => {
  test('VPCE-04, NACL-25: reached by ordinary routes, over the lists in between, past its own group', () => {
    const trace = walkBoth(INTERFACE, 'tcp 10.0.1.10:40000 > 10.0.2.20:443');
    expect(outcome(trace)).toBe('delivered');
    expect(asked(trace.forward, ...NACLS)).toEqual(['nacl-out acl-default-1 100', 'nacl-in acl-default-1 100']);
    expect(places(trace.forward).at(-1)).toBe('com.amazonaws.us-east-1.sqs');
    const closed = withEndpoints({ ...DRAWING, groups: { ...DRAWING.groups, service: { in: [] } } }, {}, SQS);
    expect(outcome(walkBoth(closed, 'tcp 10.0.1.10:40000 > 10.0.2.20:443'))).toBe(
      'dropped: security-group-in sg-service SG_HAS_NO_RULES',
    );
  });

  test('VPCE-04: it does not answer ping', () => {
    expect(outcome(walkBoth(INTERFACE, 'icmp echo 10.0.1.10 > 10.0.2.20'))).toBe(
      'dropped: gateway-check vpce-sqs PROTOCOL_RESTRICTION',
    );
  });

  test('VPCE-05: it starts nothing', () => {
    expect(outcome(walkBoth(INTERFACE, 'tcp 10.0.2.20:40000 > 10.0.1.10:443'))).toBe(
      'dropped: host eni-e VPCE_INTRA_VPC_TRAFFIC',
    );
  });

  test('VPCE-07: what lies behind the service of somebody else is not known', () => {
    const foreign = withEndpoints(DRAWING, {}, { ...SQS, serviceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-1' });
    expect(outcome(walkBoth(foreign, 'tcp 10.0.1.10:40000 > 10.0.2.20:443'))).toBe('unknown');
  });

  test('CT-07: connections to it are tracked whatever the rules', () => {
    const open = { in: ['tcp from 0.0.0.0/0'], out: ['all to 0.0.0.0/0'] };
    const network = withEndpoints({ ...DRAWING, groups: { web: open, service: open } }, {}, SQS);
    expect(tracking(walkBoth(network, 'tcp 10.0.1.10:40000 > 10.0.2.20:443').forward)).toEqual(['new', 'new']);
  });
});

describe('endpoints of Gateway Load Balancers', () => {
  const INSPECTED: Drawing = {
    vpc: '10.0.0.0/16',
    igw: true,
    subnets: {
      P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'vpce-gwlb' } },
      W: { cidr: '10.0.3.0/24', routes: { '0.0.0.0/0': 'igw' } },
    },
    igwRoutes: { '10.0.1.0/24': 'vpce-gwlb' },
    enis: { A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10' } },
  };
  const GWLB: Partial<VpcEndpoint> = { id: 'vpce-gwlb', kind: 'gateway-load-balancer', subnetIds: ['subnet-w'] };

  test('VPCE-08, VPCE-09: past the appliances, and on by the table of the endpoint’s subnet; the answer the same way', () => {
    const trace = walkBoth(withEndpoints(INSPECTED, GWLB), 'tcp 10.0.1.10:40000 > 203.0.113.7:443');
    expect(outcome(trace)).toBe('delivered');
    expect(routes(trace.forward)).toEqual(['0.0.0.0/0 in rtb-p', '0.0.0.0/0 in rtb-w']);
    expect(places(trace.forward)).toContain('subnet-w');
    expect(routes(trace.reply)).toEqual(['10.0.1.0/24 in rtb-igw-1', '10.0.0.0/16 in rtb-w']);
  });

  test('NACL-21, NACL-25: the list of the endpoint’s subnet is asked', () => {
    const closed = {
      ...INSPECTED,
      subnets: {
        ...INSPECTED.subnets!,
        W: { ...INSPECTED.subnets!.W!, nacl: { in: [], out: ['100 allow all 0.0.0.0/0'] } },
      },
    };
    expect(outcome(walkBoth(withEndpoints(closed, GWLB), 'tcp 10.0.1.10:40000 > 203.0.113.7:443'))).toBe(
      'dropped: nacl-in acl-w * SUBNET_ACL_RESTRICTION',
    );
  });
});
