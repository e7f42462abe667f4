import { z } from 'zod';
import { renderValue } from '../../templates/render.ts';
import type { Data } from '../../state.ts';
import { proceed } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';

const config = z.strictObject({ values: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), z.unknown()) });

export const set = defineStep<z.output<typeof config>>({
  type: 'set',
  group: 'control',
  summary: "Keeps values in the enrollment's own data, read as enrollment.<name>.",
  icon: 'variable',
  config,
  main: '*',
  enter: (step, { scope }) => {
    const values = renderValue(step.config.values, scope) as Data;
    return proceed('next', values, { enrollment: values });
  },
});
