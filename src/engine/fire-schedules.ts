import type { Context } from '../context.ts';
import type { Decision, OpenSchedule } from '../core/ports/schedules.ts';
import type { Program } from '../core/program.ts';
import { planSchedule } from '../core/triggers/plan-schedule.ts';
import type { ScheduleConfig } from '../core/triggers/schedule.ts';
import { programsOf } from './programs.ts';

type Ports = Pick<Context, 'schedules' | 'versions' | 'assets' | 'clock' | 'logger'>;

const CHUNK = 200;
/** An occurrence that is late by no more than so many machine ms is on time: a restart is no downtime. */
const GRACE_MS = 60_000;

/**
 * Looks at every schedule that wants it: each occurrence that is due becomes a walk over the location's contacts, which `walkContacts` takes.
 * Any number of schedulers may look at once. Gives how many schedules were looked at. Throws when the database does not answer.
 */
export async function fireSchedules(ctx: Ports): Promise<number> {
  let total = 0;
  for (;;) {
    const schedules = await ctx.schedules.due(CHUNK);
    const programs = await programsOf(ctx, schedules.map(({ versionId }) => versionId));
    for (const schedule of schedules) {
      const compiled = programs.get(schedule.versionId);
      if (compiled && 'error' in compiled) ctx.logger.error({ workflowId: schedule.workflowId, reason: compiled.error }, 'A schedule fires nothing: publish its workflow again');
      const decision = compiled && 'program' in compiled ? decide(schedule, compiled.program, GRACE_MS * ctx.clock.speed) : { until: schedule.now, next: null, walks: [] };
      await ctx.schedules.decide(schedule, decision);
    }
    total += schedules.length;
    if (schedules.length < CHUNK) return total;
  }
}

/** What a program's triggers make of the time since the last look. A door that was just opened plans its date fields, too. */
function decide({ openedAt, decidedUntil, now, timezone }: OpenSchedule, { triggers }: Program, graceMs: number): Decision {
  const plans = triggers.flatMap(({ type, config }, place) =>
    (type === 'schedule' ? [{ place, plan: planSchedule(config as ScheduleConfig, timezone, decidedUntil, now, graceMs) }] : []));
  const moments = plans.flatMap(({ plan }) => plan.next ?? []);
  const dates = decidedUntil > openedAt ? [] : triggers.flatMap(({ type }, place) => (type === 'date_field' ? [{ purpose: 'date_field' as const, place, dueAt: openedAt }] : []));
  return {
    until: Math.min(now, ...plans.map(({ plan }) => plan.until)),
    next: moments.length > 0 ? Math.min(...moments) : null,
    walks: [...dates, ...plans.flatMap(({ place, plan }) => plan.due.map((dueAt) => ({ purpose: 'schedule' as const, place, dueAt })))],
  };
}
