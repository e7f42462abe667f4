import { nextOpen } from '../../../time/calendar.ts';
import type { ContactEvent, Data } from '../../../state.ts';
import { park, proceed, type Verdict } from '../../../verdict.ts';
import type { Moment } from '../../define-step.ts';
import type { WaitConfig } from './config.ts';

/** The keys of which a wait has exactly one: each is a kind of its own. */
export type WaitKey = 'duration' | 'until' | 'at' | 'for';
type Config<Key extends WaitKey> = WaitConfig & Required<Pick<WaitConfig, Key>>;

/** A kind of wait: which keys it takes and what it does. */
export interface WaitKind<Key extends WaitKey = WaitKey> {
  key: Key;
  /** Keys that may stand beside its own. */
  beside: (keyof WaitConfig)[];
  /** An example for whoever wrote a wait that is none. */
  example: string;
  outcomes?(config: Config<Key>): string[];
  /** False when it takes no time, so that a loop through it rushes. */
  waits(config: Config<Key>): boolean;
  /** How long it takes at most; null when that depends on the contact. */
  longest(config: Config<Key>): number | null;
  listens?(config: Config<Key>): string[];
  enter(config: Config<Key>, moment: Moment, stepId: string): Verdict;
  notice?(config: Config<Key>, moment: Moment, stepId: string, event: ContactEvent): Verdict | null;
  /** Its moment has come; without this the wait is over. */
  wake?(config: Config<Key>, moment: Moment): Verdict;
}

/** Whether an event tells that the contact lives in another zone from now on. */
export const movesZone = ({ type, data }: ContactEvent): boolean =>
  type === 'contact_updated' && typeof data['changes'] === 'object' && data['changes'] !== null && 'timezone' in data['changes'];

/** A wait that is over now. */
export const waited = ({ scene }: Moment, outcome = 'next', more: Data = {}): Verdict => proceed(outcome, { waited_until: new Date(scene.now).toISOString(), ...more });

/**
 * Waits until `due` (journey ms), with `business_hours_only` until the next open minute after it; goes on at once when that has come.
 * @param relative the wait moves by the length of a pause; a date does not
 * @param note what the log says of it beside the zone
 */
export function waitUntil({ business_hours_only }: WaitConfig, moment: Moment, due: number, relative: boolean, note?: Data): Verdict {
  const { scene, scope } = moment;
  const until = business_hours_only ? nextOpen(scene.location.calendar, scope.zone, due) : due;
  if (until <= scene.now) return waited(moment);
  return park(until, { relative, note: note && { ...note, zone: scope.zone } });
}
