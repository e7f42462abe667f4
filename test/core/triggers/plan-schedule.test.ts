import { describe, expect, it } from 'vitest';
import { planSchedule } from '../../../src/core/triggers/plan-schedule.ts';
import { HOUR, START } from '../../support/given.ts';

const MINUTE = 60_000;
const hourly = (catch_up: 'none' | 'last' | 'all') => ({ cron: '0 * * * *', catch_up });
const hours = (...counts: number[]): number[] => counts.map((count) => START + count * HOUR);

describe('planSchedule: what a look at a schedule fires', () => {
  it.each([
    ['nothing before its time', 'none', 0, START + HOUR - 1, [], START + HOUR],
    ['on time', 'none', 0, START + HOUR, hours(1), START + 2 * HOUR],
    ['late within the grace', 'none', 0, START + HOUR + MINUTE, hours(1), START + 2 * HOUR],
    ['none of what was missed', 'none', 0, START + 3 * HOUR + 2 * MINUTE, [], START + 4 * HOUR],
    ['the last of what was missed', 'last', 0, START + 3 * HOUR + 2 * MINUTE, hours(3), START + 4 * HOUR],
    ['no missed one beside one on time', 'last', 0, START + 3 * HOUR, hours(3), START + 4 * HOUR],
    ['all of what was missed', 'all', 0, START + 3 * HOUR + 2 * MINUTE, hours(1, 2, 3), START + 4 * HOUR],
    ['nothing twice', 'all', 3 * HOUR, START + 3 * HOUR + 2 * MINUTE, [], START + 4 * HOUR],
    ['the last one of many years', 'last', -10 * 366 * 24 * HOUR, START + 2 * MINUTE, [START], START + HOUR],
  ] as const)('%s', (_what, catchUp, since, now, due, next) => {
    expect(planSchedule(hourly(catchUp), 'UTC', START + since, now, MINUTE)).toEqual({ due, until: now, next });
  });

  it('goes on in the next look where there is too much to catch up with', () => {
    const first = planSchedule(hourly('all'), 'UTC', START, START + 150 * HOUR, MINUTE);
    expect(first).toMatchObject({ due: hours(...Array.from({ length: 100 }, (_, index) => index + 1)), until: START + 100 * HOUR, next: START + 101 * HOUR });
    expect(planSchedule(hourly('all'), 'UTC', first.until, START + 150 * HOUR, MINUTE)).toMatchObject({ until: START + 150 * HOUR, next: START + 151 * HOUR });
  });

  it('finds a last one that never was', () => {
    expect(planSchedule({ cron: '0 9 29 2 *', catch_up: 'last' }, 'UTC', START - HOUR, START, MINUTE).due).toEqual([]);
  });

  it('fires once, in its own zone or the location’s', () => {
    const once = { at: '2026-03-02T10:00', catch_up: 'none' } as const;
    expect(planSchedule(once, 'Europe/Berlin', START - HOUR, START, MINUTE)).toEqual({ due: [START], until: START, next: null });
    expect(planSchedule({ ...once, timezone: 'UTC' }, 'Europe/Berlin', START - HOUR, START, MINUTE)).toEqual({ due: [], until: START, next: START + HOUR });
  });
});
