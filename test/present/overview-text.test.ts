import { expect, test } from 'vitest';
import { KINDS, type Network } from '../../src/model/network.ts';
import type { Resource } from '../../src/model/resource.ts';
import { A_SCREENFUL } from '../../src/present/alike.ts';
import { render } from '../../src/present/layout.ts';
import { overviewOf } from '../../src/present/overview.ts';
import { overviewLines } from '../../src/present/overview-text.ts';

const origin = { file: 'a.json', pointer: '' };

function record(id: string, account: string | null, region: string | null): Resource {
  return { id, name: null, tags: [], account, region, origin };
}

const EMPTY = Object.fromEntries(KINDS.map((kind) => [kind, []])) as unknown as Network;

const network = {
  ...EMPTY,
  vpcs: [
    { ...record('vpc-1', '111122223333', 'eu-west-1'), cidrs: [], isDefault: false, dnsSupport: null },
    { ...record('vpc-2', null, null), cidrs: [], isDefault: false, dnsSupport: null },
  ],
  subnets: [record('subnet-1', '111122223333', 'us-east-1')] as never,
  lists: [
    { kind: 'vpcs', account: '111122223333', region: 'eu-west-1', count: 1, complete: true, origin },
    { kind: 'vpcs', account: null, region: null, count: 1, complete: false, origin },
    { kind: 'networkInterfaces', account: null, region: null, count: 0, complete: true, origin },
  ],
  unmodelled: [
    { key: 'VpnGateways', count: 0, account: null, region: null, origin },
    { key: 'TransitGateways', count: 2, account: null, region: 'eu-west-1', origin },
    { key: 'TransitGateways', count: 1, account: null, region: 'us-east-1', origin },
  ],
  problems: [{ what: 'list "Vpcs" goes on', origin, remedy: 'read it to its end', severity: 'error' }],
  facts: [],
} satisfies Network as Network;

test('an overview says where the snapshot speaks of, what it holds, what is missing, and what is wrong', () => {
  const facts = [{ key: 'x', what: 'the routes of subnet-1', remedy: 'add describe-route-tables', origin: null }];
  const overview = overviewOf(network, network.problems, facts);
  expect(render(overviewLines(overview, A_SCREENFUL))).toBe(`\
accounts and regions
  account not stated  region not stated  1 VPC, 0 network interfaces
  111122223333  eu-west-1                1 VPC, 0 network interfaces

joined without the internet
  vpc-1  no way out
  vpc-2  no way out

read
      2 VPCs  incomplete: what is missing here may still exist
      1 subnet  no list of their own: taken from other records
      0 network interfaces

not in the snapshot: what depends on them is unknown
  route tables, internet gateways, egress-only internet gateways, NAT gateways, network ACLs, security groups, prefix lists, instances, Elastic IP addresses, peering connections

recognised and not modelled: what depends on them is unknown
  3 TransitGateways

1 error
  error    list "Vpcs" goes on
    at a.json
    read it to its end

1 fact missing
  ? the routes of subnet-1
    add describe-route-tables
`);
});

test('past a screenful of missing facts, the rest is counted', () => {
  const facts = Array.from({ length: 20 }, (_, at) => ({
    key: `${at}`,
    what: `fact ${'abcdefghijklmnopqrst'[at]}`,
    remedy: 'r',
    origin: null,
  }));
  const text = render(overviewLines(overviewOf(EMPTY_NETWORK, [], facts), A_SCREENFUL));
  expect(text).toContain('  and 8 more of other kinds; --all lists them\n');
});

const EMPTY_NETWORK: Network = { ...EMPTY, lists: [], unmodelled: [], problems: [], facts: [] };
