/** Block Public Access as `describe-vpc-block-public-access-options` and `-exclusions` tell it. */

import type { Network } from '../../src/model/network.ts';

/** Empty where the network has no setting. There is one for each account and Region; a document tells of one. */
export function describePublicAccess({ blockPublicAccess, blockPublicAccessExclusions }: Network): object {
  const [options] = blockPublicAccess;
  if (options === undefined) return {};
  const { account, region, mode, settled } = options;
  return {
    VpcBlockPublicAccessOptions: {
      AwsAccountId: account,
      AwsRegion: region,
      InternetGatewayBlockMode: mode,
      State: settled ? 'update-complete' : 'update-in-progress',
    },
    VpcBlockPublicAccessExclusions: blockPublicAccessExclusions.map(({ id, vpcId, subnetId, mode, state }) => ({
      ExclusionId: id,
      ResourceArn: `arn:aws:ec2:${region}:${account}:${vpcId === null ? `subnet/${subnetId}` : `vpc/${vpcId}`}`,
      InternetGatewayExclusionMode: mode,
      State: state,
    })),
  };
}
