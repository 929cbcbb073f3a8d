/** Stateful gateways over time: the ports that a NAT gateway chooses, whose answers reach whom, NAT64, egress-only gateways. */

import { describe, expect, test } from 'vitest';
import { createNet, type Session } from '../../src/explain/net.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const SERVER = '203.0.113.7';
const EIP = '198.51.100.99';

/** B and C behind the NAT gateway in N, which the internet knows as 198.51.100.99. */
const DRAWING: Drawing = {
  vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
  igw: true,
  eigw: true,
  subnets: {
    Q: {
      cidr: ['10.0.2.0/24', '2001:db8:1:2::/64'],
      routes: { '0.0.0.0/0': 'nat-g', '64:ff9b::/96': 'nat-g', '::/0': 'eigw' },
    },
    N: { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' } },
  },
  nats: { G: { subnet: 'N', address: '10.0.9.5', public: EIP } },
  enis: {
    B: { subnet: 'Q', address: '10.0.2.20', v6: '2001:db8:1:2::b' },
    C: { subnet: 'Q', address: '10.0.2.30', v6: '2001:db8:1:2::c' },
  },
};

const sessionOf = (drawing: Drawing = DRAWING): Session => createNet(networkOf(drawing)).session();

/** The flows that the gateway has outside: `10.0.9.5:40000 > 203.0.113.7:443`. */
const outside = (session: Session): readonly string[] =>
  session
    .connections()
    .filter(({ eni }) => eni === 'nat-g (outside)')
    .map(({ originator, responder }) => `${originator} > ${responder}`);

/** `delivered eni-b`, or `dropped CODE`. */
function fate(session: Session, packet: string, at?: number): string {
  const { verdict, leg } = session.send(packet, at === undefined ? {} : { at });
  return `${verdict} ${leg.blockers[0]?.code ?? leg.to.id}`;
}

describe('the port that a NAT gateway chooses (NAT-02)', () => {
  test.each([
    [40000, 40000],
    [1024, 1024],
    [65535, 65535],
    // A port below the range is moved into it.
    [1023, 2047],
    [443, 1467],
    [0, 1024],
  ])('for a packet from port %i is %i', (port, chosen) => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:${port} > ${SERVER}:443`);
    expect(outside(session)).toEqual([`10.0.9.5:${chosen} > ${SERVER}:443`]);
  });

  test('is another one for a second host with the same port to the same server', () => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:40000 > ${SERVER}:443`);
    session.send(`tcp 10.0.2.30:40000 > ${SERVER}:443`);
    expect(outside(session)).toEqual([`10.0.9.5:40000 > ${SERVER}:443`, `10.0.9.5:40001 > ${SERVER}:443`]);
    expect(fate(session, `tcp ${SERVER}:443 > ${EIP}:40001 flags SA`)).toBe('delivered eni-c');
    expect(fate(session, `tcp ${SERVER}:443 > ${EIP}:40000 flags SA`)).toBe('delivered eni-b');
    expect(fate(session, `tcp ${SERVER}:443 > ${EIP}:40002 flags SA`)).toBe('dropped NGW_DEST_ADDRESS_PRESERVATION');
  });

  test('is the sender’s own where only the server, its port or the protocol differs', () => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:40000 > ${SERVER}:443`);
    session.send(`tcp 10.0.2.30:40000 > ${SERVER}:80`);
    session.send('tcp 10.0.2.30:40000 > 203.0.113.8:443');
    session.send(`udp 10.0.2.30:40000 > ${SERVER}:443`);
    expect(outside(session)).toHaveLength(4);
    expect(outside(session).every((flow) => flow.startsWith('10.0.9.5:40000 >'))).toBe(true);
  });

  test('goes on from the end of the range at its beginning', () => {
    const session = sessionOf();
    session.send(`udp 10.0.2.20:65535 > ${SERVER}:53`);
    session.send(`udp 10.0.2.30:65535 > ${SERVER}:53`);
    expect(outside(session)).toEqual([`10.0.9.5:1024 > ${SERVER}:53`, `10.0.9.5:65535 > ${SERVER}:53`]);
  });

  test('stays the same for the packets that follow, and is free again when the flow is forgotten', () => {
    const session = sessionOf();
    session.send(`udp 10.0.2.20:40000 > ${SERVER}:53`, { at: 0 });
    session.send(`udp 10.0.2.30:40000 > ${SERVER}:53`, { at: 100 });
    session.send(`udp 10.0.2.30:40000 > ${SERVER}:53`, { at: 101 });
    expect(outside(session)).toHaveLength(2);
    session.send(`udp 10.0.2.30:40000 > ${SERVER}:123`, { at: 400 });
    session.send(`udp 10.0.2.20:40000 > ${SERVER}:123`, { at: 401 });
    expect(outside(session)).toEqual([
      `10.0.9.5:40000 > ${SERVER}:123`,
      `10.0.9.5:40001 > ${SERVER}:123`,
      `10.0.9.5:40001 > ${SERVER}:53`,
    ]);
  });

  test('of ICMP is the identifier, chosen from all of them', () => {
    const session = sessionOf();
    session.send(`icmp echo 10.0.2.20 > ${SERVER} id 7`);
    session.send(`icmp echo 10.0.2.30 > ${SERVER} id 7`);
    expect(
      session
        .connections()
        .filter(({ eni }) => eni === 'nat-g (outside)')
        .map(({ state }) => state),
    ).toEqual(['new (id 7)', 'new (id 8)']);
    expect(fate(session, `icmp echo-reply ${SERVER} > ${EIP} id 8`)).toBe('delivered eni-c');
    const { leg } = session.send(`icmp echo-reply ${SERVER} > ${EIP} id 7`);
    expect(leg.to.id).toBe('eni-b');
  });
});

describe('NAT-01: only answers come back', () => {
  test('an answer has the sender’s address and port again', () => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:443 > ${SERVER}:443`);
    const { leg } = session.answer();
    expect(leg.received).toMatchObject({ source: SERVER, destination: '10.0.2.20', destinationPort: '443' });
  });

  test.each([
    ['another server', `tcp 203.0.113.8:443 > ${EIP}:40000 flags SA`],
    ['another port of the server', `tcp ${SERVER}:80 > ${EIP}:40000 flags SA`],
    ['another protocol', `udp ${SERVER}:443 > ${EIP}:40000`],
  ])('%s gets nothing through', (_what, packet) => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:40000 > ${SERVER}:443`);
    expect(fate(session, packet)).toBe('dropped NGW_DEST_ADDRESS_PRESERVATION');
  });

  test('NAT-07: a flow that was idle for 350 s is forgotten, one of 349 s is not', () => {
    const answer = `tcp ${SERVER}:443 > ${EIP}:40000 flags SA`;
    for (const [at, expected] of [
      [349, 'delivered eni-b'],
      [350, 'dropped NGW_DEST_ADDRESS_PRESERVATION'],
    ] as const) {
      const session = sessionOf();
      session.send(`tcp 10.0.2.20:40000 > ${SERVER}:443`, { at: 0 });
      expect(fate(session, answer, at)).toBe(expected);
    }
  });

  test('NAT-07: packets of either end keep it alive', () => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:40000 > ${SERVER}:443`, { at: 0 });
    expect(fate(session, `tcp ${SERVER}:443 > ${EIP}:40000 flags SA`, 300)).toBe('delivered eni-b');
    expect(fate(session, `tcp 10.0.2.20:40000 > ${SERVER}:443 flags A`, 600)).toBe('delivered internet');
    expect(fate(session, `tcp ${SERVER}:443 > ${EIP}:40000 flags A`, 900)).toBe('delivered eni-b');
    expect(outside(session)).toHaveLength(1);
  });

  test('NAT-07: packets of the sender alone keep it alive, with the port that it has', () => {
    const session = sessionOf();
    for (const at of [0, 300, 600, 900]) session.send(`udp 10.0.2.20:40000 > ${SERVER}:53`, { at });
    expect(outside(session)).toEqual([`10.0.9.5:40000 > ${SERVER}:53`]);
  });

  test('a packet after the flow was forgotten starts another', () => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:40000 > ${SERVER}:443`, { at: 0 });
    expect(fate(session, `tcp 10.0.2.20:40000 > ${SERVER}:443 flags A`, 400)).toBe('delivered internet');
    expect(fate(session, `tcp ${SERVER}:443 > ${EIP}:40000 flags A`, 401)).toBe('delivered eni-b');
  });

  test('a reset ends the flow on both sides of the gateway', () => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:40000 > ${SERVER}:443`);
    session.send(`tcp ${SERVER}:443 > ${EIP}:40000 flags RA`);
    expect(session.connections()).toEqual([]);
  });

  test('CT-16: an error about a flow reaches who sent the flow, with the header that it sent', () => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.20:443 > ${SERVER}:443`);
    const about = (port: number): string => `icmp 3.4 203.0.113.1 > ${EIP} about (tcp ${EIP}:${port} > ${SERVER}:443)`;
    expect(fate(session, about(1467))).toBe('delivered eni-b');
    expect(fate(session, about(1468))).toBe('dropped NGW_DEST_ADDRESS_PRESERVATION');
  });
});

describe('NAT-09: NAT64', () => {
  test('a packet to 64:ff9b::/96 leaves as IPv4, and its answer comes back as IPv6', () => {
    const session = sessionOf();
    const { leg } = session.send('tcp [2001:db8:1:2::b]:40000 > [64:ff9b::203.0.113.7]:443');
    expect(leg.received).toMatchObject({ source: EIP, destination: SERVER, destinationPort: '443' });
    expect(outside(session)).toEqual([`10.0.9.5:40000 > ${SERVER}:443`]);
    const back = session.answer().leg;
    expect(back.to.id).toBe('eni-b');
    expect(back.received).toMatchObject({ source: '64:ff9b::cb00:7107', destination: '2001:db8:1:2::b' });
  });

  test('pings become IPv4 pings, and their answers IPv6 ones', () => {
    const session = sessionOf();
    const { leg } = session.send('icmp echo 2001:db8:1:2::b > 64:ff9b::203.0.113.7 id 7');
    expect(leg.received).toMatchObject({ protocol: 'icmp', destination: SERVER, icmpType: 8 });
    expect(session.answer().leg.received).toMatchObject({
      protocol: 'icmpv6',
      icmpType: 129,
      destination: '2001:db8:1:2::b',
    });
  });

  test('shares its ports with IPv4 flows to the same server', () => {
    const session = sessionOf();
    session.send(`tcp 10.0.2.30:40000 > ${SERVER}:443`);
    session.send('tcp [2001:db8:1:2::b]:40000 > [64:ff9b::203.0.113.7]:443');
    expect(outside(session)).toEqual([`10.0.9.5:40000 > ${SERVER}:443`, `10.0.9.5:40001 > ${SERVER}:443`]);
    expect(fate(session, `tcp ${SERVER}:443 > ${EIP}:40001 flags SA`)).toBe('delivered eni-b');
    expect(fate(session, `tcp ${SERVER}:443 > ${EIP}:40000 flags SA`)).toBe('delivered eni-c');
  });
});

describe('NAT-11: an egress-only gateway', () => {
  const [OUT, BACK] = [
    'tcp [2001:db8:1:2::b]:40000 > [2001:db8:ffff::7]:443',
    'tcp [2001:db8:ffff::7]:443 > [2001:db8:1:2::b]:40000 flags SA',
  ];

  test('passes answers of the flows that it has seen, untranslated', () => {
    const session = sessionOf({ ...DRAWING, igw: false, nats: {} });
    expect(fate(session, BACK)).toMatch(/^dropped/);
    expect(fate(session, OUT)).toBe('delivered internet');
    const { verdict, leg } = session.send(BACK);
    expect([verdict, leg.to.id, leg.received.destination]).toEqual(['delivered', 'eni-b', '2001:db8:1:2::b']);
    expect(fate(session, BACK.replace(':40000', ':40001'))).toMatch(/^dropped/);
  });

  test('OPEN-16: lets out no answer to a flow that came in by the internet gateway after it had forgotten its own', () => {
    const groups = { open: { in: ['tcp/40000 from 2001:db8:ffff::/48'] } };
    const enis = { B: { ...DRAWING.enis!.B!, groups: ['open'] } };
    const session = sessionOf({ ...DRAWING, groups, enis });
    expect(session.send(OUT, { at: 0 }).verdict).toBe('delivered');
    expect(session.send(BACK.replace('flags SA', 'flags S'), { at: 432_000 }).verdict).toBe('delivered');
    const { verdict, assumptions } = session.send(OUT, { at: 432_000 });
    expect([verdict, assumptions]).toEqual(['dropped', ['OPEN-16']]);
  });
});

test('a gateway with several addresses keeps the one it took for a flow, also when another becomes its first', () => {
  const drawing: Drawing = {
    vpc: '10.0.0.0/16',
    subnets: {
      Q: { cidr: '10.0.2.0/24', routes: { '10.0.3.0/24': 'nat-g' } },
      N: { cidr: '10.0.9.0/24' },
      // The second address is refused.
      R: { cidr: '10.0.3.0/24', nacl: { in: ['50 deny all 10.0.9.6/32', '100 allow all 0.0.0.0/0'] } },
    },
    nats: { G: { subnet: 'N', address: ['10.0.9.5', '10.0.9.6'] } },
    groups: { open: { in: ['all from 0.0.0.0/0'] } },
    enis: {
      B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
      D: { subnet: 'R', address: '10.0.3.30', groups: ['open'] },
    },
  };
  const session = sessionOf(drawing);
  const send = (port: number): string => {
    const { verdict, leg, unknowns } = session.send(`udp 10.0.2.20:${port} > 10.0.3.30:53`);
    return [verdict, leg.received.source, ...unknowns.map(({ key }) => key)].join(' ');
  };
  expect([send(40000), send(40000)]).toEqual(['unknown 10.0.9.5 nat-address:nat-g', 'delivered 10.0.9.5']);
  const [nat] = networkOf(drawing).natGateways;
  const addresses = nat!.addresses.map((address) => ({ ...address, isPrimary: !address.isPrimary }));
  session.apply({ kind: 'replace', network: { natGateways: [{ ...nat!, addresses }] } });
  expect([send(40001), send(40000)]).toEqual(['unknown 10.0.9.6 nat-address:nat-g', 'delivered 10.0.9.5']);
  expect(session.answer().leg.to.id).toBe('eni-b');
});
