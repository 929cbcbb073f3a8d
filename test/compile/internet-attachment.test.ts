/** IGW-01: whether a VPC has an internet gateway, from the gateway's own record or from what routes prove. */

import { describe, expect, test } from 'vitest';
import { attachmentOf, gatewayPlace } from '../../src/compile/internet-attachment.ts';
import type { Drawing } from '../support/drawing.ts';
import { builderOf } from './drawn-builder.ts';

const drawn = (changes: Drawing = {}): Drawing => ({
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } } },
  ...changes,
});

const attachment = (changes: Drawing, id: string | null = null): object =>
  attachmentOf(builderOf(drawn(changes)), 0, id);

const ATTACHED = { kind: 'attached', id: 'igw-1' };
const UNKNOWN = expect.objectContaining({ kind: 'unknown' });

describe('a gateway that the snapshot describes', () => {
  test('is attached when its attachment says so, in either of the words that AWS has for it', () => {
    for (const igw of [true, 'available', 'attached']) {
      expect(attachment({ igw })).toEqual(ATTACHED);
      expect(attachment({ igw }, 'igw-1')).toEqual(ATTACHED);
    }
  });

  test.each(['attaching', 'detaching', 'detached-soon'])('in state %s cannot be used', (igw) => {
    const text = `attachment of igw-1 to vpc-1 is ${igw} (IGW-01)`;
    expect(attachment({ igw })).toEqual({ kind: 'unusable', text });
    expect(attachment({ igw }, 'igw-1')).toEqual({ kind: 'unusable', text });
  });

  test('that is attached to nothing, or elsewhere, is not this VPC’s', () => {
    expect(attachment({ igw: 'detached', subnets: {} }, 'igw-1')).toEqual({
      kind: 'unusable',
      text: 'igw-1 is not attached to vpc-1 (IGW-01)',
    });
    const elsewhere = builderOf({ ...drawn({ igw: false }), vpcs: { Y: { vpc: '10.1.0.0/16', igw: true } } });
    expect(attachmentOf(elsewhere, 0, 'igw-y').kind).toBe('unusable');
  });
});

describe('without a gateway in the snapshot', () => {
  test('a list that is whole proves that there is none', () => {
    expect(attachment({ igw: false, subnets: {} })).toEqual({
      kind: 'unusable',
      text: 'no internet gateway is attached to vpc-1 (IGW-01)',
    });
  });

  test('an active route proves that there is one: otherwise it would be a blackhole', () => {
    expect(attachment({ unread: ['internetGateways'] })).toEqual(ATTACHED);
    expect(attachment({ unread: ['internetGateways'] }, 'igw-1')).toEqual(ATTACHED);
    expect(attachment({ igw: false, incomplete: ['internetGateways'] })).toEqual(ATTACHED);
  });

  test('a route of another VPC, to another gateway, or one that is a blackhole proves nothing', () => {
    const blackhole = { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw blackhole' } } };
    expect(attachment({ subnets: blackhole, unread: ['internetGateways'] })).toEqual(UNKNOWN);
    expect(attachment({ unread: ['internetGateways'] }, 'igw-2')).toEqual(UNKNOWN);
    const other = {
      Y: { vpc: '10.1.0.0/16', subnets: { R: { cidr: '10.1.1.0/24', routes: { '0.0.0.0/0': 'igw' } } } },
    };
    expect(attachment({ subnets: {}, vpcs: other, unread: ['internetGateways'] })).toEqual(UNKNOWN);
  });

  test('a whole list and an active route to a gateway that it lacks contradict each other', () => {
    expect(attachment({ igw: false })).toEqual(UNKNOWN);
  });

  test('nothing at all says nothing', () => {
    expect(attachment({ igw: false, subnets: {}, unread: ['internetGateways'] })).toEqual(UNKNOWN);
  });
});

test('a gateway’s place has its name where the snapshot describes it', () => {
  const b = builderOf(drawn());
  expect(b.places[gatewayPlace(b, 'igw-1')]).toEqual({ kind: 'internet-gateway', id: 'igw-1', name: null });
  expect(b.places[gatewayPlace(b, 'igw-elsewhere')]).toMatchObject({ id: 'igw-elsewhere', name: null });
});
