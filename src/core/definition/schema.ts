import { z } from 'zod';
import { conditionList } from '../conditions/schema.ts';
import { scenarioShape } from '../scenario.ts';
import { isZone } from '../time/calendar.ts';
import { durationMs, durationSchema } from '../time/duration.ts';
import { quietHoursSchema } from '../time/quiet-hours.ts';
import { isEnd } from './targets.ts';

const MAX_STEPS = 500;
const STEP_ID = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** A custom issue that names its rule and says what to do. */
const told = (rule: string, hint: string, error: string) => ({ error, params: { rule, hint } });

const stepId = z
  .string()
  .refine((id) => STEP_ID.test(id), told(
    'invalid_id', 'Begin with a letter or _, then letters, digits, _ and -, at most 100 characters: welcome_email.', 'This is no valid step id.',
  ))
  .refine((id) => !isEnd(id) && !RESERVED.has(id), told('reserved_id', 'Choose another id: end and exit_… name the ends of a run.', 'This id is reserved.'))
  .meta({ pattern: STEP_ID.source });

/** What is no duration at all is told as such, and has no length. */
const positiveDuration = durationSchema.refine(
  (value) => !durationSchema.safeParse(value).success || durationMs(value) > 0, told('invalid_duration', 'Write a duration above 0, such as 30d.', 'This duration must be longer than 0.'),
);

/** The parts of a trigger that all triggers share; the rest is its config, written beside `type` or under `config`. */
export const triggerShape = z.looseObject({
  type: z.string().min(1),
  filters: z.union([z.tuple([]), conditionList]).nullish(),
  on_import: z.enum(['ignore', 'enroll']).default('ignore'),
  config: z.record(z.string(), z.unknown()).nullish(),
});

/** A step without its config, which its own definition parses. */
export const stepShape = z.strictObject({
  id: stepId.describe('Names the step in arms, templates and statistics; its identity across versions.'),
  type: z.string().min(1),
  config: z.record(z.string(), z.unknown()).nullish(),
  label: z.string().max(255).nullish().describe('What people read on the canvas.'),
  next: z.string().min(1).max(100).nullish().describe('The step that follows, or an end; without it the next one in the list, past sibling arms.'),
  if: conditionList.nullish().describe('The step is skipped unless this holds.'),
  on_error: z.string().min(1).max(100).default('fail').describe('fail, continue, or the id of the step that takes over.'),
  retry: z.strictObject({ attempts: z.number().int().min(1).max(20), backoff: durationSchema.default('30s') }).nullish(),
});

const settings = z.strictObject({
  reentry: z.union([z.enum(['never', 'after_exit']), z.strictObject({ after: positiveDuration })]).default('never'),
  entry_key: z.string().min(1).max(500).nullish(),
  timezone: z
    .string()
    .refine((zone) => zone === 'contact' || isZone(zone), told('unknown_timezone', 'Write contact, or a zone of the IANA list such as Europe/Berlin.', 'This is no time zone.'))
    .default('contact'),
  quiet_hours: quietHoursSchema.nullish(),
  max_run_age: positiveDuration.nullish(),
});

const exitCondition = z
  .strictObject({
    id: stepId.optional(),
    on: z.string().min(1).max(100).nullish(),
    if: conditionList.nullish(),
    reason: z.string().min(1).max(255).nullish(),
    status: z.enum(['exited', 'completed']).default('exited'),
  })
  .refine((rule) => (rule.on ?? rule.if ?? null) !== null, told(
    'exit_without_cause', 'Add `on: <event type>`, `if: [ … ]`, or both.', 'This exit condition never holds: it names neither an event nor a condition.',
  ));

/** The whole, before steps and triggers are looked at one by one. */
export const definitionShape = z.strictObject({
  name: z.string().trim().min(1).max(255).describe('What people call the workflow.'),
  description: z.string().max(10_000).nullish().describe('What it is for.'),
  version: z.number().int().min(1).nullish().describe('The version that the file was exported from.'),
  trigger: z.unknown().optional(),
  triggers: z.array(z.unknown()).min(1).max(50).nullish(),
  settings: settings.nullish().describe('Who may enter again, in which zone it counts, when it is quiet.'),
  exit_conditions: z.array(exitCondition).max(100).nullish().describe('What ends a run wherever it stands; the first that holds.'),
  steps: z.array(z.unknown()).min(1).max(MAX_STEPS).describe('What happens, in order.'),
  tests: z.array(scenarioShape).max(500).nullish().describe('Scenarios that are played before it is published.'),
  layout: z.unknown().optional().describe('Where the canvas draws things; never part of the meaning.'),
});

export type DefinitionShape = z.output<typeof definitionShape>;
