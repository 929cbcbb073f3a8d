/** Plays one step of a script on a session. */

import { QuestionError } from '../explain/question-error.ts';
import type { Session } from '../explain/session.ts';
import { InputError } from '../load/input-error.ts';
import type { Network } from '../model/network.ts';
import type { SessionEvent } from '../present/session-event.ts';
import { inputErrorText } from './input-error-text.ts';
import { ScriptError } from './script-error.ts';
import type { ScriptStep } from './session-script.ts';
import { updateOf } from './session-update.ts';
import { UsageError } from './usage-error.ts';

/** `file` names the script in errors. Throws a ScriptError with the step's line when the step cannot be played. */
export function playStep(step: ScriptStep, session: Session, network: Network, file: string): SessionEvent {
  try {
    return play(step, session, network, file);
  } catch (error) {
    if (error instanceof QuestionError || error instanceof UsageError) {
      throw new ScriptError(file, step.line, error.message, error.suggestions);
    }
    if (error instanceof InputError) throw new ScriptError(file, step.line, inputErrorText(error));
    if (error instanceof RangeError) throw new ScriptError(file, step.line, error.message);
    throw error;
  }
}

function play(step: ScriptStep, session: Session, network: Network, file: string): SessionEvent {
  switch (step.kind) {
    case 'send': {
      const result = session.send(step.packet, step.at === null ? {} : { at: step.at });
      return { kind: 'packet', role: 'packet', result, expected: step.expect };
    }
    case 'answer': {
      const result = session.answer(step.at === null ? {} : { at: step.at });
      return { kind: 'packet', role: 'answer', result, expected: step.expect };
    }
    case 'wait':
      session.wait(step.seconds);
      return { kind: 'wait', seconds: step.seconds, at: session.now };
    case 'remove':
      session.apply({ kind: 'remove-rule', rule: step.rule });
      return { kind: 'remove', rule: step.rule, at: session.now };
    case 'update': {
      const { change, ids, problems } = updateOf(step.records, file, network);
      session.apply(change);
      return { kind: 'update', ids, problems, at: session.now };
    }
    case 'show':
      return connectionsOf(session);
  }
}

export function connectionsOf(session: Session): SessionEvent {
  return { kind: 'connections', rows: session.connections(), at: session.now };
}
