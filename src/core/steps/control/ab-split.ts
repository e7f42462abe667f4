import { z } from 'zod';
import { lot, pick } from '../../lots.ts';
import { renderText } from '../../templates/render.ts';
import { proceed } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { target } from '../target.ts';

const variant = z.strictObject({
  name: z.string().min(1).max(100),
  weight: z.number({ error: 'A weight is a whole number, 0 or more: 50, not "50%".' }).int('A weight is a whole number: 50, not 33.3.')
    .min(0, 'A weight is 0 or more.').max(1_000_000),
  next: target.optional(),
});

/** What the assignment's column holds. */
const LONGEST_KEY = 100;

const config = z.strictObject({
  variants: z
    .array(variant)
    .min(1)
    .max(50)
    .refine((variants) => variants.some(({ weight }) => weight > 0), {
      error: 'All weights are 0, so no variant can ever be drawn: give at least one a weight above 0.', params: { rule: 'invalid_weights' },
    })
    .refine((variants) => new Set(variants.map(({ name }) => name)).size === variants.length, {
      error: 'Two variants have the same name: each name is an edge of its own.', params: { rule: 'duplicate_variant' },
    }),
  key: z.string().optional(),
});

/** The draw is a hash of contact, workflow and step (or `key`): even, repeatable, and the same when the contact comes back. */
export const abSplit = defineStep<z.output<typeof config>>({
  type: 'ab_split',
  group: 'control',
  summary: 'Sends each contact one of several ways, by weight.',
  icon: 'flask-conical',
  config,
  arms: [{ path: 'variants.*.next', outcome: { key: 'name' } }],
  outcomes: ({ variants }) => variants.map(({ name }) => name),
  possible: ({ variants }) => variants.filter(({ weight }) => weight > 0).map(({ name }) => name),
  results: ['variant'],
  experiment: ({ key, variants }, stepId) => ({ key: (key ?? stepId).slice(0, LONGEST_KEY), stepId, variants: variants.map(({ name, weight }) => ({ name, weight })) }),
  pin: (own, outcome) =>
    (own.variants.some(({ name }) => name === outcome) ? { ...own, variants: own.variants.map((one) => ({ ...one, weight: one.name === outcome ? 1 : 0 })) } : null),
  enter: (step, { run, scope }) => {
    const key = step.config.key === undefined ? step.id : renderText(step.config.key, scope);
    const { name } = pick(step.config.variants, lot(`${run.contactId}/${run.workflowId}/${key}`));
    return proceed(name, { variant: name }, { assignment: { key: key.slice(0, LONGEST_KEY), variant: name } });
  },
});
