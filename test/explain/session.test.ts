/** A session: packets in time order, time that passes, rules and interfaces that change, and the list of connections. */

import { describe, expect, test } from 'vitest';
import { createNet, type Session } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const DRAWING: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
    Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-g' } },
    N: { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' } },
  },
  nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
  groups: { web: { in: ['tcp/22 from 203.0.113.0/24', 'udp/53 from 203.0.113.0/24'], out: [] } },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20' },
  },
};

const sessionOf = (drawing: Drawing = DRAWING): Session => createNet(networkOf(drawing)).session();

const SSH = 'tcp 203.0.113.7:40000 > 198.51.100.10:22';
const DATA = `${SSH} flags A`;

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof QuestionError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('time', () => {
  test('starts at zero and goes on by packets and waits', () => {
    const session = sessionOf();
    expect(session.now).toBe(0);
    session.wait(10);
    expect(session.send(SSH).at).toBe(10);
    expect(session.send(DATA, { at: 12.5 }).at).toBe(12.5);
    session.wait(0);
    expect(session.answer({ at: 12.5 }).at).toBe(12.5);
    expect(session.now).toBe(12.5);
  });

  test('never runs backwards', () => {
    const session = sessionOf();
    session.send(SSH, { at: 10 });
    expect(refusal(() => session.send(DATA, { at: 9 }))).toBe("time 9 s is before the session's 10 s");
    expect(refusal(() => session.answer({ at: 9.9 }))).toBe("time 9.9 s is before the session's 10 s");
    expect(refusal(() => session.wait(-1))).toBe("time 9 s is before the session's 10 s");
    expect(session.now).toBe(10);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('is never %s', (seconds) => {
    const session = sessionOf();
    expect(refusal(() => session.wait(seconds))).toBe(`time ${seconds} is no number of seconds`);
    expect(refusal(() => session.send(SSH, { at: seconds }))).toBe(`time ${seconds} is no number of seconds`);
    expect([session.now, session.connections()]).toEqual([0, []]);
  });

  test('does not pass by a question that cannot be asked', () => {
    const session = sessionOf();
    expect(refusal(() => session.send('tcp nonsense', { at: 99 }))).toMatch(/^packet: expected/);
    expect(refusal(() => session.send('tcp 10.0.7.7:1 > 10.0.1.10:22', { at: 99 }))).toMatch(/^source 10\.0\.7\.7/);
    expect(refusal(() => session.answer({ at: 99 }))).toBe('nothing was delivered yet that could be answered');
    expect(session.now).toBe(0);
  });
});

describe('an answer', () => {
  test('is to the packet delivered last, from where it was delivered', () => {
    const session = sessionOf();
    session.send('tcp 10.0.2.20:40000 > 203.0.113.7:443');
    session.send(SSH);
    const { leg } = session.answer();
    expect(leg).toMatchObject({
      from: { id: 'eni-a' },
      to: { id: 'internet' },
      sent: { sourcePort: '22', tcpFlags: 'SA' },
    });
  });

  test('to a packet that was dropped is one to the packet before it', () => {
    const session = sessionOf();
    session.send(SSH);
    expect(session.send('tcp 203.0.113.7:40000 > 198.51.100.10:80').verdict).toBe('dropped');
    expect(session.answer().leg.sent.sourcePort).toBe('22');
  });

  test('can be answered in turn', () => {
    const session = sessionOf();
    session.send(SSH);
    const answers = [session.answer(), session.answer(), session.answer()].map(({ leg }) => [
      leg.to.id,
      leg.sent.tcpFlags,
    ]);
    expect(answers).toEqual([
      ['internet', 'SA'],
      ['eni-a', 'A'],
      ['internet', 'A'],
    ]);
  });

  test('to nothing, or to a kind of packet that nobody answers, is refused', () => {
    const session = sessionOf();
    expect(refusal(() => session.answer())).toBe('nothing was delivered yet that could be answered');
    session.send(SSH);
    session.send(`${SSH} flags R`);
    expect(refusal(() => session.answer())).toBe('its kind of packet has no answer');
  });
});

describe('rules that change', () => {
  test('CT-08: a tracked connection lives on, and new ones are judged by the new rules', () => {
    const session = sessionOf();
    session.send(SSH);
    session.answer();
    session.apply({ kind: 'remove-rule', rule: 'sg-web/in/0.0' });
    expect(session.send(DATA).verdict).toBe('delivered');
    expect(session.answer().verdict).toBe('delivered');
    expect(session.send(SSH.replace('40000', '40001')).leg.blockers[0]).toMatchObject({
      code: 'ENI_SG_RULES_MISMATCH',
    });
  });

  test('NACL-14: an ACL stops it at once', () => {
    const session = sessionOf();
    session.send(SSH);
    session.apply({ kind: 'remove-rule', rule: 'acl-default-1/out/100' });
    expect(session.answer().leg.blockers[0]).toMatchObject({ code: 'SUBNET_ACL_RESTRICTION' });
  });

  test('may be wrong: the error changes nothing', () => {
    const session = sessionOf();
    session.send(SSH);
    expect(refusal(() => session.apply({ kind: 'remove-rule', rule: 'sgr-none' }))).toMatch(/^no rule "sgr-none"/);
    expect(session.answer().verdict).toBe('delivered');
  });

  test('of one session leave the network and its other sessions alone', () => {
    const net = createNet(networkOf(DRAWING));
    const [one, other] = [net.session(), net.session()];
    one.apply({ kind: 'remove-rule', rule: 'sg-web/in/0.0' });
    expect([one.send(SSH).verdict, other.send(SSH).verdict, net.walk(SSH).verdict]).toEqual([
      'dropped',
      'delivered',
      'delivered',
    ]);
  });

  test('CT-09: idle times that change count from the last packet', () => {
    const network = networkOf(DRAWING);
    const [eni] = network.networkInterfaces;
    const session = sessionOf();
    session.send(SSH);
    const tracking = { tcpEstablished: 60, udpStream: null, udp: null };
    session.apply({ kind: 'replace', network: { networkInterfaces: [{ ...eni!, tracking }] } });
    expect(session.connections()[0]).toMatchObject({ eni: 'eni-a', expiresIn: 60 });
    session.wait(60);
    expect(session.connections()).toEqual([]);
  });
});

describe('interfaces that come and go', () => {
  const newcomer = networkOf({ ...DRAWING, enis: { ...DRAWING.enis, A0: { subnet: 'P', address: '10.0.1.9' } } });
  const added = newcomer.networkInterfaces.filter(({ id }) => id === 'eni-a0');

  test('a new one before all others takes nobody’s connections', () => {
    const session = sessionOf();
    session.send(SSH);
    session.send('udp 10.0.2.20:40000 > 203.0.113.7:53');
    const before = session.connections();
    session.apply({ kind: 'replace', network: { networkInterfaces: added } });
    expect(session.connections()).toEqual(before);
    expect(session.answer().leg.to.id).toBe('eni-b');
    expect(session.send(DATA).verdict).toBe('delivered');
  });

  test('one that moves to another address keeps what it knows, and answers for the old one no more', () => {
    const [eni] = networkOf(DRAWING).networkInterfaces;
    const [moved] = networkOf({
      ...DRAWING,
      enis: { A: { subnet: 'P', address: '10.0.1.77', public: '198.51.100.10', groups: ['web'] } },
    }).networkInterfaces;
    const session = sessionOf();
    session.send(SSH);
    session.apply({ kind: 'remove-rule', rule: 'sg-web/in/0.0' });
    expect(session.send(DATA).verdict).toBe('delivered');
    session.apply({ kind: 'replace', network: { networkInterfaces: [{ ...moved!, id: eni!.id }] } });
    expect(session.connections().map(({ responder }) => responder)).toEqual(['10.0.1.10:22']);
    expect(session.send(DATA).leg.blockers[0]).toMatchObject({ code: 'ENI_SG_RULES_MISMATCH' });
  });
});

describe('NAT-06: the way back over a peering', () => {
  const peered: Drawing = {
    vpcs: {
      X: {
        vpc: '10.0.0.0/16',
        subnets: {
          Q: { cidr: '10.0.2.0/24', routes: { '10.1.0.0/16': 'nat-g' } },
          N: { cidr: '10.0.9.0/24', routes: { '10.1.0.0/16': 'pcx-xy' } },
        },
        nats: { G: { subnet: 'N', address: '10.0.9.5' } },
        enis: { B: { subnet: 'Q', address: '10.0.2.20' } },
      },
      Y: {
        vpc: '10.1.0.0/16',
        subnets: { R: { cidr: '10.1.1.0/24' } },
        groups: { y: { in: ['tcp/443 from 10.0.0.0/16'] } },
        enis: { C: { subnet: 'R', address: '10.1.1.30', groups: ['y'] } },
      },
    },
    peerings: { XY: { from: 'X', to: 'Y' } },
  };

  test('is kept with the connection, also over later packets', () => {
    const session = sessionOf(peered);
    session.send('tcp 10.0.2.20:40000 > 10.1.1.30:443');
    // The gateway's own subnet routes the answer on as any other packet.
    const way = ['eni-c', 'subnet-r', 'pcx-xy', 'subnet-n', 'nat-g', 'subnet-n', 'subnet-q', 'eni-b'];
    for (let i = 0; i < 2; i++) {
      const answer = session.answer();
      expect(answer.leg.hops.map(({ place }) => place.id)).toEqual(way);
      expect([answer.verdict, session.answer().leg.to.id]).toEqual(['delivered', 'eni-c']);
    }
  });

  test('is for every packet that answers, also one that is written out', () => {
    const session = sessionOf(peered);
    session.send('tcp 10.0.2.20:40000 > 10.1.1.30:443');
    expect(session.send('tcp 10.1.1.30:443 > 10.0.9.5:40000 flags SA').leg.to.id).toBe('eni-b');
    // Another flow of the same host has no route back.
    expect(session.send('tcp 10.1.1.30:444 > 10.0.9.5:40000').leg.blockers[0]).toMatchObject({
      code: 'NO_ROUTE_TO_DESTINATION',
    });
  });

  test('is closed with the peering', () => {
    const session = sessionOf(peered);
    session.send('tcp 10.0.2.20:40000 > 10.1.1.30:443');
    const [peering] = networkOf(peered).peerings;
    session.apply({ kind: 'replace', network: { peerings: [{ ...peering!, state: 'deleted' }] } });
    expect(session.answer().leg.blockers[0]).toMatchObject({ code: 'BAD_STATE' });
  });
});

describe('the list of connections', () => {
  test('has a row for each interface and gateway that remembers a flow, in a fixed order', () => {
    const session = sessionOf();
    session.send('tcp 10.0.2.20:40000 > 203.0.113.7:443', { at: 0 });
    session.answer({ at: 1 });
    session.send(SSH, { at: 5 });
    session.wait(3);
    const flow = { protocol: 'tcp', responder: '203.0.113.7:443', state: 'established', idleSeconds: 7 };
    expect(session.connections()).toEqual([
      {
        eni: 'eni-a',
        protocol: 'tcp',
        originator: '203.0.113.7:40000',
        responder: '10.0.1.10:22',
        state: 'new',
        idleSeconds: 3,
        expiresIn: 431997,
      },
      { ...flow, eni: 'eni-b', originator: '10.0.2.20:40000', expiresIn: 431993 },
      { ...flow, eni: 'nat-g (inside)', originator: '10.0.2.20:40000', expiresIn: 343 },
      { ...flow, eni: 'nat-g (outside)', originator: '10.0.9.5:40000', expiresIn: 343 },
    ]);
  });

  test('puts v6 ends in brackets, names ICMP by identifier, and shows no ports where there are none', () => {
    const session = sessionOf({
      vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
      subnets: { P: { cidr: ['10.0.1.0/24', '2001:db8:1::/64'] } },
      groups: { a: { out: ['all to 10.0.0.0/16', 'all to 2001:db8:1::/56'] }, b: { in: ['all from sg-a'], out: [] } },
      enis: {
        A: { subnet: 'P', address: '10.0.1.10', v6: '2001:db8:1::a', groups: ['a'] },
        B: { subnet: 'P', address: '10.0.1.20', v6: '2001:db8:1::b', groups: ['b'] },
      },
    });
    session.send('udp [2001:db8:1::a]:40000 > [2001:db8:1::b]:53');
    session.send('icmp echo 10.0.1.10 > 10.0.1.20 id 7');
    session.send('esp 10.0.1.10 > 10.0.1.20');
    const rows = session.connections().filter(({ eni }) => eni === 'eni-b');
    expect(rows.map(({ protocol, originator, responder, state }) => [protocol, originator, responder, state])).toEqual([
      ['esp', '10.0.1.10', '10.0.1.20', 'new'],
      ['icmp', '10.0.1.10', '10.0.1.20', 'new (id 7)'],
      ['udp', '[2001:db8:1::a]:40000', '[2001:db8:1::b]:53', 'new'],
    ]);
  });
});

describe('OPEN-13: a packet whose way AWS chooses', () => {
  const OPEN = { in: ['all from 0.0.0.0/0'], out: ['all to 10.0.0.0/16'] };
  const choosing = (nacl: Drawing['defaultNacl']): Session =>
    createNet(
      networkOf({
        vpc: '10.0.0.0/16',
        prefixLists: { a: ['10.0.2.0/24'], b: ['10.0.2.0/24'] },
        subnets: {
          P: { cidr: '10.0.1.0/24', routes: { 'pl-a': 'eni-f', 'pl-b': 'eni-g' } },
          Q: { cidr: '10.0.2.0/24' },
          F: { cidr: '10.0.3.0/24' },
          G: { cidr: '10.0.4.0/24', nacl: nacl ?? {} },
        },
        groups: { open: OPEN },
        enis: {
          A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
          B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
          F: { subnet: 'F', address: '10.0.3.5', check: false, groups: ['open'] },
          G: { subnet: 'G', address: '10.0.4.5', check: false, groups: ['open'] },
        },
      }),
      {
        appliances: new Map([
          ['eni-f', 'forwards'],
          ['eni-g', 'forwards'],
        ]),
      },
    ).session();

  test('is delivered if every way delivers it', () => {
    const session = choosing({});
    expect(session.send('tcp 10.0.1.10:40000 > 10.0.2.20:443')).toMatchObject({ verdict: 'delivered', unknowns: [] });
  });

  test('is unknown if two ways differ, and remembered along the first', () => {
    const session = choosing({ in: [] });
    const { verdict, leg, unknowns } = session.send('tcp 10.0.1.10:40000 > 10.0.2.20:443');
    expect([verdict, leg.to.id, unknowns.map(({ key }) => key)]).toEqual([
      'unknown',
      'eni-b',
      ['equal-routes:rtb-p:pl-a:pl-b'],
    ]);
    expect(new Set(session.connections().map(({ eni }) => eni))).toEqual(new Set(['eni-a', 'eni-b', 'eni-f']));
  });
});
