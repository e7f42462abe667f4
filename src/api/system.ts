import type { Context } from '../context.ts';
import { builder } from './builder.ts';

const QueueDepth = builder.objectRef<{ name: string; waiting: number }>('QueueDepth').implement({
  description: 'Doorbells that wait to be heard.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The queue.' }),
    waiting: t.exposeInt('waiting', { description: 'How many wait in it.' }),
  }),
});

interface Status {
  journeyNow: number;
  machineNow: number;
  clockSpeed: number;
}

export const SystemStatus = builder.objectRef<Status>('SystemStatus').implement({
  description: 'How the installation is doing.',
  fields: (t) => ({
    journeyNow: t.expose('journeyNow', { type: 'DateTime', description: 'The time that journeys live in.' }),
    machineNow: t.expose('machineNow', { type: 'DateTime', description: 'The time on the wall.' }),
    clockSpeed: t.exposeFloat('clockSpeed', { description: 'How many journey seconds pass in a real one.' }),
    queues: t.field({
      type: [QueueDepth],
      nullable: true,
      description: 'Waiting jobs by queue; null while the broker cannot be reached.',
      resolve: async (_status, _args, { ctx }) => {
        const depths = await ctx.queue.depths().catch(() => null);
        return depths && Object.entries(depths).map(([name, waiting]) => ({ name, waiting }));
      },
    }),
  }),
});

export const readStatus = (ctx: Context): Status => ({ journeyNow: ctx.clock.journeyNow(), machineNow: ctx.clock.machineNow(), clockSpeed: ctx.clock.speed });

builder.queryField('system', (t) => t.field({
  type: SystemStatus,
  description: 'How the installation is doing.',
  resolve: (_root, _args, { ctx }) => readStatus(ctx),
}));
