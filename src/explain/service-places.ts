/**
 * What the names of compute and services mean: always interfaces that exist now.
 *
 * | place            | means the interfaces                                                                                   |
 * | ---------------- | ------------------------------------------------------------------------------------------------------ |
 * | `lb:NAME`        | that are the balancer's nodes (ELB-01, ELB-02), known by their descriptions                            |
 * | `asg:NAME`       | of the group's instances (CMP-02)                                                                      |
 * | `lambda:NAME`    | of Lambda in the function's subnets that carry its groups and no others; functions share them (CMP-03) |
 * | `rds:NAME`       | of RDS in any subnet of the database's subnet group that carry its groups and no others (CMP-08)       |
 * | `ecs:SERVICE`    | of the service's tasks (CMP-05, CMP-06)                                                                |
 * | `eks:NAME`       | of the instances that are tagged as nodes of the cluster (CMP-07)                                      |
 * | `beanstalk:ENV`  | of the environment's instances, and its balancer's nodes (CMP-09)                                      |
 *
 * Several things of one name are one place, as with Name tags; an ARN means one. What has no interface now is no place, and so is
 * what has some that the snapshot may lack: an answer about the rest would be one about something else.
 */

import type { Kind, Network } from '../model/network.ts';
import { quote } from '../net/quote.ts';
import { BALANCERS } from './balancer-places.ts';
import { BEANSTALK, EKS, GROUPS } from './compute-places.ts';
import type { MeaningOfId } from './place-id.ts';
import type { PlaceIndex } from './place-index.ts';
import { isNoPlace } from './places.ts';
import { DATABASES, FUNCTIONS } from './requested-interfaces.ts';
import type { NamedService, ServiceWord } from './service-words.ts';
import { suggestionsFor } from './suggestions.ts';
import { ECS } from './task-places.ts';

/** What one thing of the name means. */
export type FoundService =
  | { readonly kind: 'interfaces'; readonly enis: readonly number[] }
  /** It is there, and it is no place; `why` is a lowercase phrase. */
  | { readonly kind: 'no-place'; readonly why: string };

/** How the things that one word names are found. */
export interface ServicePlaces {
  /** What one is called. */
  readonly noun: string;
  /** The kind of record that tells of them. */
  readonly kind: Kind;
  /** The call that lists them. */
  readonly call: string;
  /** Every name that means something. */
  readonly namesIn: (network: Network) => Iterable<string>;
  /** One for each thing that is called so. */
  readonly find: (index: PlaceIndex, named: NamedService) => readonly FoundService[];
}

const PLACES: Readonly<Record<ServiceWord, ServicePlaces>> = {
  lb: BALANCERS,
  asg: GROUPS,
  lambda: FUNCTIONS,
  rds: DATABASES,
  ecs: ECS,
  eks: EKS,
  beanstalk: BEANSTALK,
};

export function meaningOfService(index: PlaceIndex, named: NamedService): MeaningOfId {
  const { noun, find } = PLACES[named.service];
  const found = find(index, named);
  const enis: number[] = [];
  for (const each of found) {
    if (each.kind === 'no-place') return each;
    enis.push(...each.enis);
  }
  const places = index.ofInterfaces(new Set(enis));
  if (!isNoPlace(places)) return { kind: 'places', places };
  if (found.length === 0) return { kind: 'no-place', why: unknownName(index.compiled.network, named) };
  return { kind: 'no-place', why: `no interface with an address belongs to ${noun} ${quote(named.name)}` };
}

/** Reports whether anything is called so. */
export function isService(index: PlaceIndex, named: NamedService): boolean {
  return PLACES[named.service].find(index, named).length > 0;
}

function unknownName(network: Network, { service, name, account, region }: NamedService): string {
  const { noun, kind, call } = PLACES[service];
  const where = [...(region === null ? [] : [`in ${region}`]), ...(account === null ? [] : [`of account ${account}`])];
  const what = [`no ${noun} ${quote(name)}`, ...where, 'in the snapshot'].join(' ');
  const lists = network.lists.filter((list) => list.kind === kind);
  if (lists.some(({ complete }) => !complete)) {
    return `${what}, which does not tell of all: collect them again with aws ${call}`;
  }
  const tells = network[kind].length > 0 || lists.length > 0;
  return tells ? what : `${what}, which tells of none: collect them with aws ${call}`;
}

/** Names near the one that is not there, as a question has to say them. */
export function nearServices({ compiled }: PlaceIndex, { service, name }: NamedService): readonly string[] {
  const near = suggestionsFor(name, new Set(PLACES[service].namesIn(compiled.network)));
  return near.map((each) => `${service}:${/[\s|&!()"\\]/.test(each) ? JSON.stringify(each) : each}`);
}
