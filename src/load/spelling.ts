/** Records that come in two spellings: `virtualInterfaceId`, as Direct Connect prints it, and `VirtualInterfaceId`, as EC2 would. */

import { z } from 'zod';
import type { Origin } from '../model/origin.ts';
import { isObject } from './json-value.ts';
import type { Reading } from './reading.ts';

/** The schemas of a record, one for each spelling. Its members are named in small letters in both. */
interface SpeltSchema<S extends z.ZodRawShape> {
  readonly shape: S;
  readonly small: z.ZodObject<S>;
  readonly capital: z.ZodObject<z.ZodRawShape>;
}

export function spelt<S extends z.ZodRawShape>(shape: S): SpeltSchema<S> {
  const capitals = Object.entries(shape).map(([member, schema]) => [capitalised(member), schema] as const);
  return { shape, small: z.object(shape), capital: z.object(Object.fromEntries(capitals)) };
}

export interface SpeltRecord<S extends z.ZodRawShape> {
  readonly record: z.infer<z.ZodObject<S>>;
  /** A member's name as the record writes it, for pointers. */
  readonly name: (member: keyof S & string) => string;
}

/** Null, after a problem, where the record is not as its schema describes it. */
export function readSpelt<S extends z.ZodRawShape>(
  reading: Reading,
  { shape, small, capital }: SpeltSchema<S>,
  value: unknown,
  origin: Origin,
  remedy: string,
): SpeltRecord<S> | null {
  const members = Object.keys(shape);
  const hasCapitals = isObject(value) && members.some((member) => Object.hasOwn(value, capitalised(member)));
  if (!hasCapitals) {
    const record = reading.record(small, value, origin, remedy);
    return record === null ? null : { record, name: (member) => member };
  }
  const read = reading.record(capital, value, origin, remedy);
  if (read === null) return null;
  const record = Object.fromEntries(members.map((member) => [member, read[capitalised(member)]]));
  return { record: record as z.infer<z.ZodObject<S>>, name: capitalised };
}

function capitalised(member: string): string {
  return member.charAt(0).toUpperCase() + member.slice(1);
}
