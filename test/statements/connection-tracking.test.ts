/** CT: what groups remember. The clock is a number of seconds. */

import { expect, test } from 'vitest';
import type { Change } from '../../src/explain/net.ts';
import { networkOf } from '../support/network.ts';
import { dualStackExample, example } from './example.ts';
import { outcome, sent, sessionOf, tracking, walk } from './walks.ts';

const CLIENT = '203.0.113.7';

/** A with one group, drawn by its rules. */
const withRules = (inbound: readonly string[], out?: readonly string[]) =>
  example({
    groups: { a: out === undefined ? { in: inbound } : { in: inbound, out } },
    enis: { A: { groups: ['a'] } },
  });

test('CT-01: the answer to allowed inbound leaves whatever the outbound rules say', () => {
  const trace = walk(withRules(['tcp/443 from 203.0.113.0/24'], []), `tcp ${CLIENT}:40000 > 198.51.100.10:443`);
  expect(outcome(trace)).toBe('delivered');
  expect(tracking(trace.forward)).toEqual(['new']);
  expect(tracking(trace.reply)).toEqual(['reply']);
});

test('CT-01: the answer to allowed outbound enters whatever the inbound rules say', () => {
  const trace = walk(withRules([], ['tcp/443 to 203.0.113.0/24']), `tcp 10.0.1.10:40000 > ${CLIENT}:443`);
  expect(outcome(trace)).toBe('delivered');
  expect(tracking(trace.reply)).toEqual(['reply']);
});

test('CT-02: another source port, another destination port and another protocol are other flows', () => {
  const session = sessionOf(withRules([], ['all to 203.0.113.0/24']));
  session.send(`tcp 10.0.1.10:40000 > ${CLIENT}:443`, { at: 0 });
  const arrives = (packet: string): string => session.send(packet, { at: 1 }).verdict;
  expect(arrives(`tcp ${CLIENT}:443 > 198.51.100.10:40001 flags SA`)).toBe('dropped');
  expect(arrives(`tcp ${CLIENT}:444 > 198.51.100.10:40000 flags SA`)).toBe('dropped');
  expect(arrives(`udp ${CLIENT}:443 > 198.51.100.10:40000`)).toBe('dropped');
  expect(arrives('tcp 203.0.113.8:443 > 198.51.100.10:40000 flags SA')).toBe('dropped');
  expect(arrives(`tcp ${CLIENT}:443 > 198.51.100.10:40000 flags SA`)).toBe('delivered');
});

test('CT-02: an echo reply needs the identifier of the request', () => {
  const session = sessionOf(withRules([], ['icmp to 0.0.0.0/0']));
  session.send(`icmp echo 10.0.1.10 > ${CLIENT} id 7`, { at: 0 });
  expect(session.send(`icmp echo-reply ${CLIENT} > 198.51.100.10 id 8`, { at: 1 }).verdict).toBe('dropped');
  expect(session.send(`icmp echo-reply ${CLIENT} > 198.51.100.10 id 7`, { at: 1 }).verdict).toBe('delivered');
});

const untrackedOrNot = [
  // inbound                               outbound                                  tracking of a flow to tcp/80
  ['CT-03', ['tcp/80 from 0.0.0.0/0'], ['all to 0.0.0.0/0'], 'untracked'],
  ['CT-03', ['tcp/80 from 0.0.0.0/0'], ['tcp/0-65535 to 0.0.0.0/0'], 'untracked'],
  ['CT-03', ['all from 0.0.0.0/0'], ['all to 0.0.0.0/0'], 'untracked'],
  ['CT-04', ['tcp/80 from 203.0.113.0/24'], ['all to 0.0.0.0/0'], 'new'],
  ['CT-04', ['tcp/80 from 0.0.0.0/0'], [], 'new'],
  ['CT-04', ['tcp/80 from 0.0.0.0/0'], ['tcp/0-65534 to 0.0.0.0/0'], 'new'],
  ['CT-04', ['tcp/80 from 0.0.0.0/0'], ['udp/0-65535 to 0.0.0.0/0'], 'new'],
  ['CT-04', ['tcp/80 from 0.0.0.0/0'], ['all to 203.0.113.0/24'], 'new'],
] as const;
for (const [id, inbound, outbound, expected] of untrackedOrNot) {
  test(`${id}: in ${inbound.join()}, out ${outbound.join() || 'nothing'}: ${expected === 'new' ? 'tracked' : expected}`, () => {
    const trace = walk(withRules(inbound, outbound), `tcp ${CLIENT}:40000 > 198.51.100.10:80`);
    expect(tracking(trace.forward)).toEqual([expected]);
    expect(outcome(trace)).toBe('delivered');
  });
}

test('CT-03: the answers of an untracked flow are judged by the outbound rules', () => {
  const trace = walk(withRules(['tcp/80 from 0.0.0.0/0']), `tcp ${CLIENT}:40000 > 198.51.100.10:80`);
  expect(tracking(trace.reply)).toEqual(['untracked']);
  const session = sessionOf(withRules(['tcp/80 from 0.0.0.0/0']));
  session.send(`tcp ${CLIENT}:40000 > 198.51.100.10:80`, { at: 0 });
  expect(session.connections()).toEqual([]);
});

const openHalves = [
  [['all from 0.0.0.0/1', 'all from 128.0.0.0/1'], ['all to 0.0.0.0/0'], 'new'],
  [['tcp/80 from 0.0.0.0/0'], ['all to 0.0.0.0/1', 'all to 128.0.0.0/1'], 'new'],
  [['tcp/80 from 0.0.0.0/0'], ['tcp/0-1023 to 0.0.0.0/0', 'tcp/1024-65535 to 0.0.0.0/0'], 'new'],
  [['tcp/80 from 0.0.0.0/0', 'tcp/80 from 203.0.113.7/32'], ['all to 0.0.0.0/0'], 'untracked'],
] as const;
for (const [inbound, outbound, expected] of openHalves) {
  test(`CT-03, OPEN-07: in ${inbound.join(' and ')}, out ${outbound.join(' and ')}: ${expected === 'new' ? 'tracked' : expected}`, () => {
    const trace = walk(withRules(inbound, outbound), `tcp ${CLIENT}:40000 > 198.51.100.10:80`);
    expect(tracking(trace.forward)).toEqual([expected]);
  });
}

test('CT-04: without the outbound rule the flow of CT-03 becomes a tracked one', () => {
  const session = sessionOf(withRules(['tcp/80 from 0.0.0.0/0']));
  session.apply({ kind: 'remove-rule', rule: 'sg-a/out/0.0' });
  session.send(`tcp ${CLIENT}:40000 > 198.51.100.10:80`, { at: 0 });
  expect(session.connections()).toMatchObject([{ eni: 'eni-a', protocol: 'tcp' }]);
});

test('CT-05: with only the v4 outbound rule, v4 is untracked and v6 is tracked', () => {
  const drawing = dualStackExample({
    groups: { a: { in: ['tcp/80 from 0.0.0.0/0', 'tcp/80 from ::/0'], out: ['all to 0.0.0.0/0'] } },
    enis: { A: { groups: ['a'] } },
  });
  expect(tracking(walk(drawing, `tcp ${CLIENT}:40000 > 198.51.100.10:80`).forward)).toEqual(['untracked']);
  const v6 = walk(drawing, 'tcp [2001:db8:ffff::7]:40000 > [2001:db8:1:1::a]:80');
  expect(tracking(v6.forward)).toEqual(['new']);
  expect(outcome(v6)).toBe('delivered');
});

test('CT-06: ICMP is tracked even where everything is open', () => {
  const trace = walk(withRules(['icmp from 0.0.0.0/0']), `icmp echo ${CLIENT} > 198.51.100.10`);
  expect(tracking(trace.forward)).toEqual(['new']);
  expect(tracking(trace.reply)).toEqual(['reply']);
});

test('CT-07: a connection through a NAT gateway is tracked even where everything is open', () => {
  const trace = walk(example(), `tcp 10.0.2.20:40000 > ${CLIENT}:443`);
  expect(tracking(trace.forward)).toEqual(['new']);
  expect(tracking(trace.reply)).toEqual(['reply']);
});

test('CT-07: a connection through an egress-only gateway is tracked even where everything is open', () => {
  const trace = walk(dualStackExample(), 'tcp [2001:db8:1:2::b]:40000 > [2001:db8:ffff::7]:443');
  expect(outcome(trace)).toBe('delivered');
  expect(tracking(trace.forward)).toEqual(['new']);
  expect(tracking(trace.reply)).toEqual(['reply']);
});

const REMOVE: Change = { kind: 'remove-rule', rule: 'sg-a/in/0.0' };

test('CT-08: removing the rule of an untracked connection stops it at once', () => {
  const session = sessionOf(withRules(['tcp/22 from 0.0.0.0/0']));
  session.send(`tcp ${CLIENT}:40000 > 198.51.100.10:22`, { at: 0 });
  session.answer({ at: 1 });
  session.apply(REMOVE);
  expect(sent(session.send(`tcp ${CLIENT}:40000 > 198.51.100.10:22 flags A`, { at: 2 }))).toMatch(
    /^dropped: security-group-in sg-a/,
  );
});

test('CT-08: removing the rule of a tracked connection leaves it open and lets no new one in', () => {
  const session = sessionOf(withRules(['tcp/22 from 203.0.113.7/32']));
  session.send(`tcp ${CLIENT}:40000 > 198.51.100.10:22`, { at: 0 });
  session.answer({ at: 1 });
  session.apply(REMOVE);
  expect(sent(session.send(`tcp ${CLIENT}:40000 > 198.51.100.10:22 flags A`, { at: 2 }))).toBe('delivered');
  expect(sent(session.answer({ at: 3 }))).toBe('delivered');
  expect(sent(session.send(`tcp ${CLIENT}:40001 > 198.51.100.10:22`, { at: 4 }))).toMatch(
    /^dropped: security-group-in sg-a/,
  );
});

const tcpIdle = [
  // instance type   configured  idle      data from the server
  ['m5.large', undefined, 431_999, 'delivered'],
  ['m5.large', undefined, 432_001, 'dropped'],
  ['m8i.large', undefined, 349, 'delivered'],
  ['m8i.large', undefined, 351, 'dropped'],
  ['m5.large', 60, 59, 'delivered'],
  ['m5.large', 60, 61, 'dropped'],
] as const;
for (const [instanceType, configured, idle, expected] of tcpIdle) {
  test(`CT-09: TCP on ${instanceType}, time-out ${configured ?? 'not set'}, after ${idle} idle seconds: ${expected}`, () => {
    const session = sessionOf(
      example({
        groups: { a: { in: [], out: ['tcp/443 to 203.0.113.0/24'] } },
        enis: { A: { groups: ['a'], instanceType, ...(configured && { tracking: { tcpEstablished: configured } }) } },
      }),
    );
    session.send(`tcp 10.0.1.10:40000 > ${CLIENT}:443`, { at: 0 });
    session.answer({ at: 0 });
    session.send(`tcp 10.0.1.10:40000 > ${CLIENT}:443 flags A`, { at: 0 });
    expect(session.send(`tcp ${CLIENT}:443 > 198.51.100.10:40000 flags PA`, { at: idle }).verdict).toBe(expected);
  });
}

test('CT-10: a single UDP request and answer are remembered for 30 seconds', () => {
  const after = (idle: number): string => {
    const session = sessionOf(withRules([], ['udp/53 to 203.0.113.0/24']));
    session.send(`udp 10.0.1.10:40000 > ${CLIENT}:53`, { at: 0 });
    return session.send(`udp ${CLIENT}:53 > 198.51.100.10:40000`, { at: idle }).verdict;
  };
  expect([after(29), after(31)]).toEqual(['delivered', 'dropped']);
});

test('CT-10: a UDP stream is remembered for 180 seconds', () => {
  const after = (idle: number): string => {
    const session = sessionOf(withRules([], ['udp/53 to 203.0.113.0/24']));
    session.send(`udp 10.0.1.10:40000 > ${CLIENT}:53`, { at: 0 });
    session.answer({ at: 0 });
    session.send(`udp 10.0.1.10:40000 > ${CLIENT}:53`, { at: 0 });
    session.answer({ at: 0 });
    return session.send(`udp ${CLIENT}:53 > 198.51.100.10:40000`, { at: idle }).verdict;
  };
  expect([after(179), after(181)]).toEqual(['delivered', 'dropped']);
});

test('CT-11: ESP that A sent admits ESP from that host for 600 seconds', () => {
  const after = (idle: number): string => {
    const session = sessionOf(withRules([], ['50 to 203.0.113.0/24']));
    session.send(`proto 50 10.0.1.10 > ${CLIENT}`, { at: 0 });
    return session.send(`proto 50 ${CLIENT} > 198.51.100.10`, { at: idle }).verdict;
  };
  expect([after(599), after(601)]).toEqual(['delivered', 'dropped']);
});

test('CT-12: the UDP time-outs of one interface leave another as it is', () => {
  const drawing = example({
    groups: { a: { in: [], out: ['udp/53 to 203.0.113.0/24'] } },
    enis: {
      A: { groups: ['a'], tracking: { udp: 60, udpStream: 120 } },
      C: { subnet: 'P', address: '10.0.1.30', public: '198.51.100.30', groups: ['a'] },
    },
  });
  const after45 = (inside: string, outside: string): string => {
    const session = sessionOf(drawing);
    session.send(`udp ${inside}:40000 > ${CLIENT}:53`, { at: 0 });
    return session.send(`udp ${CLIENT}:53 > ${outside}:40000`, { at: 45 }).verdict;
  };
  expect([after45('10.0.1.10', '198.51.100.10'), after45('10.0.1.30', '198.51.100.30')]).toEqual([
    'delivered',
    'dropped',
  ]);
});

test('CT-13: after its time-out a connection that A opened is closed to the server’s data', () => {
  const session = sessionOf(
    example({
      groups: { a: { in: [], out: ['all to 0.0.0.0/0'] } },
      enis: { A: { groups: ['a'], tracking: { tcpEstablished: 120 } } },
    }),
  );
  session.send(`tcp 10.0.1.10:40000 > ${CLIENT}:443`, { at: 0 });
  session.answer({ at: 0 });
  session.send(`tcp 10.0.1.10:40000 > ${CLIENT}:443 flags A`, { at: 0 });
  expect(sent(session.send(`tcp ${CLIENT}:443 > 198.51.100.10:40000 flags PA`, { at: 100 }))).toBe('delivered');
  session.wait(121);
  expect(session.now).toBe(221);
  expect(sent(session.send(`tcp ${CLIENT}:443 > 198.51.100.10:40000 flags PA`))).toBe(
    'dropped: security-group-in sg-a SG_HAS_NO_RULES',
  );
});

test('CT-15: a connection that A opened lets its server open none to A', () => {
  const session = sessionOf(withRules([]));
  session.send(`tcp 10.0.1.10:40000 > ${CLIENT}:443`, { at: 0 });
  session.answer({ at: 1 });
  expect(sent(session.send(`tcp ${CLIENT}:443 > 198.51.100.10:22`, { at: 2 }))).toBe(
    'dropped: security-group-in sg-a SG_HAS_NO_RULES',
  );
});

const related = [
  // message   quoted                                              arrives
  ['3.3', 'udp 10.0.1.10:40000 > 10.0.2.20:53', 'delivered'],
  ['11.0', 'udp 10.0.1.10:40000 > 10.0.2.20:53', 'delivered'],
  ['12.0', 'udp 10.0.1.10:40000 > 10.0.2.20:53', 'delivered'],
  ['3.3', 'udp 10.0.1.10:40001 > 10.0.2.20:53', 'dropped'],
  ['5.0', 'udp 10.0.1.10:40000 > 10.0.2.20:53', 'dropped'],
] as const;
for (const [message, quoted, expected] of related) {
  test(`CT-16, OPEN-09: ICMP ${message} about ${quoted}: ${expected}`, () => {
    const session = sessionOf(
      example({ groups: { a: { in: [], out: ['udp/53 to 10.0.2.0/24'] } }, enis: { A: { groups: ['a'] } } }),
    );
    session.send('udp 10.0.1.10:40000 > 10.0.2.20:53', { at: 0 });
    const result = session.send(`icmp ${message} 10.0.2.20 > 10.0.1.10 about (${quoted})`, { at: 1 });
    expect(result.verdict).toBe(expected);
    if (expected === 'delivered') {
      expect(result.assumptions).toContain('OPEN-09');
      expect(tracking(result.leg).at(-1)).toBe('related');
    }
  });
}

test('CT-16, OPEN-09: an error about an untracked flow needs a rule', () => {
  const session = sessionOf(withRules(['tcp/0-65535 from 0.0.0.0/0', 'udp/0-65535 from 0.0.0.0/0']));
  session.send('udp 10.0.1.10:40000 > 10.0.2.20:53', { at: 0 });
  expect(
    sent(session.send('icmp 3.3 10.0.2.20 > 10.0.1.10 about (udp 10.0.1.10:40000 > 10.0.2.20:53)', { at: 1 })),
  ).toBe('dropped: security-group-in sg-a ENI_SG_RULES_MISMATCH');
});

test('CT-17, OPEN-10: a segment in the middle of an unknown connection is judged as if it were new', () => {
  const segment = `tcp ${CLIENT}:40000 > 198.51.100.10:443 flags PA`;
  const allowed = sessionOf(withRules(['tcp/443 from 203.0.113.0/24'], []));
  const first = allowed.send(segment, { at: 0 });
  expect(sent(first)).toBe('delivered');
  expect(first.assumptions).toContain('OPEN-10');
  // The entry that it made lets the answer out.
  expect(sent(allowed.answer({ at: 1 }))).toBe('delivered');
  expect(sent(sessionOf(withRules([], [])).send(segment, { at: 0 }))).toBe(
    'dropped: security-group-in sg-a SG_HAS_NO_RULES',
  );
});

test('CT-18, OPEN-11: an answer that leaves by another interface is judged by that interface’s own rules', () => {
  const drawing = (out: readonly string[]) =>
    example({
      groups: { a: { in: ['tcp/443 from 10.0.2.20/32'], out: [] }, a2: { in: [], out } },
      enis: {
        A: { groups: ['a'] },
        A2: { subnet: 'P', address: '10.0.1.11', groups: ['a2'], instance: 'A', check: false },
      },
    });
  const answerBy = (out: readonly string[]) => {
    const session = sessionOf(drawing(out));
    session.send('tcp 10.0.2.20:40000 > 10.0.1.10:443', { at: 0 });
    return sent(session.send('tcp 10.0.1.10:443@eni-a2 > 10.0.2.20:40000 flags SA', { at: 1 }));
  };
  expect(answerBy([])).toBe('dropped: security-group-out sg-a2 SG_HAS_NO_RULES');
  expect(answerBy(['tcp/40000 to 10.0.2.20/32'])).toBe('delivered');
});

test('OPEN-25: swapping the groups of an interface leaves a tracked connection open', () => {
  const before = withRules(['tcp/22 from 203.0.113.7/32']);
  const session = sessionOf(before);
  session.send(`tcp ${CLIENT}:40000 > 198.51.100.10:22`, { at: 0 });
  session.answer({ at: 1 });
  const after = networkOf(example({ enis: { A: { groups: ['default-1'] } } }));
  session.apply({ kind: 'replace', network: { networkInterfaces: after.networkInterfaces } });
  expect(sent(session.send(`tcp ${CLIENT}:40000 > 198.51.100.10:22 flags A`, { at: 2 }))).toBe('delivered');
  expect(session.send(`tcp ${CLIENT}:40001 > 198.51.100.10:22`, { at: 3 }).verdict).toBe('dropped');
});
