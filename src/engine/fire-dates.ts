import type { Context } from '../context.ts';
import type { Refusal } from '../core/ports/hot-path.ts';
import type { AskedEnrollment, DateAnswer, DueDate, DueDates } from '../core/ports/schedules.ts';
import type { Assets, Contact, ContactEvent } from '../core/state.ts';
import { firstZone, printInstant } from '../core/time/calendar.ts';
import type { DateFieldConfig } from '../core/triggers/date-field.ts';
import { dateValue, momentOfDay, nextDateOccurrence } from '../core/triggers/date-occurrences.ts';
import type { Candidate } from '../core/triggers/match.ts';
import { uuidv7 } from '../ids.ts';
import { announceEnrolled } from './announce-enrolled.ts';
import { bisect } from './bisect.ts';
import { fuseEnrollment, unfused, type Entry } from './fuse-enrollment.ts';
import { historiesOf, historyFor, type Histories } from './histories.ts';
import { assetsOf, programsOf, type Compiled } from './programs.ts';

type Ports = Pick<Context, 'schedules' | 'events' | 'versions' | 'assets' | 'queue' | 'bus' | 'logger'>;

const CHUNK = 200;

/** A due date, what becomes of it, and whom it lets in. */
interface Item {
  answer: DateAnswer;
  entry: Entry | null;
}

/**
 * Fires the date fields that are due. Each contact's next occurrence is a row with its moment, kept true by `planDates` (a contact changed) and by
 * a walk (a version was published, a door opened): a million contacts cost an index look-up a second, and nothing is computed for those who
 * are not due. The contact is looked at again here, so an occurrence that moved meanwhile only moves on. Any number of schedulers may run
 * at once. Gives how many plans were answered.
 */
export async function fireDates(ctx: Ports): Promise<number> {
  let total = 0;
  for (;;) {
    const due = await ctx.schedules.dueDates(CHUNK);
    if (due.dates.length === 0) return total;
    const answered = await fireChunk(ctx, due);
    total += answered;
    if (due.dates.length < CHUNK || answered === 0) return total;
  }
}

async function fireChunk(ctx: Ports, due: DueDates): Promise<number> {
  const programs = await programsOf(ctx, due.dates.flatMap(({ open }) => open?.versionId ?? []));
  const assets = await assetsOf(ctx, due.locations);
  const firing = due.dates.flatMap((date) => candidateOf(date, programs) ?? []);
  const histories = await historiesOf(ctx, firing.map(({ contact, candidate: { program } }) => ({ contactId: contact.id, program })), due.now);
  const changed = new Set<string>();
  const items = due.dates.map((date) => itemOf(date, due, candidateOf(date, programs), assets, histories, changed));
  const write = (part: Item[]): Promise<number> => commit(ctx, part, due.now);
  const answers = await bisect(items, write, async (item, error) => {
    ctx.logger.error({ contactId: item.answer.date.contactId, error }, 'A date enrolls nobody: what it would write was refused');
    await write([{ ...item, entry: item.entry && refused(item, error) }]);
  });
  return answers.reduce((sum, count) => sum + count, 0);
}

interface Firing {
  candidate: Candidate;
  contact: Contact;
  config: DateFieldConfig;
}

/** The trigger that a plan is of, as it is published now; null when there is none any more, or nobody to enroll. */
function candidateOf({ workflowId, locationId, place, open, contact }: DueDate, programs: Map<string, Compiled>): Firing | null {
  const compiled = open && programs.get(open.versionId);
  if (!open || !contact || !compiled || 'error' in compiled) return null;
  const trigger = compiled.program.triggers[place];
  if (trigger?.type !== 'date_field') return null;
  return {
    candidate: { workflowId, locationId, versionId: open.versionId, name: open.workflowName, program: compiled.program },
    contact,
    config: trigger.config as DateFieldConfig,
  };
}

/** Of the runs of one contact only the first to change it takes its first segment at once: the others must see the change. */
function itemOf(date: DueDate, { now, locations }: DueDates, firing: Firing | null, assets: Map<string, Assets>, histories: Histories, changed: Set<string>): Item {
  const location = locations.get(date.locationId);
  const key = uuidv7();
  if (!firing || !location) return { answer: { key, date, next: null, fires: false }, entry: null };
  const { config, contact, candidate } = firing;
  const moment = momentOfDay(config, contact, location.timezone, date.occurrence);
  const fires = moment !== null && moment <= now && moment > (date.open?.openedAt ?? 0) && date.firedFor !== date.occurrence;
  const next = nextDateOccurrence(config, contact, location.timezone, now, fires ? date.occurrence : date.firedFor);
  if (!fires) return { answer: { key, date, next, fires }, entry: null };
  const around = { now, location, assets: assets.get(location.id) ?? { templates: {}, voicemails: {} }, history: historyFor(candidate.program, contact.id, histories) };
  const entry = fuseEnrollment({ candidate, trigger: candidate.program.triggers[date.place]! }, eventOf(key, date, config, contact, location.timezone), contact, around);
  if (!('enrollment' in entry)) return { answer: { key, date, next, fires }, entry };
  const fused = changed.has(contact.id) ? unfused(entry.enrollment) : entry.enrollment;
  if (fused.transition.contact !== null) changed.add(contact.id);
  return { answer: { key, date, next, fires }, entry: { enrollment: fused } };
}

function eventOf(id: string, { occurrence, dueAt }: DueDate, config: DateFieldConfig, contact: Contact, locationZone: string): ContactEvent {
  const data = { field: config.field, value: dateValue(config, contact), occurrence, due_at: printInstant(dueAt, firstZone(contact.timezone, locationZone)) };
  return { id, type: 'date_field', contactId: contact.id, at: dueAt, data, source: 'date_field', depth: 0 };
}

function refused({ answer: { key, date } }: Item, error: string): Entry {
  const { locationId, workflowId, contactId } = date;
  return { refusal: { locationId, workflowId, contactId, eventId: key, reason: 'error', detail: { error } } };
}

async function commit(ctx: Ports, part: Item[], now: number): Promise<number> {
  const enrollments = part.flatMap(({ entry }): AskedEnrollment[] => (entry && 'enrollment' in entry ? [entry.enrollment] : []));
  const refusals = part.flatMap(({ entry }): Refusal[] => (entry && 'refusal' in entry ? [entry.refusal] : []));
  const { answered, enrolled, started } = await ctx.schedules.fireDates(now, part.map(({ answer }) => answer), enrollments, refusals);
  await announceEnrolled(ctx, enrollments, { enrolled, started }, now, 'bulk');
  return answered;
}
