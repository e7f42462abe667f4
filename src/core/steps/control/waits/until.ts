import { asText } from '../../../as-text.ts';
import { isTemplate, pathsOf } from '../../../templates/parse.ts';
import { renderValue } from '../../../templates/render.ts';
import { printInstant } from '../../../time/calendar.ts';
import { offsetMs } from '../../../time/duration.ts';
import { asInstant } from '../../../time/instant.ts';
import { finish, type Verdict } from '../../../verdict.ts';
import type { Moment } from '../../define-step.ts';
import type { WaitConfig } from './config.ts';
import { movesZone, waited, waitUntil, type WaitKind } from './define-wait.ts';

type Until = WaitConfig & { until: string };

/**
 * Until a moment ± `offset`. One that is read off the contact is planned anew, sooner or later, whenever the contact changes; a local one when the
 * contact's zone does. A moment that has passed, or a field that is empty, goes where `on_past` says.
 */
export const untilWait: WaitKind<'until'> = {
  key: 'until',
  beside: ['offset', 'on_past', 'business_hours_only'],
  example: 'until: "{{contact.custom_fields.trial_ends}}"',
  waits: ({ until }) => isTemplate(until), // a written date has passed when a loop comes round
  longest: () => null,
  listens: ({ until }) => (fromContact(until) || inZone(until) ? ['contact_updated'] : []),
  enter: (config, moment, stepId) => plan(config, moment, stepId, moment.scene.now),
  notice: (config, moment, stepId, event) => {
    const { open } = moment.run.state.position;
    if (event.type !== 'contact_updated' || !open || !(fromContact(config.until) || (movesZone(event) && inZone(config.until)))) return null;
    const verdict = plan(config, moment, stepId, open.startedAt);
    return verdict.kind === 'park' && verdict.until === open.until ? null : verdict;
  },
};

const fromContact = (until: string): boolean => pathsOf(until).some(([root]) => root === 'contact');
/** A date or a time without an offset means another moment in another zone; a template that does not reckon from `now` may give one. */
const inZone = (until: string): boolean => (isTemplate(until) ? pathsOf(until).some(([root]) => root !== 'now') : asInstant(until, 'UTC') !== asInstant(until, 'Asia/Tokyo'));

/** @param since what `now` means in the template: the moment at which the wait began, however often it is planned */
function plan(config: Until, moment: Moment, stepId: string, since: number): Verdict {
  const { scope, scene } = moment;
  const at = momentOf(config, { ...scope, now: since });
  if (at === null || at < scene.now) return past(config, moment, stepId, at);
  return waitUntil(config, moment, at, false, { until: printInstant(at, scope.zone) });
}

/** The moment with its offset; null when there is none. Throws when what stands there is no moment. */
function momentOf({ until, offset }: Until, scope: Moment['scope']): number | null {
  const value = renderValue(until, scope);
  if (value === undefined || value === null || value === '') return null;
  const at = asInstant(value, scope.zone);
  if (at === null)
    throw new Error(
      `It waits until "${until}", which is "${asText(value).slice(0, 100)}": no date. Correct it to a date such as 2026-12-24 or 2026-12-24T09:00:00Z, then retry the step.`,
    );
  return at + (offset === undefined ? 0 : offsetMs(offset));
}

function past(config: Until, moment: Moment, stepId: string, at: number | null): Verdict {
  const text = at === null ? null : printInstant(at, moment.scope.zone);
  const over = { past: true, until: text };
  const why = `on_past: "${stepId}" waits until ${text === null ? 'a moment that is not set' : `${text}, which has passed`}`;
  if (config.on_past === 'exit') return finish('exited', `past:${stepId}`, over);
  if (config.on_past !== 'skip_next') {
    const verdict = waitUntil(config, moment, moment.scene.now, false, over);
    return verdict.kind === 'proceed' ? waited(moment, 'next', over) : verdict;
  }
  const verdict = waited(moment, 'next', over);
  return verdict.kind === 'proceed' ? { ...verdict, skipNext: why } : verdict;
}
