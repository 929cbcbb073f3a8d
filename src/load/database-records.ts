/** describe-db-instances: databases of RDS, which stand for interfaces in questions (CMP-08). */

import { z } from 'zod';
import type { Database } from '../model/compute.ts';
import type { Origin } from '../model/origin.ts';
import { placeOfArn } from './compute-records.ts';
import { ANYTHING, ID, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const SUBNET_GROUP = z.object({ Subnets: z.array(z.object({ SubnetIdentifier: ID })).nullish() });
const DATABASE = z.object({
  DBInstanceIdentifier: ID,
  DBInstanceArn: OPTIONAL_TEXT,
  DBSubnetGroup: SUBNET_GROUP.nullish(),
  VpcSecurityGroups: z.array(z.object({ VpcSecurityGroupId: ID, Status: OPTIONAL_TEXT })).nullish(),
  TagList: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws rds describe-db-instances';

/**
 * Null, after a problem, also where its subnets or groups cannot be read: nothing else tells its interfaces. Subnets that the group
 * no longer uses are kept, since the database may still be there.
 */
export function readDatabase(reading: Reading, value: unknown, origin: Origin, place: Place): Database | null {
  const record = reading.record(DATABASE, value, origin, REMEDY);
  if (record === null) return null;
  const subnets = record.DBSubnetGroup?.Subnets ?? [];
  const groups = (record.VpcSecurityGroups ?? []).filter(({ Status: status }) => status !== 'removing');
  reading.count(subnets.length + groups.length, origin);
  const tags = readTags(reading, record.TagList, origin, 'TagList');
  const attachment = {
    subnetIds: [...new Set(subnets.map(({ SubnetIdentifier: id }) => id))].map((id) => reading.shared(id)),
    groupIds: [...new Set(groups.map(({ VpcSecurityGroupId: id }) => id))].map((id) => reading.shared(id)),
  };
  return {
    id: record.DBInstanceArn || record.DBInstanceIdentifier,
    name: nameOf(tags),
    tags,
    ...placeOfArn(reading, record.DBInstanceArn, place),
    origin,
    databaseName: record.DBInstanceIdentifier,
    attachment: subnets.length === 0 ? null : attachment,
  };
}
