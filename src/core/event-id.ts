import { hash32 } from './lots.ts';
import type { Moment } from './steps/define-step.ts';

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);

/**
 * The id of the `place`th event that the current step of a run causes: a uuid in the form of version 7, so that events are told in the order in
 * which they were caused, whose lots are drawn from the run instead of at random, so that a step may know it before it is written.
 */
export function eventIdOf({ run, scene }: Moment, place: number): string {
  const at = hex(scene.stamp ?? scene.now, 12);
  const lots = hex(hash32(`a${run.id}`), 8) + hex(hash32(`b${run.id}`), 4);
  return `${at.slice(0, 8)}-${at.slice(8)}-7${hex(run.state.position.seq, 3)}-8${hex(place, 3)}-${lots}`;
}
