/** Findings of `lint` as JSON: their own fields in a fixed order, places in the input as `file#pointer`. */

import type { LintFinding, LintProof, LintReport, LintStop, LintSubject } from '../explain/lint-finding.ts';
import { formatOrigin, type Origin } from '../model/origin.ts';

export function lintJson({ findings, checked, notes }: LintReport): object {
  const { networkAclEntries, groupRules, groups, routes } = checked;
  return {
    findings: findings.map(findingJson),
    checked: { networkAclEntries, groupRules, groups, routes },
    notes,
  };
}

function findingJson({ rule, severity, resource, subject, origin, text, proof }: LintFinding): object {
  const { kind, id, name } = resource;
  return {
    rule,
    severity,
    resource: { kind, id, name },
    subject: subject === null ? null : subjectJson(subject),
    source: sourceJson(origin),
    text,
    proof: proofJson(proof),
  };
}

function subjectJson({ resource, rule, text, origin }: LintSubject): object {
  return { resource, rule, text, source: sourceJson(origin) };
}

function sourceJson(origin: Origin | null): string | null {
  return origin === null ? null : formatOrigin(origin);
}

function proofJson(proof: LintProof): object {
  switch (proof.kind) {
    case 'covered': {
      const { kind, by, contradicted, holds } = proof;
      const contrary = contradicted && { packet: contradicted.packet, by: subjectJson(contradicted.by) };
      return { kind, by: by.map(subjectJson), contradicted: contrary, holds };
    }
    case 'covered-where-used': {
      const { kind, sets, more } = proof;
      return {
        kind,
        sets: sets.map(({ groups, interface: eni, interfaces, by }) => ({
          groups,
          interface: eni,
          interfaces,
          by: by.map(subjectJson),
        })),
        more,
      };
    }
    case 'stopped': {
      const { kind, at, stops, more, isWhole } = proof;
      return { kind, at, stops: stops.map(stopJson), more, isWhole };
    }
    case 'witness': {
      const { kind, packet, from, to, stop } = proof;
      return { kind, packet, from, to, stop: stopJson(stop) };
    }
    case 'absent':
      return { kind: proof.kind, looked: proof.looked };
    case 'state': {
      const { kind, id, state, affects } = proof;
      return { kind, id, state, affects };
    }
  }
}

function stopJson({ peer, count, stage, code, resource, rule, text }: LintStop): LintStop {
  return { peer, count, stage, code, resource, rule, text };
}
