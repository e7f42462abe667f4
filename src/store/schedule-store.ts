import type { Pool } from 'pg';
import type { ScheduleStore } from '../core/ports/schedules.ts';
import { dueDates, fireDates } from './date-fires.ts';
import { LocationCache } from './locations.ts';
import { decideSchedule, dueSchedules, leaveWalk, takeWalk } from './schedule-looks.ts';
import { enrollStep, planStep, readPage } from './walk-steps.ts';

/** Entries by time over a pool that took the workers' role. */
export function createScheduleStore(pool: Pool): ScheduleStore {
  const locations = new LocationCache(pool);
  return {
    due: (limit) => dueSchedules(pool, limit),
    decide: (schedule, decision) => decideSchedule(pool, schedule, decision),
    takeWalk: (leaseMs) => takeWalk(pool, leaseMs),
    leaveWalk: (id) => leaveWalk(pool, id),
    readPage: (walk, limit) => readPage(pool, locations, walk, limit),
    enrollStep: (walk, step, enrollments, refusals, leaseMs) => enrollStep(pool, walk, step, enrollments, refusals, leaseMs),
    planStep: (walk, step, plans, leaseMs) => planStep(pool, walk, step, plans, leaseMs),
    dueDates: (limit) => dueDates(pool, locations, limit),
    fireDates: (now, answers, enrollments, refusals) => fireDates(pool, now, answers, enrollments, refusals),
  };
}
