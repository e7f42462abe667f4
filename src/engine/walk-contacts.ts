import type { Context } from '../context.ts';
import type { ContactPage, ContactWalk, DatePlan } from '../core/ports/schedules.ts';
import type { Program } from '../core/program.ts';
import { enrollPage, type PageEnd } from './enroll-page.ts';
import { pagePlans } from './plan-dates.ts';
import { programsOf } from './programs.ts';

type Ports = Pick<Context, 'schedules' | 'events' | 'versions' | 'assets' | 'queue' | 'bus' | 'logger'>;

/** A worker that died in a walk is replaced after so long (machine ms); each page begins the lease anew. */
const LEASE_MS = 15_000;
const PAGE = 500;
/** Pages of one walk before the next walk has its turn. */
const PAGES_IN_A_ROW = 20;
/** Where contacts change all the time, a page that was stale so often is enrolled without its first segments. */
const PATIENCE = 3;

/**
 * Takes the walk that waits longest, if any, a few pages on: an occurrence of a schedule enrolls its contacts, a date field is planned for them. Where a page ended is a part
 * of what the page wrote, so a walk goes on after a crash where it was, and of two workers in the same walk one writes each page.
 * Gives whether there was one. Throws when the database does not answer.
 */
export async function walkContacts(ctx: Ports, pageSize = PAGE): Promise<boolean> {
  const walk = await ctx.schedules.takeWalk(LEASE_MS);
  if (!walk) return false;
  const compiled = (await programsOf(ctx, [walk.versionId])).get(walk.versionId);
  const program = compiled && 'program' in compiled ? compiled.program : null;
  let place: PageEnd & { ends?: boolean } = { kind: 'done', cursor: walk.cursor };
  let stale = 0;
  for (let pages = 0; pages < PAGES_IN_A_ROW; pages += 1) {
    place = await stepOn(ctx, { ...walk, cursor: place.cursor }, program, stale < PATIENCE, pageSize);
    stale = place.kind === 'stale' ? stale + 1 : 0;
    if (place.kind === 'lost' || place.ends) return true;
  }
  await ctx.schedules.leaveWalk(walk.id);
  return true;
}

/** One page. When the published version has no such trigger any more, the walk ends: nobody asks for it. */
async function stepOn(ctx: Ports, walk: ContactWalk, program: Program | null, fused: boolean, pageSize: number): Promise<PageEnd & { ends: boolean }> {
  const page = await ctx.schedules.readPage(walk, pageSize);
  const trigger = program?.triggers[walk.place];
  if (!program || trigger?.type !== walk.purpose) {
    const { kind } = await planPage(ctx, walk, { ...page, contacts: [] }, [], true);
    return { kind, cursor: walk.cursor, ends: true };
  }
  const ends = page.contacts.length < pageSize;
  const end = walk.purpose === 'date_field'
    ? await planPage(ctx, walk, page, pagePlans(walk, trigger, page), ends)
    : await enrollPage(ctx, walk, page, { program, trigger, fused, leaseMs: LEASE_MS }, ends);
  return { ...end, ends: ends && end.kind === 'done' };
}

async function planPage(ctx: Ports, walk: ContactWalk, { contacts, now }: ContactPage, plans: DatePlan[], ends: boolean): Promise<PageEnd> {
  const to = contacts.at(-1)?.id ?? null;
  const { kind } = await ctx.schedules.planStep(walk, { from: walk.cursor, to, looked: contacts.length, filtered: 0, failed: 0, ends, now }, plans, LEASE_MS);
  return { kind, cursor: to ?? walk.cursor };
}
