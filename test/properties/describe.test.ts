/** What a random network says of itself as describe-* answers is read back as the same network. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDocuments } from '../../src/load/load.ts';
import { KINDS, type Network } from '../../src/model/network.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { describeNetwork } from '../support/describe.ts';
import { networkOf } from '../support/network.ts';

/** What a record says apart from where it was read and where it lives. */
function records(network: Network): unknown {
  const withoutPlace = (key: string, value: unknown): unknown =>
    ['origin', 'tags', 'account', 'region', 'availabilityZone', 'dnsSupport'].includes(key) ? undefined : value;
  return JSON.parse(JSON.stringify(Object.fromEntries(KINDS.map((kind) => [kind, network[kind]])), withoutPlace));
}

test('a network described and read again is the same network', () => {
  fc.assert(
    fc.property(drawings({ hasGaps: false }), (drawing) => {
      const network = networkOf(drawing);
      const read = loadDocuments([{ file: 'network.json', json: describeNetwork(network) }]);
      expect(records(read)).toEqual(records(network));
    }),
    { numRuns: 100 },
  );
});
