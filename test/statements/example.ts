/**
 * The network that the worked examples share, and how they change it.
 *
 *     internet -- igw-1 -+- subnet P 10.0.1.0/24  routes to the internet gateway   A 10.0.1.10 = 198.51.100.10
 *                        +- subnet N 10.0.9.0/24  routes to the internet gateway   nat-g 10.0.9.5 = 198.51.100.99
 *                           subnet Q 10.0.2.0/24  routes to nat-g                  B 10.0.2.20
 *
 * A and B carry the group `open`, which lets everything in and out; all ACLs allow everything. An example narrows what it is about
 * and leaves the rest open, so that nothing else can decide.
 */

import type { Drawing, InterfaceDrawing, SubnetDrawing } from '../support/drawing.ts';

const OPEN_TO_ALL = { in: ['all from 0.0.0.0/0', 'all from ::/0'], out: ['all to 0.0.0.0/0', 'all to ::/0'] };

/** Subnets and interfaces by name: those of the network above are changed, others are added. */
export interface Changes extends Omit<Drawing, 'subnets' | 'enis'> {
  readonly subnets?: Readonly<Record<string, Partial<SubnetDrawing>>>;
  readonly enis?: Readonly<Record<string, Partial<InterfaceDrawing>>>;
}

export function example(changes: Changes = {}): Drawing {
  return {
    vpc: '10.0.0.0/16',
    igw: true,
    nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
    ...changes,
    groups: { open: OPEN_TO_ALL, ...changes.groups },
    subnets: merged<SubnetDrawing>(
      {
        P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
        Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-g' } },
        N: { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' } },
      },
      changes.subnets,
    ),
    enis: merged<InterfaceDrawing>(
      {
        A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['open'] },
        B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
      },
      changes.enis,
    ),
  };
}

/** The same network with IPv6 beside IPv4: A is 2001:db8:1:1::a, B is 2001:db8:1:2::b, and ::/0 leads to `igw-1` and `eigw-1`. */
export function dualStackExample(changes: Changes = {}): Drawing {
  const drawn = example({ ...changes, vpc: ['10.0.0.0/16', '2001:db8:1::/56'], eigw: true });
  return {
    ...drawn,
    subnets: merged<SubnetDrawing>(drawn.subnets ?? {}, {
      P: {
        cidr: ['10.0.1.0/24', '2001:db8:1:1::/64'],
        routes: { '0.0.0.0/0': 'igw', '::/0': 'igw' },
        ...changes.subnets?.P,
      },
      Q: {
        cidr: ['10.0.2.0/24', '2001:db8:1:2::/64'],
        routes: { '0.0.0.0/0': 'nat-g', '::/0': 'eigw' },
        ...changes.subnets?.Q,
      },
    }),
    enis: merged<InterfaceDrawing>(drawn.enis ?? {}, {
      A: { v6: '2001:db8:1:1::a', ...changes.enis?.A },
      B: { v6: '2001:db8:1:2::b', ...changes.enis?.B },
    }),
  };
}

function merged<T>(
  base: Readonly<Record<string, T>>,
  changes: Readonly<Record<string, Partial<T>>> = {},
): Record<string, T> {
  const names = new Set([...Object.keys(base), ...Object.keys(changes)]);
  return Object.fromEntries([...names].map((name) => [name, { ...base[name], ...changes[name] } as T]));
}
