/** Account and region of a record, from its folder and from what it says itself. */

/** Null where nothing says. */
export interface Place {
  readonly account: string | null;
  readonly region: string | null;
}

const ACCOUNT = /^\d{12}$/;
const REGION_NAME =
  '[a-z]{2,4}(?:-[a-z]+)?-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\\d{1,2}';
const REGION = new RegExp(`^${REGION_NAME}$`);
/** `us-east-1a`, local and wavelength zones such as `us-west-2-lax-1a`, and border groups, which may be a bare region. */
const ZONE = new RegExp(`^(${REGION_NAME})(?=[a-z-]|$)`);

export function isAccount(text: string): boolean {
  return ACCOUNT.test(text);
}

/** Reports whether the name of a folder says account or region. */
export function namesPlace(folder: string): boolean {
  return ACCOUNT.test(folder) || REGION.test(folder);
}

/**
 * The place that a file's folders name: a folder of twelve digits is the account, one like `us-east-1` the region, at any
 * depth; the innermost counts. The file's own name says nothing.
 */
export function placeOfFile(file: string): Place {
  let account: string | null = null;
  let region: string | null = null;
  for (const folder of file.split('/').slice(0, -1)) {
    if (ACCOUNT.test(folder)) account = folder;
    if (REGION.test(folder)) region = folder;
  }
  return { account, region };
}

/** The region of the name of an availability zone or network border group, or null where it names none. */
export function regionOfZone(zone: string | null): string | null {
  if (zone === null) return null;
  return ZONE.exec(zone)?.[1] ?? null;
}

/** The region that an ARN names (`arn:aws:ec2:REGION:ACCOUNT:...`), or null. */
export function regionOfArn(arn: string | null): string | null {
  const region = arn?.split(':', 4)[3] ?? '';
  return REGION.test(region) ? region : null;
}

/** The region as a record gives it, or null where it is none (an anonymiser's `Region:4`). */
export function regionNamed(text: string | null): string | null {
  return text !== null && REGION.test(text) ? text : null;
}

/** The account that an ARN names, as it stands there, or null. */
export function accountOfArn(arn: string | null): string | null {
  return arn?.split(':', 5)[4] || null;
}

/** What follows the first `start` in an ARN, or the whole text where it has none. */
export function partOfArn(arn: string, start: string): string {
  const at = arn.indexOf(start);
  return at < 0 || at + start.length === arn.length ? arn : arn.slice(at + start.length);
}
