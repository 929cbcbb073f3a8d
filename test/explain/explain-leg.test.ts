/** From the indices of a walk to hops and steps, and to what is not known. */

import { describe, expect, test } from 'vitest';
import type { Leg, Step } from '../../src/explain/trace.ts';
import { BASE, CLIENT, walkIn as walk } from './small-net.ts';

/** `subnet-p: nacl-in allow, route forward`, a line for each hop. */
const hops = (leg: Leg | null): readonly string[] =>
  leg?.hops.map(
    ({ place, steps }) => `${place.id}: ${steps.map(({ stage, result }) => `${stage} ${result}`).join(', ')}`,
  ) ?? [];

const step = (leg: Leg | null, stage: Step['stage'], result?: Step['result']): Step =>
  leg!.hops
    .flatMap(({ steps }) => steps)
    .find((s) => s.stage === stage && (result === undefined || s.result === result))!;

describe('the hops of a packet', () => {
  test('W1: from the internet to an instance, and the answer back', () => {
    const { forward, reply } = walk(`tcp ${CLIENT}:40000 > 198.51.100.10:443`);
    expect(hops(forward)).toEqual([
      'igw-1: translate rewrite',
      'subnet-p: nacl-in allow',
      'eni-a: security-group-in allow, deliver arrive',
    ]);
    expect(hops(reply)).toEqual([
      'eni-a: security-group-out allow',
      'subnet-p: nacl-out allow, route forward',
      'igw-1: translate rewrite',
      'internet: deliver arrive',
    ]);
    expect([forward.from.id, forward.to.id, reply?.from.id, reply?.to.id]).toEqual([
      'internet',
      'eni-a',
      'eni-a',
      'internet',
    ]);
  });

  test('W3: through a NAT gateway, with both rewrites', () => {
    const { forward, reply } = walk(`tcp 10.0.2.20:40000 > ${CLIENT}:443`);
    expect(hops(forward)).toEqual([
      'eni-b: security-group-out allow',
      'subnet-q: nacl-out allow, route forward',
      'subnet-n: nacl-in allow',
      'nat-g: translate rewrite',
      'subnet-n: nacl-out allow, route forward',
      'igw-1: translate rewrite',
      'internet: deliver arrive',
    ]);
    expect(step(forward, 'translate').text).toBe('the source becomes 10.0.9.5, port 1024-65535');
    expect([forward.sent.sourcePort, forward.received.source, forward.received.sourcePort]).toEqual([
      '40000',
      '198.51.100.99',
      '1024-65535',
    ]);
    expect([reply?.sent.destinationPort, reply?.received.destination, reply?.received.destinationPort]).toEqual([
      '1024-65535',
      '10.0.2.20',
      '40000',
    ]);
    expect(reply?.hops.find(({ place }) => place.id === 'nat-g')?.steps[0]?.text).toBe(
      'the destination becomes 10.0.2.20, port 40000 again',
    );
  });

  test('a step names the rule that decided, in words and with its place in the input', () => {
    const { forward, reply } = walk(`tcp ${CLIENT}:40000 > 198.51.100.10:443`);
    expect(step(forward, 'security-group-in')).toMatchObject({
      resource: 'sg-web',
      rule: 'sg-web/in/0.0',
      text: 'tcp 443 from 203.0.113.0/24',
      source: 'drawing.json#/sg-web/in/0.0',
      tracking: 'new',
      code: null,
    });
    expect(step(forward, 'nacl-in')).toMatchObject({
      resource: 'acl-default-1',
      rule: '100',
      text: 'all traffic from 0.0.0.0/0',
    });
    expect(step(reply, 'route')).toMatchObject({ resource: 'rtb-p', rule: '0.0.0.0/0', text: '0.0.0.0/0 to igw-1' });
    expect(step(reply, 'security-group-out')).toMatchObject({
      rule: null,
      tracking: 'reply',
      text: 'answers a tracked connection',
    });
    expect(step(forward, 'translate')).toMatchObject({
      text: '10.0.1.10 is paired with 198.51.100.10',
      header: { destination: '10.0.1.10' },
    });
  });

  test('IPv6 passes the internet gateway as it is (IGW-05)', () => {
    const { verdict, forward } = walk('tcp [2001:db8:ffff::7]:40000 > [2001:db8:1::a]:443', {
      vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
      subnets: { P: { cidr: ['10.0.1.0/24', '2001:db8:1::/64'], routes: { '::/0': 'igw' } } },
      nats: {},
      groups: { web: { in: ['tcp/443 from ::/0'] } },
      enis: { A: { subnet: 'P', address: '10.0.1.10', v6: '2001:db8:1::a', groups: ['web'] } },
    });
    expect(verdict).toBe('delivered');
    expect(step(forward, 'translate')).toMatchObject({
      result: 'forward',
      text: 'nothing is translated',
      header: null,
    });
  });
});

describe('what is not known', () => {
  test('is a step of its own, and the answer names the fact', () => {
    const { verdict, forward, unknowns } = walk(`tcp ${CLIENT}:40000 > 198.51.100.10:443`, { absent: ['sg-web'] });
    expect([verdict, forward.outcome]).toEqual(['unknown', 'unknown']);
    expect(unknowns.map(({ key }) => key)).toEqual(['group-rules:sg-web']);
    expect(step(forward, 'security-group-in')).toMatchObject({
      result: 'unknown',
      because: ['group-rules:sg-web'],
      code: null,
    });
    expect(forward.blockers).toEqual([]);
  });

  test('does not matter where something certain stops the packet further on', () => {
    const { verdict, unknowns } = walk(`tcp ${CLIENT}:40000 > 198.51.100.10:443`, {
      absent: ['acl-default-1'],
      groups: { web: { in: [] } },
      enis: { A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] } },
    });
    expect([verdict, unknowns]).toEqual(['dropped', []]);
  });

  test('OPEN-16: an answer that rests on a reading names it', () => {
    const { assumptions, forward } = walk(`tcp ${CLIENT}:40000 > 198.51.100.20:443`, {
      enis: { B: { subnet: 'Q', address: '10.0.2.20', public: '198.51.100.20', groups: ['open'] } },
      subnets: { ...BASE.subnets, Q: { cidr: '10.0.2.0/24' } },
    });
    expect(assumptions).toEqual(['OPEN-16']);
    expect(forward.outcome).toBe('delivered');
  });
});
