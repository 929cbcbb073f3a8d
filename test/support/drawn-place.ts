/** What every drawn record shares: where it lives, its origin, and texts that may stand alone or in a list. */

import type { Origin } from '../../src/model/origin.ts';
import type { Resource } from '../../src/model/resource.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import type { Prefix } from '../../src/net/prefix.ts';
import type { VpcDrawing } from './drawing.ts';

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';

export type Home = Pick<Resource, 'account' | 'region'>;

export function textsOf(texts: string | readonly string[] | undefined): readonly string[] {
  return texts === undefined ? [] : typeof texts === 'string' ? [texts] : texts;
}

export function prefixesOf(texts: string | readonly string[] | undefined): Prefix[] {
  return textsOf(texts).map((text) => parsePrefix(text).prefix);
}

export function homeOf({ account, region }: Pick<VpcDrawing, 'account' | 'region'>): Home {
  return { account: account ?? ACCOUNT, region: region ?? REGION };
}

export function origin(id: string): Origin {
  return { file: 'drawing.json', pointer: `/${id}` };
}

export function resource(id: string, home: Home, name: string | null = null): Resource {
  return { id, name, tags: [], ...home, origin: origin(id) };
}
