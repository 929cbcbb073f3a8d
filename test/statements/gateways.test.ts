/** IGW and NAT: leaving a VPC and entering it. */

import { expect, test } from 'vitest';
import type { Drawing } from '../support/drawing.ts';
import { dualStackExample, example } from './example.ts';
import { asked, NACLS, outcome, places, routes, sent, sessionOf, walk } from './walks.ts';

const OUT = 'tcp 10.0.1.10:40000 > 203.0.113.7:443';
const IN = 'tcp 203.0.113.7:40000 > 198.51.100.10:443';

test('IGW-01: routes to a gateway that is attached to nothing lead nowhere', () => {
  const drawing = { ...example(), igw: 'detached' };
  expect(outcome(walk(drawing, OUT))).toMatch(/^dropped: .*(BAD_STATE_ROUTE|BAD_STATE_ATTACHMENT)$/);
  expect(walk({ ...example(), igw: 'detaching' }, OUT).verdict).toBe('dropped');
});

test('IGW-02: a sender without a public address does not get out by the internet gateway', () => {
  const drawing = example({ enis: { A: { public: {} } } });
  expect(outcome(walk(drawing, OUT))).toBe('dropped: gateway-check igw-1 IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
});

test('IGW-02: the gateway replaces the source address and leaves the ports', () => {
  const { forward } = walk(example(), OUT);
  expect(forward.received).toMatchObject({
    source: '198.51.100.10',
    sourcePort: '40000',
    destination: '203.0.113.7',
    destinationPort: '443',
  });
});

test('IGW-03: the gateway replaces the destination address by the private one', () => {
  const { forward } = walk(example(), IN);
  expect(forward.received).toMatchObject({ source: '203.0.113.7', destination: '10.0.1.10', destinationPort: '443' });
  expect(forward.to.id).toBe('eni-a');
});

test('IGW-03: a public address that nobody in the snapshot has is dropped at the gateway', () => {
  expect(outcome(walk(example(), 'tcp 203.0.113.7:40000@igw-1 > 198.51.100.200:443'))).toMatch(
    /^dropped: .*IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS$/,
  );
});

test('IGW-04: each private address has its own public one, secondary addresses too', () => {
  const drawing = example({
    enis: {
      A: {
        address: ['10.0.1.10', '10.0.1.11'],
        public: { '10.0.1.10': '198.51.100.10', '10.0.1.11': '198.51.100.11' },
      },
    },
  });
  expect(walk(drawing, 'tcp 10.0.1.11:40000 > 203.0.113.7:443').forward.received.source).toBe('198.51.100.11');
  expect(walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.11:443').forward.received.destination).toBe('10.0.1.11');
  const onlyPrimary = example({ enis: { A: { address: ['10.0.1.10', '10.0.1.11'] } } });
  expect(outcome(walk(onlyPrimary, 'tcp 10.0.1.11:40000 > 203.0.113.7:443'))).toBe(
    'dropped: gateway-check igw-1 IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  );
});

test('IGW-05: IPv6 passes the gateway untranslated, both ways', () => {
  const leaving = walk(dualStackExample(), 'tcp [2001:db8:1:1::a]:40000 > [2001:db8:ffff::7]:443');
  expect(outcome(leaving)).toBe('delivered');
  expect(leaving.forward.received.source).toBe('2001:db8:1:1::a');
  const entering = walk(dualStackExample(), 'tcp [2001:db8:ffff::7]:40000 > [2001:db8:1:1::a]:443');
  expect(outcome(entering)).toBe('delivered');
  expect(entering.forward.received.destination).toBe('2001:db8:1:1::a');
});

test('IGW-05: an interface that denies the gateway gets no IPv6 from the internet', () => {
  const drawing = dualStackExample({ enis: { A: { denyAllIgwTraffic: true } } });
  expect(walk(drawing, 'tcp [2001:db8:ffff::7]:40000 > [2001:db8:1:1::a]:443').verdict).toBe('dropped');
  expect(outcome(walk(drawing, 'tcp [2001:db8:1:2::b]:40000 > [2001:db8:1:1::a]:443'))).toBe('delivered');
});

test('IGW-06, OPEN-16: with a public address and no route back the packet arrives and its answer does not leave', () => {
  const drawing = example({ subnets: { Q: { routes: {} } }, enis: { B: { public: '198.51.100.20' } } });
  const trace = walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.20:443');
  expect(trace.forward.outcome).toBe('delivered');
  expect(outcome(trace)).toBe('one-way: route rtb-q NO_ROUTE_TO_DESTINATION');
  expect(trace.assumptions).toContain('OPEN-16');
});

const refused = [
  // packet                                       code
  ['tcp 10.0.1.10:40000 > 192.168.7.7:443', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'],
  ['tcp 10.0.1.10:40000 > 172.16.0.1:443', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'],
  ['tcp 10.0.1.10:40000 > 172.31.255.255:443', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'],
  ['tcp 10.0.1.10:40000 > 10.255.0.1:443', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'],
  ['tcp 10.0.1.10:40000 > 100.64.0.0:443', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS'],
  ['tcp 10.0.1.10:40000 > 100.127.255.255:443', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS'],
  ['tcp 192.168.7.7:40000@igw-1 > 198.51.100.10:443', 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS'],
  ['tcp 100.64.0.1:40000@igw-1 > 198.51.100.10:443', 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS'],
] as const;
for (const [packet, code] of refused) {
  test(`IGW-07: the gateway drops ${packet} (${code})`, () => {
    expect(outcome(walk(example(), packet))).toMatch(new RegExp(`^dropped: gateway-check .*${code}$`));
  });
}

const notRefused = ['172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0', '192.167.255.255', '192.169.0.0'];
for (const address of notRefused) {
  test(`IGW-07: the gateway lets ${address} out, which lies beside a private range`, () => {
    expect(outcome(walk(example(), `tcp 10.0.1.10:40000 > ${address}:443`))).toBe('delivered');
  });
}

test('IGW-07: packets from the internet with an address of the VPC as source are dropped', () => {
  const drawing = dualStackExample();
  expect(walk(drawing, 'tcp [2001:db8:1:2::b]:40000@igw-1 > [2001:db8:1:1::a]:443').verdict).toBe('dropped');
});

for (const address of ['0.0.0.9', '127.0.0.1', '169.254.1.1', '224.0.0.1', '240.0.0.1']) {
  test(`IGW-07, OPEN-30: ${address} is not routable on the internet`, () => {
    const trace = walk(example(), `tcp 10.0.1.10:40000 > ${address}:443`);
    expect(trace.verdict).toBe('dropped');
    expect(trace.assumptions).toContain('OPEN-30');
  });
}

/** A and a second public host in the same subnet. */
const NEIGHBOURS = example({
  groups: { web: { in: ['tcp/443 from 198.51.100.10/32'] } },
  enis: { B: { subnet: 'P', address: '10.0.1.20', public: '198.51.100.20', groups: ['web'] } },
});

test('IGW-08, OPEN-17: to a public address of the same VPC the way is out of the gateway and in again', () => {
  const trace = walk(NEIGHBOURS, 'tcp 10.0.1.10:40000 > 198.51.100.20:443');
  expect(outcome(trace)).toBe('delivered');
  expect(trace.forward.received).toMatchObject({ source: '198.51.100.10', destination: '10.0.1.20' });
  expect(places(trace.forward)).toContain('igw-1');
  expect(trace.assumptions).toContain('OPEN-17');
});

test('IGW-09: a publicly routable block of a VPC does not make its addresses public', () => {
  const drawing: Drawing = {
    vpc: '198.18.0.0/16',
    igw: true,
    subnets: { P: { cidr: '198.18.1.0/24', routes: { '0.0.0.0/0': 'igw' } } },
    groups: { open: { in: ['all from 0.0.0.0/0'] } },
    enis: { A: { subnet: 'P', address: '198.18.1.10', groups: ['open'] } },
  };
  expect(outcome(walk(drawing, 'tcp 198.18.1.10:40000 > 203.0.113.7:443'))).toBe(
    'dropped: gateway-check igw-1 IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  );
  expect(walk(drawing, 'tcp 203.0.113.7:40000@igw-1 > 198.18.1.10:443').verdict).toBe('dropped');
});

const B_OUT = 'tcp 10.0.2.20:40000 > 203.0.113.7:443';

test('NAT-01: a NAT gateway passes the answer and nothing that nobody asked for', () => {
  expect(outcome(walk(example(), B_OUT))).toBe('delivered');
  const unasked = walk(example(), 'tcp 203.0.113.7:40000 > 198.51.100.99:443');
  expect(unasked.verdict).toBe('dropped');
  expect(unasked.forward.to.id).toBe('nat-g');
});

test('NAT-01: what another host sends to the translated port is no answer', () => {
  const session = sessionOf(example());
  expect(sent(session.send(B_OUT, { at: 0 }))).toBe('delivered');
  expect(session.send('tcp 203.0.113.8:443 > 198.51.100.99:40000 flags SA', { at: 1 }).verdict).toBe('dropped');
  expect(sent(session.answer({ at: 2 }))).toBe('delivered');
});

test('NAT-02: at the internet the source is the gateway’s public address and the destination unchanged', () => {
  const { forward, reply } = walk(example(), B_OUT);
  expect(forward.received).toMatchObject({
    source: '198.51.100.99',
    sourcePort: '1024-65535',
    destination: '203.0.113.7',
    destinationPort: '443',
  });
  expect(reply?.received).toMatchObject({
    source: '203.0.113.7',
    sourcePort: '443',
    destination: '10.0.2.20',
    destinationPort: '40000',
  });
});

test('NAT-02: the lists and tables on the way out and back', () => {
  const drawing = example({ subnets: { Q: { nacl: {} }, N: { nacl: {} } } });
  const { forward, reply } = walk(drawing, B_OUT);
  expect(asked(forward, ...NACLS)).toEqual(['nacl-out acl-q 100', 'nacl-in acl-n 100', 'nacl-out acl-n 100']);
  expect(routes(forward)).toEqual(['0.0.0.0/0 in rtb-q', '0.0.0.0/0 in rtb-n']);
  expect(asked(reply, ...NACLS)).toEqual(['nacl-in acl-n 100', 'nacl-out acl-n 100', 'nacl-in acl-q 100']);
});

const states = [
  ['available', 'delivered'],
  ['pending', 'dropped'],
  ['failed', 'dropped'],
  ['deleting', 'dropped'],
  ['deleted', 'dropped'],
] as const;
for (const [state, expected] of states) {
  test(`NAT-03: a NAT gateway that is ${state}: ${expected}`, () => {
    const nats = { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99', state } };
    const trace = walk(example({ nats }), B_OUT);
    expect(trace.verdict).toBe(expected);
    if (expected === 'dropped') expect(outcome(trace)).toMatch(/ BAD_STATE$/);
    if (state === 'deleting') expect(trace.forward.blockers[0]?.text).toContain('may still forward for a while');
  });
}

test('NAT-04: a private NAT gateway does not get out by an internet gateway', () => {
  const drawing = example({ nats: { G: { subnet: 'N', address: '10.0.9.5' } } });
  expect(outcome(walk(drawing, B_OUT))).toBe('dropped: gateway-check igw-1 IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
});

test('NAT-04: a private NAT gateway sends on inside the VPC with its own address', () => {
  const drawing = example({
    nats: { G: { subnet: 'N', address: '10.0.9.5' } },
    subnets: { P: { routes: { '10.0.2.0/24': 'nat-g', '0.0.0.0/0': 'igw' } } },
  });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.2.20:443');
  expect(trace.forward.received).toMatchObject({ source: '10.0.9.5', destination: '10.0.2.20' });
  expect(outcome(trace)).toBe('delivered');
});

/** X routes to the internet through its peer Y, whose NAT gateway is in R. */
test('NAT-05: a NAT gateway serves nobody at the far side of a peering connection', () => {
  const drawing: Drawing = {
    vpcs: {
      X: {
        vpc: '10.0.0.0/16',
        subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'pcx-xy' } } },
        groups: { open: { in: ['all from 0.0.0.0/0'] } },
        enis: { A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] } },
      },
      Y: {
        vpc: '10.1.0.0/16',
        igw: true,
        subnets: { R: { cidr: '10.1.1.0/24', routes: { '0.0.0.0/0': 'igw', '10.0.0.0/16': 'pcx-xy' } } },
        nats: { H: { subnet: 'R', address: '10.1.1.5', public: '198.51.100.98' } },
      },
    },
    peerings: { XY: { from: 'X', to: 'Y' } },
  };
  expect(outcome(walk(drawing, OUT))).toMatch(
    /^dropped: .*(NGW_REQUIRES_SOURCE_IN_VPC|PCX_REQUIRES_ADDRESS_IN_VPC_CIDR)$/,
  );
});

/** B sits behind nat-g, which reaches the peer VPC Y; Y has no route back. */
const NO_WAY_BACK: Drawing = {
  vpcs: {
    X: {
      vpc: '10.0.0.0/16',
      igw: true,
      subnets: {
        P: { cidr: '10.0.1.0/24', routes: { '10.1.0.0/16': 'pcx-xy' } },
        Q: { cidr: '10.0.2.0/24', routes: { '10.1.0.0/16': 'nat-g' } },
        N: { cidr: '10.0.9.0/24', routes: { '10.1.0.0/16': 'pcx-xy', '0.0.0.0/0': 'igw' } },
      },
      groups: { open: { in: ['all from 0.0.0.0/0'] } },
      enis: {
        A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
        B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
      },
      nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
    },
    Y: {
      vpc: '10.1.0.0/16',
      subnets: { R: { cidr: '10.1.1.0/24', routes: {} } },
      groups: { openy: { in: ['all from 0.0.0.0/0'] } },
      enis: { C: { subnet: 'R', address: '10.1.1.30', groups: ['openy'] } },
    },
  },
  peerings: { XY: { from: 'X', to: 'Y' } },
};

test('NAT-06: over peering the answer finds back to the NAT gateway without a route', () => {
  const trace = walk(NO_WAY_BACK, 'tcp 10.0.2.20:40000 > 10.1.1.30:443');
  expect(trace.forward.received.source).toBe('10.0.9.5');
  expect(outcome(trace)).toBe('delivered');
});

test('NAT-06: a plain interface gets no such treatment', () => {
  expect(outcome(walk(NO_WAY_BACK, 'tcp 10.0.1.10:40000 > 10.1.1.30:443'))).toBe(
    'one-way: route rtb-r NO_ROUTE_TO_DESTINATION',
  );
});

test('NAT-06: only an ACL stops the answer on its way back to the NAT gateway', () => {
  const vpcs = NO_WAY_BACK.vpcs ?? {};
  const closed = { R: { cidr: '10.1.1.0/24', routes: {}, nacl: { out: ['100 deny tcp/1024-65535 10.0.9.5/32'] } } };
  const drawing = { ...NO_WAY_BACK, vpcs: { ...vpcs, Y: { ...vpcs.Y, subnets: closed } } };
  expect(outcome(walk(drawing, 'tcp 10.0.2.20:40000 > 10.1.1.30:443'))).toBe(
    'one-way: nacl-out acl-r 100 SUBNET_ACL_RESTRICTION',
  );
});

test('NAT-07: a NAT gateway forgets a connection that was idle for 350 seconds', () => {
  const after = (idle: number): string => {
    const session = sessionOf(example());
    session.send(B_OUT, { at: 0 });
    session.answer({ at: 0 });
    return session.send('tcp 203.0.113.7:443 > 198.51.100.99:40000 flags PA', { at: idle }).verdict;
  };
  expect([after(349), after(351)]).toEqual(['delivered', 'dropped']);
});

test('NAT-08: a regional NAT gateway has no subnet, so no list of its own is asked', () => {
  const drawing = example({
    nats: { G: { public: '198.51.100.99' } },
    subnets: { Q: { nacl: {} } },
  });
  const trace = walk(drawing, B_OUT);
  expect(outcome(trace)).toBe('delivered');
  expect(asked(trace.forward, ...NACLS)).toEqual(['nacl-out acl-q 100']);
});

test('NAT-09: NAT64 turns 64:ff9b::c000:201 into 192.0.2.1, and the answer back', () => {
  const drawing = dualStackExample({ subnets: { Q: { routes: { '0.0.0.0/0': 'nat-g', '64:ff9b::/96': 'nat-g' } } } });
  const trace = walk(drawing, 'tcp [2001:db8:1:2::b]:40000 > [64:ff9b::c000:201]:443');
  expect(trace.forward.received).toMatchObject({ source: '198.51.100.99', destination: '192.0.2.1' });
  expect(outcome(trace)).toBe('delivered');
  expect(trace.reply?.received).toMatchObject({ source: '64:ff9b::c000:201', destination: '2001:db8:1:2::b' });
});

test('NAT-09: other v6 has no way through a NAT gateway, which has no v6 address to give it', () => {
  const drawing = dualStackExample({ subnets: { Q: { routes: { '::/0': 'nat-g' } } } });
  const trace = walk(drawing, 'tcp [2001:db8:1:2::b]:40000 > [2001:db8:ffff::1]:443');
  expect(outcome(trace)).toBe('dropped: gateway-check nat-g PROTOCOL_RESTRICTION');
});

test('NAT-10: what a NAT instance does with a packet is for its own software to say', () => {
  const drawing = example({
    subnets: { Q: { routes: { '0.0.0.0/0': 'eni-m' } } },
    enis: { M: { subnet: 'P', address: '10.0.1.77', public: '198.51.100.77', groups: ['open'], check: false } },
  });
  expect(walk(drawing, B_OUT).verdict).toBe('unknown');
});

test('NAT-11: an egress-only gateway lets IPv6 out and its answers in, and nothing else', () => {
  const drawing = dualStackExample();
  const leaving = walk(drawing, 'tcp [2001:db8:1:2::b]:40000 > [2001:db8:ffff::7]:443');
  expect(outcome(leaving)).toBe('delivered');
  expect(places(leaving.forward)).toContain('eigw-1');
  const withoutIgw = { ...dualStackExample({ subnets: { P: { routes: {} }, N: { routes: {} } } }), igw: false };
  const entering = walk(withoutIgw, 'tcp [2001:db8:ffff::7]:40000@eigw-1 > [2001:db8:1:2::b]:443');
  expect(entering.verdict).toBe('dropped');
});
