/**
 * The set engine against the solver z3, which reads the same policies as formulas over bits. Where there is no z3 these tests skip
 * and say so.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AddressSpace, rangeOfRanks } from '../../src/compile/address-space.ts';
import { groupRules } from '../../src/compile/group-rules.ts';
import { NOBODY } from '../../src/compile/identity.ts';
import { naclRules } from '../../src/compile/nacl-rules.ts';
import type { NetworkAcl } from '../../src/model/network-acl.ts';
import type { SecurityGroup } from '../../src/model/security-group.ts';
import { addressBits, type Family } from '../../src/net/address.ts';
import type { Prefix } from '../../src/net/prefix.ts';
import { ALL_PROTOCOLS } from '../../src/net/protocol.ts';
import { ALL_TRAFFIC, type Traffic } from '../../src/net/traffic.ts';
import { allowedByAny, allowedInOrder } from '../../src/reach/allowed.ts';
import { type Box, DecisionDiagram } from '../../src/reach/decision-diagram.ts';
import { boxesOf } from '../../src/reach/diagram-contents.ts';
import { EMPTY, type L4Id, L4Sets } from '../../src/reach/l4-sets.ts';
import { builderOf } from '../compile/drawn-builder.ts';
import { numberOf } from '../net/any-values.ts';
import { ruleLists } from './small-universe.ts';
import { allOf, anyOf, areSatisfiable, firstMatch, inRange, number, type Query, whyNotRunnable } from './z3.ts';

const why = whyNotRunnable();
if (why !== null) console.log(`comparison with z3 skipped: ${why}`);

const FAMILIES: readonly Family[] = [4, 6];

describe.skipIf(why !== null)('z3 finds no packet that it and igwalk judge differently', () => {
  test('NACL-02: lists of network ACLs, for every peer', () => {
    fc.assert(
      fc.property(fc.array(aclTexts(), { minLength: 3, maxLength: 3 }), (lists) => {
        const sets = new L4Sets();
        const checks = lists.flatMap((entries) => {
          const b = builderOf({ vpc: '10.0.0.0/16', subnets: { P: { cidr: '10.0.1.0/24', nacl: { in: entries } } } });
          const acl = b.network.networkAcls.find(({ id }) => id === 'acl-p')!;
          const table = naclRules(b, acl, 'in');
          return checksOf(sets, b.space, aclFormula(acl), (rank) => allowedInOrder(sets, table, rank).must);
        });
        expect(surprises(checks)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test('SG-01, SG-02: rules of groups, for every peer', () => {
    fc.assert(
      fc.property(fc.array(ruleTexts(), { minLength: 3, maxLength: 3 }), (lists) => {
        const sets = new L4Sets();
        const checks = lists.flatMap((rules) => {
          const b = builderOf({
            vpc: '10.0.0.0/16',
            subnets: { P: { cidr: '10.0.1.0/24' } },
            groups: { web: { in: rules } },
            enis: { A: { subnet: 'P', address: '10.0.1.10', groups: ['web'] } },
          });
          const table = groupRules(b, ['sg-web'], 'eni-a', 'in');
          const group = b.network.securityGroups.find(({ id }) => id === 'sg-web')!;
          return checksOf(sets, b.space, groupFormula(group), (rank) => {
            return allowedByAny(sets, table, rank, NOBODY, { groupsOfInterface: [], doubtfulHolders: [] }).must;
          });
        });
        expect(surprises(checks)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test('sets of one arena have the same id exactly when no packet tells them apart', () => {
    const boxes = fc.array(trafficValues(), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(boxes, boxes, boxes), { minLength: 30, maxLength: 30 }), (triples) => {
        const sets = new L4Sets();
        const union = (parts: readonly Traffic[]): L4Id =>
          parts.reduce<L4Id>(
            (all, { protocol, firstPortOrIcmp, lastPortOrIcmp }) =>
              sets.union(all, sets.box(protocol, firstPortOrIcmp, lastPortOrIcmp)),
            EMPTY,
          );
        const checks = triples.flatMap(([forA, forB, forC]) => {
          const [a, b, c] = [union(forA), union(forB), union(forC)];
          const [inA, inB, inC] = [forA, forB, forC].map((parts) => anyOf(parts.map(isOfTraffic))) as [
            string,
            string,
            string,
          ];
          const differ = (set: L4Id, formula: string): Check => ({
            what: `(xor ${setFormula(sets, set)} ${formula})`,
            variables: L4_BITS,
            isPossible: false,
          });
          return [
            { what: `(xor ${inA} ${inB})`, variables: L4_BITS, isPossible: a !== b },
            differ(sets.subtract(a, b), `(and ${inA} (not ${inB}))`),
            differ(sets.union(sets.intersect(a, b), c), `(or (and ${inA} ${inB}) ${inC})`),
          ];
        });
        expect(surprises(checks)).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  test('ordered five-tuple rules in an interval diagram', () => {
    const widths = [32, 32, 8, 16, 16];
    const sizes = widths.map((width) => 2 ** width);
    const variables = Object.fromEntries(widths.map((width, field) => [`f${field}`, width]));
    const isIn = (box: Box): string =>
      allOf(box.map(({ first, last }, field) => inRange(`f${field}`, widths[field]!, first, last)));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(ruleLists(sizes, 5), ruleLists(sizes, 5)), { minLength: 5, maxLength: 5 }),
        (pairs) => {
          const checks = pairs.flatMap(([forA, forB]) => {
            const diagram = new DecisionDiagram(sizes);
            const [a, b] = [diagram.firstMatch(forA), diagram.firstMatch(forB)];
            const [inA, inB] = [forA, forB].map((rules) =>
              firstMatch(rules.map(({ allows, box }) => ({ allows, condition: isIn(box) }))),
            ) as [string, string];
            const boxes = anyOf(boxesOf(diagram, diagram.subtract(a, b), 100_000).map(isIn));
            return [
              { what: inA, variables, isPossible: a !== 0 },
              { what: `(xor ${inA} ${inB})`, variables, isPossible: a !== b },
              { what: `(xor ${boxes} (and ${inA} (not ${inB})))`, variables, isPossible: false },
            ];
          });
          expect(surprises(checks)).toEqual([]);
        },
      ),
      { numRuns: 8 },
    );
  });
});

test.skipIf(why !== null)('what z3 complains of fails the test', () => {
  expect(() => areSatisfiable([{ variables: { port: 16 }, formula: '(= port nonsense)' }])).toThrow('unknown constant');
  expect(() => areSatisfiable([{ variables: { port: 16 }, formula: '(= port' }])).toThrow('z3 gave');
});

/** A formula, and whether igwalk thinks that any packet satisfies it. */
interface Check {
  readonly what: string;
  readonly variables: Query['variables'];
  readonly isPossible: boolean;
}

/** Formulas of which z3 thinks otherwise. */
function surprises(checks: readonly Check[]): readonly string[] {
  const answers = areSatisfiable(checks.map(({ what, variables }) => ({ variables, formula: what })));
  return checks.filter(({ isPossible }, i) => answers[i] !== isPossible).map(({ what }) => what);
}

const L4_BITS = { protocol: 8, port: 16 };

/** For each atom of the address space: its set is what the policy allows from all its addresses, and empty only if that is nothing. */
function checksOf(
  sets: L4Sets,
  space: AddressSpace,
  policy: (family: Family) => string,
  allowedFrom: (rank: number) => L4Id,
): readonly Check[] {
  return FAMILIES.flatMap((family) => {
    const bits = addressBits(family);
    const variables = { ...L4_BITS, address: bits };
    const [start, end] = family === 4 ? [0, space.firstV6] : [space.firstV6, space.size];
    return Array.from({ length: end - start }, (_, i) => start + i).flatMap((rank) => {
      const set = allowedFrom(rank);
      const { first, last } = rangeOfRanks(space, { first: rank, last: rank });
      const isInAtom = inRange('address', bits, numberOf(first), numberOf(last));
      const allowed = policy(family);
      return [
        { what: `(and ${isInAtom} (xor ${allowed} ${setFormula(sets, set)}))`, variables, isPossible: false },
        { what: `(and ${isInAtom} ${allowed})`, variables, isPossible: set !== EMPTY },
      ];
    });
  });
}

function setFormula(sets: L4Sets, set: L4Id): string {
  return anyOf(
    sets.runs(set).map(({ first, last, ports }) => {
      const isPort = anyOf(ports.map((range) => inRange('port', 16, range.first, range.last)));
      return allOf([inRange('protocol', 8, first, last), isPort]);
    }),
  );
}

function isOfTraffic({ protocol, firstPortOrIcmp, lastPortOrIcmp }: Traffic): string {
  const isPort = inRange('port', 16, firstPortOrIcmp, lastPortOrIcmp);
  return protocol === ALL_PROTOCOLS ? isPort : allOf([`(= protocol ${number(protocol, 8)})`, isPort]);
}

/** The address, cut off after the prefix's length, is the prefix's. */
function isOfPrefix({ address, length }: Prefix, family: Family): string {
  if (address.family !== family) return 'false';
  const bits = addressBits(family);
  const mask = ((1n << BigInt(length)) - 1n) << BigInt(bits - length);
  return `(= (bvand address ${number(mask, bits)}) ${number(numberOf(address), bits)})`;
}

function aclFormula({ entries }: NetworkAcl): (family: Family) => string {
  const inbound = entries.filter(({ direction }) => direction === 'in').toSorted((a, b) => a.number - b.number);
  return (family) =>
    firstMatch(
      inbound.map(({ action, traffic, peer }) => ({
        allows: action === 'allow',
        condition: allOf([isOfPrefix(peer, family), isOfTraffic(traffic)]),
      })),
    );
}

function groupFormula({ rules }: SecurityGroup): (family: Family) => string {
  return (family) =>
    anyOf(
      rules.flatMap(({ traffic, peer, direction }) =>
        direction === 'in' && peer.kind === 'cidr'
          ? [allOf([isOfPrefix(peer.prefix, family), isOfTraffic(traffic!)])]
          : [],
      ),
    );
}

/** `tcp/443-443`, and a prefix of the family that it is for. */
function trafficAndPrefix(): fc.Arbitrary<readonly [traffic: string, prefix: string]> {
  const bound = fc.oneof(fc.constantFrom(0, 22, 443, 1024, 65535), fc.nat({ max: 65535 }));
  const ports = fc.tuple(bound, bound).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const withPorts = fc.tuple(fc.constantFrom('tcp', 'udp'), ports).map(([protocol, range]) => `${protocol}/${range}`);
  const v4 = fc.oneof(withPorts, fc.constantFrom('all', 'icmp/8', 'icmp/3.4', 'icmp', '50', 'tcp'));
  const v6 = fc.oneof(withPorts, fc.constantFrom('all', 'icmpv6/128', 'icmpv6', '50'));
  const prefix4 = fc.tuple(fc.constantFrom(0, 128, 64, 96, 10, 255), fc.constantFrom(0, 1, 255), fc.nat({ max: 32 }));
  const prefix6 = fc.tuple(fc.constantFrom('0', '2001', '2001:db8', 'ffff'), fc.nat({ max: 48 }));
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(
        v4,
        prefix4.map(([a, b, length]) => canonical4(a, b, length)),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        v6,
        prefix6.map(([start, length]) => canonical6(start, length)),
      ),
    },
  );
}

/** The prefix of this length around `a.b.0.b`. */
function canonical4(a: number, b: number, length: number): string {
  const word = ((a << 24) | (b << 16) | b) & (length === 0 ? 0 : -1 << (32 - length));
  return `${[24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.')}/${length}`;
}

/** The prefix of this length around `start::`. */
function canonical6(start: string, length: number): string {
  const groups = [0, 1, 2].map((i) => {
    const kept = Math.max(0, Math.min(16, length - 16 * i));
    return Number.parseInt(start.split(':')[i] ?? '0', 16) & (0xffff << (16 - kept)) & 0xffff;
  });
  return `${groups.map((group) => group.toString(16)).join(':')}::/${length}`;
}

function aclTexts(): fc.Arbitrary<readonly string[]> {
  const entry = fc.tuple(fc.constantFrom('allow', 'deny'), trafficAndPrefix());
  return fc
    .array(entry, { maxLength: 7, size: 'max' })
    .map((entries) => entries.map(([action, [what, prefix]], i) => `${10 * (i + 1)} ${action} ${what} ${prefix}`));
}

function ruleTexts(): fc.Arbitrary<readonly string[]> {
  return fc
    .array(trafficAndPrefix(), { maxLength: 7, size: 'max' })
    .map((rules) => rules.map(([what, prefix]) => `${what} from ${prefix}`));
}

function trafficValues(): fc.Arbitrary<Traffic> {
  const bound = fc.constantFrom(0, 22, 23, 443, 1024, 65535);
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(ALL_TRAFFIC) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(ALL_PROTOCOLS, 0, 1, 6, 7, 17, 255), bound, bound)
        .map(([protocol, a, b]) => ({ protocol, firstPortOrIcmp: Math.min(a, b), lastPortOrIcmp: Math.max(a, b) })),
    },
  );
}
