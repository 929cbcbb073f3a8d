/**
 * VPC Block Public Access at the gateways to the internet (BPA-01 to BPA-07): a check of the subnet that a packet comes from or goes to
 * next, in both directions. Subnets behind an appliance, a load balancer or a NAT gateway are not asked: their packets meet the
 * internet gateway in the other's subnet (BPA-05, BPA-06).
 *
 * Where nothing is closed each function gives back the stage it was given.
 */

import { hostPrefix, type Prefix } from '../net/prefix.ts';
import { allowLine, type CheckLine, checkRules, denyLine } from './check-rules.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { buildLookup, type LookupPrefix } from './lookup.ts';
import { NONE } from './names.ts';
import { type Closure, closureOf } from './public-access.ts';
import { DESTINATION, type RuleTable, SOURCE } from './rule-table.ts';
import { type Entry, FILTER, LOOKUP, SILENT, type StageId, stage } from './stage.ts';

const CODE = 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED';

/** Out of a subnet (NONE: of the VPC) by its internet gateway. */
export function outByInternetGateway(
  b: GraphBuilder,
  vpc: number,
  subnet: number,
  place: number,
  next: StageId,
): StageId {
  const closure = closureOf(b, vpc, subnet);
  return closure === null ? next : directCheck(b, closure, subnet, SOURCE, place, next);
}

/** Out by an egress-only gateway, or by a regional NAT gateway, which stands at the internet gateway itself. */
export function outByOutwardGateway(
  b: GraphBuilder,
  vpc: number,
  subnet: number,
  place: number,
  next: StageId,
): StageId {
  const closure = closureOf(b, vpc, subnet);
  if (closure === null || closure.outwards === 'open') return next;
  return b.once(`public access outwards of ${closure.what} at ${place} to ${next}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: b.shared(`closed outwards: ${closure.what}`, () =>
        checkRules(b, closure.resource, SOURCE, [closingLine(closure, closure.outwards)]),
      ),
      next,
    }),
  );
}

/** From an internet gateway into a subnet of the VPC; NONE for what enters none that is known. */
export function intoSubnet(b: GraphBuilder, vpc: number, subnet: number, place: number, next: StageId): StageId {
  const closure = closureOf(b, vpc, subnet);
  return closure === null ? next : directCheck(b, closure, subnet, DESTINATION, place, next);
}

/** From an internet gateway to whichever subnet holds the destination. */
export function intoSubnetOfDestination(b: GraphBuilder, vpc: number, place: number, next: StageId): StageId {
  const closed = b.names.subnetsOfVpc[vpc]!.filter((subnet) => closureOf(b, vpc, subnet) !== null);
  if (closed.length === 0) return next;
  return b.once(`public access into ${vpc} at ${place} to ${next}`, () => {
    const entries: Entry[] = [];
    const prefixes: LookupPrefix[] = [];
    for (const subnet of closed) {
      prefixes.push(...b.network.subnets[subnet]!.cidrs.map((cidr) => b.prefix(cidr, entries.length)));
      entries.push(entry(intoSubnet(b, vpc, subnet, place, next), null));
    }
    return stage(LOOKUP, 'gateway-check', place, { lookup: buildLookup(prefixes), entries, next, effects: SILENT });
  });
}

function directCheck(
  b: GraphBuilder,
  closure: Closure,
  subnet: number,
  end: number,
  place: number,
  next: StageId,
): StageId {
  return b.once(`public access of ${closure.what} ${end} at ${place} to ${next}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: b.shared(`closed: ${closure.what} ${end}`, () => directRules(b, closure, subnet, end)),
      next,
    }),
  );
}

/** The addresses of NAT gateways are those whose packets only ever go outwards. */
function directRules(b: GraphBuilder, closure: Closure, subnet: number, end: number): RuleTable {
  const { direct, outwards, resource } = closure;
  const lines: CheckLine[] = [closingLine(closure, direct)];
  const ofNats = outwards === direct ? [] : natAddresses(b, subnet);
  if (ofNats.length > 0) {
    lines.unshift(
      outwards === 'open'
        ? allowLine('a NAT gateway, which starts connections outwards only (BPA-01)', ofNats)
        : { ...closingLine(closure, outwards), prefixes: ofNats },
    );
  }
  return checkRules(b, resource, end, lines);
}

function closingLine({ what, source, fact }: Closure, gate: Closure['direct']): CheckLine {
  const text = `VPC Block Public Access closes ${what} to the internet (BPA-01)`;
  return denyLine(text, CODE, null, { source, ...(gate === 'unclear' && { fact }) });
}

function natAddresses(b: GraphBuilder, subnet: number): readonly Prefix[] {
  if (subnet === NONE) return [];
  const nats = b.names.natsOfSubnet.get(b.network.subnets[subnet]!.id) ?? [];
  return nats
    .map((nat) => b.network.natGateways[nat]!)
    .filter(({ state }) => state !== 'deleted' && state !== 'failed')
    .flatMap(({ addresses }) => addresses)
    .flatMap(({ privateAddress }) => (privateAddress === null ? [] : [hostPrefix(privateAddress)]));
}
