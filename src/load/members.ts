/** Members that many records share: how their schemas say them. Null and absent are the same everywhere (LDR, design §6). */

import { z } from 'zod';
import { isAccount, type Place } from './place.ts';

export const ID: z.ZodString = z.string().min(1);
export const OPTIONAL_TEXT: z.ZodOptional<z.ZodNullable<z.ZodString>> = z.string().nullish();
export const OPTIONAL_FLAG: z.ZodOptional<z.ZodNullable<z.ZodBoolean>> = z.boolean().nullish();
export const OPTIONAL_NUMBER: z.ZodOptional<z.ZodNullable<z.ZodNumber>> = z.number().nullish();

/** A member whose reader looks at it itself: zod takes an absent one for missing unless it is optional. */
export const ANYTHING: z.ZodOptional<z.ZodUnknown> = z.unknown().optional();

/** The owner that a record names, if it is an account (not `amazon-aws`, nor an anonymiser's `OwnerId:8`), else its folder's. */
export function accountOf(owner: string | null | undefined, place: Place): string | null {
  return owner !== null && owner !== undefined && isAccount(owner) ? owner : place.account;
}
