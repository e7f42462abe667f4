import type { StepTime } from '../core/ports/records.ts';
import type { FunnelStep as Step, GoalStats as Goal } from '../core/stats/count-steps.ts';
import { Rate } from './rate.ts';
import { builder } from './builder.ts';

const TimeInStep = builder.objectRef<StepTime>('TimeInStep').implement({
  description: 'How long visits to a step took, in journey time, by the logs of the newest 5,000 enrollments.',
  fields: (t) => ({
    visits: t.exposeInt('visits', { description: 'Visits that ended and were not skipped: what the times are taken from.' }),
    medianMs: t.exposeFloat('medianMs', { description: 'Half of them took no longer.' }),
    p90Ms: t.exposeFloat('p90Ms', { description: 'Nine in ten took no longer.' }),
  }),
});

export const FunnelStep = builder.objectRef<Step & { time: StepTime | null }>('FunnelStep').implement({
  description: 'One step of the funnel, in visits: a step that a run enters twice counts twice.',
  fields: (t) => ({
    stepKey: t.exposeString('stepKey', { description: 'The step\'s `id` in the definition.' }),
    entered: t.exposeInt('entered', { description: 'Visits that began.' }),
    completed: t.exposeInt('completed', { description: 'Done, and left by an edge.' }),
    skipped: t.exposeInt('skipped', { description: 'Left undone for a reason that is no fault: its `if`, no address, no consent.' }),
    failed: t.exposeInt('failed', { description: 'Failed, whatever became of the run.' }),
    waiting: t.exposeInt('waiting', { description: 'Stand in it now.' }),
    droppedOff: t.exposeInt('droppedOff', { description: 'Went no further: the run ended while it was here, by an exit, a jump to a goal or an error.' }),
    dropOffRate: t.exposeFloat('dropOffRate', { nullable: true, description: '`droppedOff` of the visits that ended; null while there are none.' }),
    timeInStep: t.expose('time', { type: TimeInStep, nullable: true, description: 'Null while no visit has ended.' }),
  }),
});

export const GoalStats = builder.objectRef<Goal>('GoalStats').implement({
  description: 'How many reached a goal.',
  fields: (t) => ({
    stepKey: t.exposeString('stepKey', { description: 'The goal\'s `id` in the definition.' }),
    reached: t.exposeInt('reached', { description: 'Enrollments that reached it; each counts once.' }),
    rate: t.expose('rate', { type: Rate, nullable: true, description: 'Of all that enrolled; null while nobody did, and in a window that saw fewer enrolled than reached.' }),
  }),
});
