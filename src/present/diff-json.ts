/** The difference of two networks as JSON: the answer's own fields in a fixed order. */

import type {
  DiffAnswer,
  DiffCause,
  DiffGroup,
  DiffPlace,
  DiffStep,
  RecordDifference,
} from '../explain/diff-answer.ts';
import { type FactJson, factJson, placeJson } from './answer-json.ts';

export interface DiffJson extends Omit<DiffAnswer, 'unknowns'> {
  readonly unknowns: readonly FactJson[];
}

export function diffJson(answer: DiffAnswer): DiffJson {
  const { verdict, question, internet, groups, resources, interfaces, pairs, assumptions, unknowns, notes } = answer;
  const { byId, byName, byAddress, appear, vanish } = interfaces;
  return {
    verdict,
    question: { from: question.from, to: question.to, service: question.service },
    internet: { from: internet.from, to: internet.to },
    groups: groups.map(groupJson),
    resources: resources.map(recordJson),
    interfaces: { byId, byName, byAddress, appear: appear.map(placeJson), vanish: vanish.map(placeJson) },
    pairs: {
      all: pairs.all,
      isNarrowed: pairs.isNarrowed,
      changed: pairs.changed,
      unchanged: pairs.unchanged,
      unknownInBoth: pairs.unknownInBoth,
    },
    assumptions,
    unknowns: unknowns.map(factJson),
    notes,
  };
}

function groupJson(group: DiffGroup): DiffGroup {
  const { kind, before, after, family, from, fromAddresses, to, toAddresses, packets, clientPorts, witness } = group;
  return {
    kind,
    before,
    after,
    family,
    from: from.map(diffPlaceJson),
    fromAddresses,
    to: to.map(diffPlaceJson),
    toAddresses,
    packets,
    clientPorts,
    witness: {
      packet: witness.packet,
      packetBefore: witness.packetBefore,
      before: witness.before,
      after: witness.after,
    },
    cause: group.cause === null ? null : causeJson(group.cause),
  };
}

function diffPlaceJson(place: DiffPlace): DiffPlace {
  return { ...placeJson(place), addresses: place.addresses };
}

function causeJson({ direction, before, after, resources }: DiffCause): DiffCause {
  return {
    direction,
    before: before === null ? null : stepJson(before),
    after: after === null ? null : stepJson(after),
    resources,
  };
}

function stepJson({ stage, place, result, text, resource, rule, source, code }: DiffStep): DiffStep {
  return { stage, place: placeJson(place), result, text, resource, rule, source, code };
}

function recordJson({ change, kind, id, idBefore, name, fields }: RecordDifference): RecordDifference {
  return {
    change,
    kind,
    id,
    idBefore,
    name,
    fields: fields.map(({ field, removed, added }) => ({ field, removed, added })),
  };
}
