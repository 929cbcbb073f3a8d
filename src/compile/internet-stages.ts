/**
 * The internet and the internet gateways (W1, W2, IGW-01 to IGW-09).
 *
 *     out:  refused destinations -> private source becomes its public address -> the internet
 *     in:   public address -> the gateway of its VPC -> refused sources -> becomes private -> gateway table or local
 *
 * The internet itself is a lookup of public addresses: what belongs to an interface of the snapshot comes back in through its
 * VPC's gateway (so that traffic to a neighbour's public address leaves and re-enters: OPEN-17); the rest stays outside.
 */

import { isComplete } from '../model/network.ts';
import { hostPrefix, wholeFamily } from '../net/prefix.ts';
import { open } from './assumption.ts';
import { allowLine, checkRules, denyLine, doubtfulRules } from './check-rules.ts';
import { answersThroughEgressOnly, egressOnlyGatewaysOf } from './egress-only-stages.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { attachmentOf, gatewayPlace } from './internet-attachment.ts';
import { afterGateway } from './internet-entrance.ts';
import { internetDestinationRules, pairing } from './internet-rules.ts';
import { buildLookup, type LookupPrefix } from './lookup.ts';
import { gatewayOf, holderOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { natEntrance } from './nat-stages.ts';
import { leadingTo, ownAddresses } from './own-addresses.ts';
import { outByOutwardGateway } from './public-access-stages.ts';
import { publicAddresses, publicAddressesOf } from './public-addresses.ts';
import { DESTINATION, SOURCE } from './rule-table.ts';
import { REFUSED_BY_INTERNET } from './special-addresses.ts';
import { DELIVER, type Entry, FILTER, FORGETS_SENDER, LOOKUP, SILENT, type StageId, stage } from './stage.ts';

function internetPlace(b: GraphBuilder): number {
  return b.place({ kind: 'internet', id: 'internet', name: null });
}

/** Out of the VPC by its internet gateway. */
export function leaveByInternetGateway(b: GraphBuilder, vpc: number, id: string): StageId {
  const place = gatewayPlace(b, id);
  const attachment = attachmentOf(b, vpc, id);
  if (attachment.kind === 'unusable')
    return b.drop(place, 'gateway-check', 'BAD_STATE_ATTACHMENT', attachment.text, { resource: id });
  const checks = b.once(`igw out ${vpc} ${id}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: internetDestinationRules(b, id),
      next: b.once(`igw translate out ${vpc} ${id}`, () => translateSource(b, vpc, id, place)),
    }),
  );
  return attachment.kind === 'attached' ? checks : perhaps(b, vpc, id, place, checks);
}

/** Out of the VPC for a packet that has its public address already: from a regional NAT gateway (NAT-08). */
export function leaveWithPublicAddress(b: GraphBuilder, vpc: number): StageId {
  const attachment = attachmentOf(b, vpc, null);
  if (attachment.kind === 'unusable') {
    return b.drop(internetPlace(b), 'gateway-check', 'BAD_STATE_ATTACHMENT', attachment.text);
  }
  const { id } = attachment;
  const place = gatewayPlace(b, id);
  const checks = b.once(`igw out ${vpc} ${id}, translated`, () =>
    stage(FILTER, 'gateway-check', place, { rules: internetDestinationRules(b, id), next: beyondGateway(b, vpc) }),
  );
  const opened = outByOutwardGateway(b, vpc, NONE, place, checks);
  return attachment.kind === 'attached' ? opened : perhaps(b, vpc, id, place, opened);
}

/** Whether there is a gateway is a doubt like any other: what the packet meets further on may settle it. */
function perhaps(b: GraphBuilder, vpc: number, gateway: string, place: number, then: StageId): StageId {
  return b.once(`perhaps ${then}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: doubtfulRules(b, gateway, gatewayOf(b.network.vpcs[vpc]!.id)),
      next: then,
    }),
  );
}

/** IGW-02, IGW-04, IGW-05: a private v4 source becomes the public address it is paired with; v6 stays. */
function translateSource(b: GraphBuilder, vpc: number, gateway: string, place: number): ReturnType<typeof stage> {
  const record = b.network.vpcs[vpc]!;
  const entries: Entry[] = [];
  const prefixes: LookupPrefix[] = [];
  for (const pair of publicAddressesOf(b, vpc)) {
    if (pair.privateAddress === null) continue;
    prefixes.push(b.prefix(hostPrefix(pair.privateAddress), entries.length));
    entries.push(
      entry(beyondGateway(b, vpc), pairing(b, pair.privateAddress, pair.publicAddress, pair.interfaceId), {
        rewrite: pair.publicAddress,
        rewriteRank: b.rank(pair.publicAddress),
      }),
    );
  }
  const areListed = b.isComplete('networkInterfaces', record);
  const noPublicAddress = b.drop(
    place,
    'gateway-check',
    'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
    'the source address is paired with no public address (IGW-02)',
    { resource: gateway },
  );
  // Addresses of listed interfaces without a pair have none for certain, even where the list was cut off.
  const unpaired = entries.push(entry(noPublicAddress, null)) - 1;
  const v6Source = entries.push(entry(beyondGateway(b, vpc), null)) - 1;
  for (const eni of b.names.enisOfVpc[vpc]!) {
    const { id, privateAddresses } = b.network.networkInterfaces[eni]!;
    const gap = b.gap(`addresses:${id}`);
    const whole = gap === null ? unpaired : entries.push(entry(b.unknown(place, 'gateway-check', gap), null)) - 1;
    ownAddresses(b, eni).forEach((own, i) => {
      const isV6 = own.ranks.first >= b.space.firstV6;
      prefixes.push(leadingTo(own, isV6 ? v6Source : i < privateAddresses.length ? whole : unpaired));
    });
  }
  return stage(LOOKUP, 'translate', place, {
    lookup: buildLookup(prefixes),
    entries,
    end: SOURCE,
    effects: FORGETS_SENDER,
    next: areListed ? noPublicAddress : b.unknown(place, 'gateway-check', holderOf(record.id)),
  });
}

/** OPEN-17: a public address of the same VPC leaves by the gateway and comes back in by it; everything else is out. */
function beyondGateway(b: GraphBuilder, vpc: number): StageId {
  return b.once(`beyond the gateway of ${vpc}`, () => {
    const own = publicAddressesOf(b, vpc);
    return stage(LOOKUP, 'deliver', internetPlace(b), {
      lookup: buildLookup(own.map(({ publicAddress }, i) => b.prefix(hostPrefix(publicAddress), i))),
      entries: own.map(({ regionalNat }) => entry(enterFor(b, vpc, regionalNat), null, { assumptions: open(17) })),
      next: intoInternet(b),
      effects: SILENT,
    });
  });
}

/** From a gateway into the internet. An address that nobody of the snapshot has is somewhere out there: delivered. */
export function intoInternet(b: GraphBuilder): StageId {
  const place = internetPlace(b);
  return b.once('into the internet', () =>
    stage(LOOKUP, 'deliver', place, {
      ...publicLookup(b),
      next: b.once('delivered to the internet', () =>
        stage(DELIVER, 'deliver', place, { next: fromInternet(b), text: 'arrives' }),
      ),
      effects: SILENT,
    }),
  );
}

/** From the internet: to the gateway of the VPC that has the address. IGW-03 for an address that nobody has. */
export function fromInternet(b: GraphBuilder): StageId {
  const place = internetPlace(b);
  return b.once('from the internet', () => {
    const { lookup, entries } = publicLookup(b);
    const areListed = b.network.vpcs.every((vpc) => b.isComplete('networkInterfaces', vpc));
    const nobody = b.drop(
      place,
      'deliver',
      'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
      'no interface of the snapshot has this public address (IGW-03)',
    );
    const unroutable = b.once('unroutable from the internet', () =>
      stage(FILTER, 'gateway-check', place, {
        rules: checkRules(b, 'internet', DESTINATION, [
          ...REFUSED_BY_INTERNET.map(({ prefix, called, assumptions }) =>
            denyLine(
              `to ${called}: the internet leads nowhere there`,
              'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
              [prefix],
              {
                assumptions,
              },
            ),
          ),
          allowLine('a public destination', null),
        ]),
        next: areListed ? nobody : strayFromInternet(b, place, nobody),
      }),
    );
    return stage(LOOKUP, 'deliver', place, { lookup, entries, next: unroutable, effects: SILENT });
  });
}

/** With interfaces missing from the list, a v4 address may be one of theirs; a v6 address only if a VPC has its block. */
function strayFromInternet(b: GraphBuilder, place: number, nobody: StageId): StageId {
  const unlisted = b.unknown(place, 'deliver', holderOf('the snapshot'));
  if (!isComplete(b.network, 'vpcs', null, null)) return unlisted;
  return b.once('strays from the internet', () =>
    stage(LOOKUP, 'deliver', place, {
      lookup: buildLookup([b.prefix(wholeFamily(6), 0)]),
      entries: [entry(nobody, null)],
      next: unlisted,
      effects: SILENT,
    }),
  );
}

/** Public addresses of the snapshot, and where each enters. */
function publicLookup(b: GraphBuilder): { lookup: ReturnType<typeof buildLookup>; entries: readonly Entry[] } {
  return b.shared('public addresses', () => {
    const entries: Entry[] = [];
    const prefixes: LookupPrefix[] = [];
    for (const pair of publicAddresses(b)) {
      prefixes.push(b.prefix(hostPrefix(pair.publicAddress), entries.length));
      entries.push(entry(pair.vpc === NONE ? unassigned(b) : enterFor(b, pair.vpc, pair.regionalNat), null));
    }
    b.network.vpcs.forEach((vpc, index) => {
      for (const cidr of vpc.cidrs) {
        if (cidr.address.family !== 6) continue;
        prefixes.push(b.prefix(cidr, entries.length));
        entries.push(entry(enterV6(b, index), null));
      }
    });
    return { lookup: buildLookup(prefixes), entries };
  });
}

function unassigned(b: GraphBuilder): StageId {
  return b.drop(
    internetPlace(b),
    'deliver',
    'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    'the Elastic IP address is associated with nothing (IGW-03)',
  );
}

function enterFor(b: GraphBuilder, vpc: number, regionalNat: number): StageId {
  return regionalNat === NONE ? enterByInternetGateway(b, vpc) : natEntrance(b, regionalNat);
}

/** IPv6 enters by an egress-only gateway if it answers a flow that left there, else by the internet gateway. */
function enterV6(b: GraphBuilder, vpc: number): StageId {
  return egressOnlyGatewaysOf(b, vpc).reduceRight(
    (otherwise, gateway) => answersThroughEgressOnly(b, gateway, vpc, otherwise),
    enterByInternetGateway(b, vpc),
  );
}

function enterByInternetGateway(b: GraphBuilder, vpc: number): StageId {
  const record = b.network.vpcs[vpc]!;
  const attachment = attachmentOf(b, vpc, null);
  if (attachment.kind === 'unusable') {
    return b.drop(internetPlace(b), 'gateway-check', 'BAD_STATE_ATTACHMENT', attachment.text, { resource: record.id });
  }
  const { id } = attachment;
  const place = gatewayPlace(b, id);
  const checks = b.once(`igw in ${vpc}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: checkRules(b, id, SOURCE, [
        ...REFUSED_BY_INTERNET.map(({ prefix, called, asSource, assumptions }) =>
          denyLine(`from ${called}`, asSource, [prefix], { assumptions }),
        ),
        denyLine('from an address of the VPC itself', 'GATEWAY_REJECTS_SPOOFED_TRAFFIC', record.cidrs),
        allowLine('a public source', null),
      ]),
      next: b.once(`igw translate in ${vpc}`, () => translateDestination(b, vpc, id, place)),
    }),
  );
  return attachment.kind === 'attached' ? checks : perhaps(b, vpc, id, place, checks);
}

/** IGW-03, IGW-05: the public address becomes the private one it is paired with; v6 stays, unless the interface refuses it. */
function translateDestination(b: GraphBuilder, vpc: number, gateway: string, place: number): ReturnType<typeof stage> {
  const inside = afterGateway(b, vpc, gateway, place);
  const entries: Entry[] = [];
  const prefixes: LookupPrefix[] = [];
  for (const pair of publicAddressesOf(b, vpc)) {
    if (pair.privateAddress === null) continue;
    prefixes.push(b.prefix(hostPrefix(pair.publicAddress), entries.length));
    entries.push(
      entry(inside, pairing(b, pair.privateAddress, pair.publicAddress, pair.interfaceId), {
        rewrite: pair.privateAddress,
        rewriteRank: b.rank(pair.privateAddress),
      }),
    );
  }
  const refusing = b.drop(
    place,
    'gateway-check',
    'NO_POSSIBLE_DESTINATION',
    'the interface refuses all traffic of internet gateways (IGW-05)',
    { resource: gateway },
  );
  const refused = entries.push(entry(refusing, null)) - 1;
  const v6Destination = entries.push(entry(inside, null)) - 1;
  for (const eni of b.names.enisOfVpc[vpc]!) {
    const { denyAllIgwTraffic, ipv6Addresses } = b.network.networkInterfaces[eni]!;
    if (denyAllIgwTraffic) prefixes.push(...ipv6Addresses.map((a) => b.prefix(hostPrefix(a), refused)));
  }
  const v6Blocks = b.network.vpcs[vpc]!.cidrs.filter((cidr) => cidr.address.family === 6);
  prefixes.push(...v6Blocks.map((cidr) => b.prefix(cidr, v6Destination)));
  return stage(LOOKUP, 'translate', place, {
    lookup: buildLookup(prefixes),
    entries,
    effects: FORGETS_SENDER,
    next: b.drop(
      place,
      'gateway-check',
      'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
      'no interface of the VPC is paired with this public address (IGW-03)',
      { resource: gateway },
    ),
  });
}
