/** describe-vpc-block-public-access-options, whose answer is one record, and describe-vpc-block-public-access-exclusions. */

import { z } from 'zod';
import type { BlockPublicAccess, BlockPublicAccessExclusion } from '../model/block-public-access.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import { isAccount, type Place, regionNamed, regionOfArn } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const OPTIONS = z.object({
  AwsAccountId: OPTIONAL_TEXT,
  AwsRegion: OPTIONAL_TEXT,
  InternetGatewayBlockMode: z.enum(['off', 'block-bidirectional', 'block-ingress']),
  State: OPTIONAL_TEXT,
});
const OPTIONS_REMEDY = 'correct it, or collect it again: aws ec2 describe-vpc-block-public-access-options';

export function readBlockPublicAccess(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): BlockPublicAccess | null {
  const record = reading.record(OPTIONS, value, origin, OPTIONS_REMEDY);
  if (record === null) return null;
  const account = reading.shared(accountOf(record.AwsAccountId, place));
  const region = reading.shared(regionNamed(record.AwsRegion ?? null) ?? place.region);
  return {
    id: reading.shared(['bpa', account, region].filter((part) => part !== null).join('-')),
    name: null,
    tags: [],
    account,
    region,
    origin,
    mode: record.InternetGatewayBlockMode,
    settled: isSettled(reading, record.State, origin),
  };
}

function isSettled(reading: Reading, state: string | null | undefined, origin: Origin): boolean {
  switch (state) {
    case 'default-state':
    case 'update-complete':
      return true;
    case 'update-in-progress':
      return false;
    default: {
      const what = state ? `state ${describeValue(state)} is not known` : 'Block Public Access without a state';
      const remedy = 'the mode is read as one that is still being changed';
      reading.warning(what, originOf(origin, 'State'), remedy);
      return false;
    }
  }
}

const EXCLUSION = z.object({
  ExclusionId: ID,
  ResourceArn: ID,
  InternetGatewayExclusionMode: z.enum(['allow-bidirectional', 'allow-egress']),
  State: ID,
  Tags: ANYTHING,
});
const EXCLUSION_REMEDY = 'correct it, or collect it again: aws ec2 describe-vpc-block-public-access-exclusions';

export function readBlockPublicAccessExclusion(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): BlockPublicAccessExclusion | null {
  const record = reading.record(EXCLUSION, value, origin, EXCLUSION_REMEDY);
  if (record === null) return null;
  // arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-0123
  const [, , , , owner = '', resource = ''] = record.ResourceArn.split(':');
  const [kind, id] = resource.split('/');
  if ((kind !== 'vpc' && kind !== 'subnet') || !id) {
    const what = `ResourceArn ${describeValue(record.ResourceArn)} names neither a VPC nor a subnet`;
    reading.error(what, originOf(origin, 'ResourceArn'), EXCLUSION_REMEDY);
    return null;
  }
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id: reading.shared(record.ExclusionId),
    name: nameOf(tags),
    tags,
    account: reading.shared(isAccount(owner) ? owner : place.account),
    region: reading.shared(regionOfArn(record.ResourceArn) ?? place.region),
    origin,
    vpcId: kind === 'vpc' ? reading.shared(id) : null,
    subnetId: kind === 'subnet' ? reading.shared(id) : null,
    mode: record.InternetGatewayExclusionMode,
    state: reading.shared(record.State),
  };
}
