import type { Interval } from '../core/stats/intervals.ts';
import { builder } from './builder.ts';

export const Rate = builder.objectRef<{ rate: number } & Interval>('Rate').implement({
  description: 'A share with its 95 % interval by Wilson\'s score method.',
  fields: (t) => ({
    value: t.exposeFloat('rate', { description: 'From 0 to 1.' }),
    low: t.exposeFloat('low', { description: 'Where the interval begins.' }),
    high: t.exposeFloat('high', { description: 'Where the interval ends.' }),
  }),
});
