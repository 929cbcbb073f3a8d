/** Tags of a record, and the name that the tag `Name` gives. */

import { type Origin, originOf } from '../model/origin.ts';
import type { Tag } from '../model/resource.ts';
import { describeValue, isObject } from './json-value.ts';
import type { Reading } from './reading.ts';

const NO_TAGS: readonly Tag[] = [];

/** The readable tags of a member such as `Tags` or `TagSet`. A tag never decides about a packet, so a bad one is a warning. */
export function readTags(reading: Reading, value: unknown, origin: Origin, member: string): readonly Tag[] {
  if (value === null || value === undefined) return NO_TAGS;
  if (!Array.isArray(value)) {
    reading.warning(`${member} is ${describeValue(value)}, not a list`, originOf(origin, member), REMEDY);
    return NO_TAGS;
  }
  if (value.length === 0) return NO_TAGS;
  reading.count(value.length, origin);
  const tags: Tag[] = [];
  for (let i = 0; i < value.length; i++) {
    const tag: unknown = value[i];
    if (isObject(tag) && typeof tag.Key === 'string' && (typeof tag.Value === 'string' || isAbsent(tag.Value))) {
      tags.push({ key: reading.shared(tag.Key) ?? '', value: (tag.Value as string | null) ?? '' });
    } else {
      reading.warning('tag without a Key and a Value that are texts', originOf(origin, member, i), REMEDY);
    }
  }
  return tags;
}

const REMEDY = 'the record is read without it; tags are lists of {"Key": ..., "Value": ...}';

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

/** The value of the tag `Name`, or null. */
export function nameOf(tags: readonly Tag[]): string | null {
  for (const tag of tags) {
    if (tag.key === 'Name' && tag.value !== '') return tag.value;
  }
  return null;
}
