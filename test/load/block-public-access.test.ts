/** VPC Block Public Access and its exclusions. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSnapshot } from '../../src/load/load.ts';
import { listsOf, load, loadFiles, problemsOf, vpc } from '../support/documents.ts';

const ACCOUNT = '111122223333';

const options = (members: object = {}): object => ({
  VpcBlockPublicAccessOptions: {
    AwsAccountId: ACCOUNT,
    AwsRegion: 'eu-west-1',
    State: 'update-complete',
    InternetGatewayBlockMode: 'block-ingress',
    LastUpdateTimestamp: '2026-01-01T00:00:00+00:00',
    ManagedBy: 'account',
    ExclusionsAllowed: 'allowed',
    ...members,
  },
});

describe('the options of an account in a Region (BPA-01)', () => {
  test('are an answer that is one record and no list', () => {
    const network = load(options());
    expect(problemsOf(network)).toEqual([]);
    expect(network.blockPublicAccess).toMatchObject([
      {
        id: `bpa-${ACCOUNT}-eu-west-1`,
        account: ACCOUNT,
        region: 'eu-west-1',
        mode: 'block-ingress',
        settled: true,
        origin: { pointer: '/VpcBlockPublicAccessOptions' },
      },
    ]);
    expect(listsOf(network)).toEqual(['blockPublicAccess complete']);
  });

  test('are read from a file, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'igwalk-'));
    try {
      writeFileSync(join(folder, 'bpa.json'), JSON.stringify(options()));
      const network = await loadSnapshot(folder);
      expect(network.blockPublicAccess).toMatchObject([{ mode: 'block-ingress' }]);
      expect(problemsOf(network)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('belong to their folder where they name no place; several Regions are several records', () => {
    const bare = options({ AwsAccountId: null, AwsRegion: null, InternetGatewayBlockMode: 'off' });
    const network = loadFiles({
      [`${ACCOUNT}/eu-west-1/b.json`]: bare,
      [`${ACCOUNT}/us-east-1/b.json`]: bare,
    });
    expect(network.blockPublicAccess.map(({ id, mode }) => [id, mode])).toEqual([
      [`bpa-${ACCOUNT}-eu-west-1`, 'off'],
      [`bpa-${ACCOUNT}-us-east-1`, 'off'],
    ]);
  });

  const states = [
    ['default-state', true, 0],
    ['update-complete', true, 0],
    ['update-in-progress', false, 0],
    ['odd', false, 1],
    [null, false, 1],
  ] as const;
  for (const [State, settled, problems] of states) {
    test(`in state ${State} are ${settled ? '' : 'not '}settled`, () => {
      const network = load(options({ State }));
      expect(network.blockPublicAccess).toMatchObject([{ settled }]);
      expect(network.problems).toHaveLength(problems);
    });
  }

  test('of a mode that nobody knows are not kept, and nothing proves that there are none', () => {
    const network = load(options({ InternetGatewayBlockMode: 'block-some' }));
    expect(network.blockPublicAccess).toEqual([]);
    expect(listsOf(network)).toEqual(['blockPublicAccess cut off']);
    expect(problemsOf(network)).toEqual([
      'error InternetGatewayBlockMode is "block-some", not "off" or "block-bidirectional" or "block-ingress" at snapshot.json#/VpcBlockPublicAccessOptions/InternetGatewayBlockMode',
    ]);
  });

  test('that contradict each other are a warning', () => {
    const network = loadFiles({ 'a.json': options(), 'b.json': options({ InternetGatewayBlockMode: 'off' }) });
    expect(network.problems).toMatchObject([{ severity: 'warning' }]);
    expect(network.problems[0]!.what).toContain('is described differently');
  });
});

describe('exclusions (BPA-02)', () => {
  const exclusion = (resource: string, members: object = {}): object => ({
    ExclusionId: 'vpcbpa-exclude-1',
    InternetGatewayExclusionMode: 'allow-egress',
    ResourceArn: `arn:aws:ec2:eu-west-1:${ACCOUNT}:${resource}`,
    State: 'create-complete',
    ...members,
  });
  const read = (record: unknown, more: object = {}): ReturnType<typeof load> =>
    load({ VpcBlockPublicAccessExclusions: [record], ...more });

  test('name a VPC or a subnet', () => {
    expect(read(exclusion('vpc/vpc-1')).blockPublicAccessExclusions).toMatchObject([
      {
        id: 'vpcbpa-exclude-1',
        vpcId: 'vpc-1',
        subnetId: null,
        mode: 'allow-egress',
        state: 'create-complete',
        account: ACCOUNT,
        region: 'eu-west-1',
      },
    ]);
    const other = exclusion('subnet/subnet-1', { InternetGatewayExclusionMode: 'allow-bidirectional' });
    expect(read(other).blockPublicAccessExclusions).toMatchObject([
      { vpcId: null, subnetId: 'subnet-1', mode: 'allow-bidirectional' },
    ]);
    expect(problemsOf(read(other))).toEqual([]);
  });

  const bad = [
    ['nothing that is one', exclusion('instance/i-1'), 'names neither a VPC nor a subnet', 'ResourceArn'],
    ['an ARN that is none', exclusion('vpc/vpc-1', { ResourceArn: 'vpc-1' }), 'names neither', 'ResourceArn'],
    ['a VPC without an id', exclusion('vpc/'), 'names neither a VPC nor a subnet', 'ResourceArn'],
    [
      'a mode that nobody knows',
      exclusion('vpc/vpc-1', { InternetGatewayExclusionMode: 'x' }),
      'is "x"',
      'InternetGatewayExclusionMode',
    ],
    ['no state', exclusion('vpc/vpc-1', { State: null }), 'State is missing', 'State'],
  ] as const;
  for (const [name, record, what, member] of bad) {
    test(`with ${name} are not kept`, () => {
      const network = read(record);
      expect(network.blockPublicAccessExclusions).toEqual([]);
      expect(network.problems).toMatchObject([
        {
          severity: 'error',
          what: expect.stringContaining(what),
          origin: { pointer: `/VpcBlockPublicAccessExclusions/0/${member}` },
        },
      ]);
      expect(listsOf(network)).toEqual(['blockPublicAccessExclusions cut off']);
    });
  }

  test('of a VPC that a whole list lacks are a warning while they count (BPA-03)', () => {
    const lists = { Vpcs: [vpc({ VpcId: 'vpc-2' })] };
    expect(problemsOf(read(exclusion('vpc/vpc-1'), lists))).toEqual([
      'warning "vpcbpa-exclude-1" names VPC "vpc-1", which the snapshot lacks at snapshot.json#/VpcBlockPublicAccessExclusions/0/ResourceArn',
    ]);
    expect(problemsOf(read(exclusion('vpc/vpc-1', { State: 'delete-complete' }), lists))).toEqual([]);
  });
});
