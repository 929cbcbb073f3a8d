/** Delivery inside a VPC whose subnets contradict each other. */

import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { networkOf } from '../support/network.ts';

const OPEN = { in: ['all from 0.0.0.0/0'], out: ['all to 0.0.0.0/0'] };

test('nested blocks of one subnet do not hide that another subnet claims part of the wider one', () => {
  const net = createNet(
    networkOf({
      vpc: '10.0.0.0/16',
      subnets: { P: { cidr: '10.0.1.0/24' }, Q: { cidr: ['10.0.2.0/23', '10.0.2.0/24'] }, X: { cidr: '10.0.3.0/25' } },
      groups: { open: OPEN },
      enis: {
        A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
        B: { subnet: 'Q', address: '10.0.3.20', groups: ['open'] },
        C: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
      },
    }),
  );
  const shared = net.walk('tcp 10.0.1.10:40000@eni-a > 10.0.3.20:443@eni-b');
  expect(shared.verdict).toBe('unknown');
  expect(shared.unknowns.map(({ key }) => key)).toEqual(['overlap:subnet-q:subnet-x']);
  expect(net.walk('tcp 10.0.1.10:40000@eni-a > 10.0.2.20:443@eni-c').verdict).toBe('delivered');
});
