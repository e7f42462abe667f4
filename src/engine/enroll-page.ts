import type { Context } from '../context.ts';
import type { AskedEnrollment, ContactPage, ContactWalk, StepAnswer } from '../core/ports/schedules.ts';
import type { Program, TriggerConfig } from '../core/program.ts';
import type { Assets, Contact, ContactEvent } from '../core/state.ts';
import { printInstant } from '../core/time/calendar.ts';
import { announceEnrolled } from './announce-enrolled.ts';
import { bisect } from './bisect.ts';
import { fuseEnrollment, unfused, type Entry } from './fuse-enrollment.ts';
import { historiesOf, historyFor, type Histories } from './histories.ts';
import { assetsOf } from './programs.ts';

type Ports = Pick<Context, 'schedules' | 'events' | 'versions' | 'assets' | 'queue' | 'bus' | 'logger'>;

/** What a page is enrolled by, and how. */
export interface Firing {
  program: Program;
  trigger: TriggerConfig;
  /** Whether runs take their first segment at once. Those that do not start by their mailbox, and may be enrolled as they were read a moment ago. */
  fused: boolean;
  leaseMs: number;
}

/** Where the walk stands after a page. `stale`: a contact changed in between, read again from the cursor. `lost`: it is somebody else's, or the door was closed. */
export interface PageEnd {
  cursor: string | null;
  kind: 'done' | 'stale' | 'lost';
}

interface Item {
  contact: Contact;
  entry: Entry;
}

/**
 * Enrolls those of a page whom the trigger's filters let in, each with its first segment, and moves the walk on in the same statement.
 * A contact whose data cannot be written is left out alone. `ends`: nobody comes after this page.
 */
export async function enrollPage(ctx: Ports, walk: ContactWalk, page: ContactPage, firing: Firing, ends: boolean): Promise<PageEnd> {
  const assets = (await assetsOf(ctx, new Map([[page.location.id, page.location]]))).get(page.location.id) ?? { templates: {}, voicemails: {} };
  const histories = await historiesOf(ctx, page.contacts.map(({ id }) => ({ contactId: id, program: firing.program })), page.now);
  const items = page.contacts.map((contact): Item => ({ contact, entry: entryOf(walk, page, contact, firing, assets, histories) }));
  const cursorBefore = new Map(items.map(({ contact }, index) => [contact.id, items[index - 1]?.contact.id ?? walk.cursor]));
  const commit = async (part: Item[]): Promise<PageEnd> => {
    const from = part[0] ? (cursorBefore.get(part[0].contact.id) ?? null) : walk.cursor;
    const to = lastOf(part);
    const answer = await commitPart(ctx, { ...walk, cursor: from }, page.now, part, firing, ends && to === lastOf(items), to);
    return { kind: answer.kind, cursor: answer.kind === 'done' ? to : from };
  };
  const answers = await bisect(items, commit, async (item, error) => {
    ctx.logger.error({ walkId: walk.id, contactId: item.contact.id, error }, 'A contact is not enrolled: what it would write was refused');
    await commit([{ ...item, entry: refusedEntry(item.entry, error) }]);
  });
  return answers.find(({ kind }) => kind !== 'done') ?? { kind: 'done', cursor: lastOf(items) ?? walk.cursor };
}

const lastOf = (items: Item[]): string | null => items.at(-1)?.contact.id ?? null;

function entryOf(walk: ContactWalk, { now, location }: ContactPage, contact: Contact, { program, trigger, fused }: Firing, assets: Assets, histories: Histories): Entry {
  const candidate = { workflowId: walk.workflowId, locationId: walk.locationId, versionId: walk.versionId, name: walk.workflowName, program };
  const zone = typeof trigger.config['timezone'] === 'string' ? trigger.config['timezone'] : location.timezone;
  const event: ContactEvent = {
    id: walk.id, type: trigger.type, contactId: contact.id, at: walk.dueAt, data: { due_at: printInstant(walk.dueAt, zone) }, source: trigger.type, depth: 0,
  };
  const entry = fuseEnrollment({ candidate, trigger }, event, contact, { now, location, assets, history: historyFor(program, contact.id, histories) });
  return 'enrollment' in entry && !fused ? { enrollment: unfused(entry.enrollment) } : entry;
}

function refusedEntry(entry: Entry, error: string): Entry {
  if ('refusal' in entry) return entry;
  const { locationId, eventId, run: { workflowId, contactId } } = entry.enrollment;
  return { refusal: { locationId, workflowId, contactId, eventId, reason: 'error', detail: { error } } };
}

async function commitPart(ctx: Ports, walk: ContactWalk, now: number, part: Item[], { leaseMs }: Firing, ends: boolean, to: string | null): Promise<StepAnswer> {
  const enrollments = part.flatMap(({ entry }): AskedEnrollment[] => ('enrollment' in entry ? [entry.enrollment] : []));
  const refusals = part.flatMap(({ entry }) => ('refusal' in entry ? [entry.refusal] : []));
  const faults = refusals.filter(({ reason }) => reason !== 'filters');
  if (faults.length > 0) ctx.logger.warn({ walkId: walk.id, contacts: faults.length, first: faults[0]?.detail }, 'A trigger could not be evaluated for some contacts');
  const step = { from: walk.cursor, to, looked: part.length, filtered: refusals.length - faults.length, failed: faults.length, ends, now };
  const answer = await ctx.schedules.enrollStep(walk, step, enrollments, refusals, leaseMs);
  if (answer.kind === 'done') await announceEnrolled(ctx, enrollments, answer, now, 'bulk');
  return answer;
}
