import { evaluateConditions } from '../../../conditions/evaluate.ts';
import { factNamed, factOf, idsSince, knownFact, reportsFact } from '../../../facts.ts';
import type { ContactEvent } from '../../../state.ts';
import { durationMs } from '../../../time/duration.ts';
import { park, proceed, type Verdict } from '../../../verdict.ts';
import type { Moment } from '../../define-step.ts';
import type { WaitConfig } from './config.ts';
import { waited, type WaitKind } from './define-wait.ts';

type For = WaitConfig & { for: NonNullable<WaitConfig['for']> };

/**
 * For an event of the contact, or for a provider's word on one of the run's own sends (`step`), until a timeout. Such a word that
 * came before the wait began counts: whoever has opened the e-mail already does not open it again.
 */
export const eventWait: WaitKind<'for'> = {
  key: 'for',
  beside: ['timeout', 'on_event', 'on_timeout'],
  example: 'for: { event: email_opened, step: welcome_email }',
  outcomes: (config) => (timeoutOf(config) === null ? ['event'] : ['event', 'timeout']),
  waits: (config) => timeoutOf(config) !== 0,
  longest: timeoutOf,
  listens: (config) => [config.for.event],
  enter: (config, moment) => {
    const timeout = timeoutOf(config);
    const known = knownEvent(config, moment);
    const verdict = known && take(config, moment, known);
    if (verdict) return verdict;
    if (timeout === 0) return timedOut(moment);
    const { event, step } = config.for;
    return park(timeout === null ? null : moment.scene.now + timeout, { note: step === undefined ? { event } : { event, step } });
  },
  notice: (config, moment, _stepId, event) => (concerns(config, moment, event) ? take(config, moment, event) : null),
  wake: (_config, moment) => timedOut(moment),
};

/** Milliseconds, or null when it waits for ever. */
function timeoutOf({ timeout, for: awaited }: For): number | null {
  const written = timeout ?? awaited.timeout;
  return written === undefined ? null : durationMs(written);
}

const timedOut = (moment: Moment): Verdict => waited(moment, 'timeout', { timed_out: true });

function concerns({ for: { event: type, step } }: For, { run }: Moment, event: ContactEvent): boolean {
  if (event.type !== type || !reportsFact(event)) return false;
  if (step === undefined) return true;
  const fact = factOf(event, run.id);
  const { position } = run.state;
  return fact !== null && idsSince(position, fact.stepId).includes(step) && fact.visit === position.visits[step];
}

/** What is known of a send already, as the event that told it. */
function knownEvent({ for: { event: type, step } }: For, { run, scope }: Moment): ContactEvent | null {
  const fact = step === undefined ? null : knownFact(type, scope.steps[step] ?? {});
  if (fact === null) return null;
  const data = { ...fact.data, step_id: step, enrollment_id: run.id, visit: run.state.position.visits[step ?? ''] };
  return { id: '', type, contactId: run.contactId, at: fact.at, data, source: 'known', depth: run.depth };
}

function take(config: For, moment: Moment, event: ContactEvent): Verdict | null {
  const decision = config.for.if && evaluateConditions(config.for.if, { ...moment.scope, event });
  if (decision && !decision.verdict) return null;
  const { id, type, at, data, source } = event;
  const result = { waited_until: new Date(moment.scene.now).toISOString(), event: { id, type, at: new Date(at).toISOString(), data, source } };
  return proceed('event', result, decision ? { decision } : {});
}

/** What is wrong with the pair of event and step; null when nothing is. */
export function wrongPair({ event, step }: For['for']): string | null {
  return step === undefined || factNamed(event) !== null ? null : `"${event}" tells of no send, so it cannot be about the step "${step}".`;
}
