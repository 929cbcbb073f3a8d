/** What all steps of a trace have in common. */

import { assumptionIds } from '../compile/assumption.ts';
import type { EntryOrigin, Stage } from '../compile/stage.ts';
import { formatOrigin } from '../model/origin.ts';
import type { Step } from './trace.ts';

export function blankStep(stage: Stage): Step {
  return {
    stage: stage.role,
    result: 'forward',
    text: '',
    resource: null,
    rule: null,
    source: null,
    code: null,
    tracking: null,
    header: null,
    because: assumptionIds(stage.assumptions),
  };
}

export function originFields(origin: EntryOrigin): Pick<Step, 'resource' | 'rule' | 'source' | 'text'> {
  return {
    resource: origin.resource,
    rule: origin.rule,
    text: origin.text,
    source: origin.source === null ? null : formatOrigin(origin.source),
  };
}
