import type { EnrollmentEvent, EnrollmentRecord, FactRecord, StepLogRecord } from './ports/records.ts';

/** A place in one enrollment's history: the commit (`revision`), the log row in it, and which side of the row. */
export interface Place {
  revision: number;
  seq: number;
  phase: number;
}

const PHASES = { step_started: 0, step_ended: 1, fact: 2, status_changed: 3 } as const;
/** After every log row of a commit. */
const LAST_SEQ = 2_147_483_647;
const CURSOR = /^(\d{1,10})-(\d{1,10})-(\d)$/;

/** `12-5-1`: opaque to clients, readable in a log. */
export const encodeCursor = (place: Place): string => `${place.revision}-${place.seq}-${place.phase}`;

/** The place that a cursor names; null for anything that `encodeCursor` did not make. */
export function decodeCursor(text: string): Place | null {
  const parts = CURSOR.exec(text);
  return parts && { revision: Number(parts[1]), seq: Number(parts[2]), phase: Number(parts[3]) };
}

/** Negative when `a` comes before `b`. */
const comparePlaces = (a: Place, b: Place): number => a.revision - b.revision || a.seq - b.seq || a.phase - b.phase;

/** The place after everything that the enrollment has committed: where a stream goes on from a snapshot. */
export function lastCursor(enrollment: Pick<EnrollmentRecord, 'revision' | 'status'>): string {
  const phase = enrollment.status === 'active' ? PHASES.fact : PHASES.status_changed;
  return encodeCursor({ revision: enrollment.revision, seq: LAST_SEQ, phase });
}

/**
 * The events of a trail that come after a place (null: all), in order.
 * A log row gives two events (begun, ended) even when one commit did both. The end of the run is told last and once: a cursor that names it
 * is followed by nothing, whatever revision later facts give the enrollment, until a failed run is taken up again.
 */
export function trailEvents(trail: { enrollment: EnrollmentRecord; logs: StepLogRecord[]; facts: FactRecord[] }, after: Place | null): EnrollmentEvent[] {
  if (after?.phase === PHASES.status_changed && !goesOn(trail.logs, after)) return [];
  const told = [...trail.logs.flatMap(logEvents), ...trail.facts.map(factEvent), ...statusEvent(trail.enrollment)];
  return told
    .filter(({ place }) => after === null || comparePlaces(place, after) > 0)
    .sort((a, b) => comparePlaces(a.place, b.place))
    .map(({ event }) => event);
}

/** A run that failed and was taken up again entered a step behind its end. */
const goesOn = (logs: StepLogRecord[], end: Place): boolean => logs.some(({ startedRev }) => startedRev > end.revision);

interface Told {
  place: Place;
  event: EnrollmentEvent;
}

function logEvents(log: StepLogRecord): Told[] {
  const started: Place = { revision: log.startedRev, seq: log.seq, phase: PHASES.step_started };
  const begun: StepLogRecord = { ...log, status: 'executing', output: null, decision: null, error: null, outcome: null, completedAt: null, endedRev: null };
  const events: Told[] = [{ place: started, event: { kind: 'step_started', cursor: encodeCursor(started), at: log.startedAt, log: begun } }];
  if (log.endedRev === null || log.completedAt === null) return events;
  const ended: Place = { revision: log.endedRev, seq: log.seq, phase: PHASES.step_ended };
  return [...events, { place: ended, event: { kind: 'step_ended', cursor: encodeCursor(ended), at: log.completedAt, log } }];
}

function factEvent(fact: FactRecord): Told {
  const place: Place = { revision: fact.revision, seq: fact.seq, phase: PHASES.fact };
  return { place, event: { kind: 'fact', cursor: encodeCursor(place), at: fact.at, fact } };
}

function statusEvent(enrollment: EnrollmentRecord): Told[] {
  if (enrollment.status === 'active') return [];
  const place: Place = { revision: enrollment.revision, seq: LAST_SEQ, phase: PHASES.status_changed };
  const at = enrollment.completedAt ?? enrollment.enrolledAt;
  return [{ place, event: { kind: 'status_changed', cursor: encodeCursor(place), at, status: enrollment.status, exitReason: enrollment.exitReason } }];
}
