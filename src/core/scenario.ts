import { z } from 'zod';
import { scriptedEvent } from './scripted-event.ts';
import { channelNames } from './state.ts';
import { asInstant } from './time/instant.ts';

/** Monday 5 January 2026, 09:00 UTC: a scenario that names no start plays the same on every day. */
export const PLAIN_START = Date.UTC(2026, 0, 5, 9);
/** Stands in `expect.path` for any number of steps. */
export const ANY_STEPS = ['…', '...'];

const told = (rule: string, hint: string, error: string) => ({ error, params: { rule, hint } });
const word = z.string().min(1).max(255);
const data = z.record(z.string(), z.unknown());
const channel = z.enum(channelNames);

const moment = z
  .string()
  .refine((text) => asInstant(text, 'UTC') !== null, told('invalid_moment', 'Write a date or an instant such as 2026-03-02T09:00:00Z.', 'This is no moment.'))
  .transform((text) => asInstant(text, 'UTC')!);

/** Somebody made up, in REST's words. */
const persona = z.strictObject({
  id: word.optional(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  timezone: z.string().nullish(),
  tags: z.array(z.string().min(1)).default([]),
  custom_fields: data.default({}),
  consent: z.partialRecord(channel, z.enum(['given', 'withdrawn'])).default({}),
});

/** One message or call. Every key that is given must fit; `contains` looks in the subject and the body, whatever the case. */
const expectedSend = z.strictObject({ channel: channel.optional(), step: word.optional(), to: z.string().optional(), contains: z.string().min(1).optional() });

/** What must be true when the script has ended. Keys that are left out are not looked at. */
const expectation = z.strictObject({
  path: z.array(z.string().min(1).max(100)).optional().describe('Ids of the steps visited, in order, skipped ones left out; `…` stands for any number of steps.'),
  sent: z.array(expectedSend).optional().describe('What providers accept, in this order; others may stand between. An empty list: nothing.'),
  not_sent: z.array(expectedSend).optional().describe('What must not be among it.'),
  status: z.enum(['active', 'completed', 'exited', 'failed']).optional().describe('How the run stands at the end.'),
  exit_reason: z.string().nullish().describe('Why it ended.'),
  waiting_at: word.optional().describe('The step at which it still stands.'),
  contact: data.optional().describe('Fields of the contact after the run: `custom_fields.plan: pro`.'),
}).refine((expected) => Object.keys(expected).length > 0, told(
  'empty_expectation', 'Name what must happen: path, sent, status, exit_reason …', 'This scenario expects nothing, so it can never fail.',
));

/** One scenario of `tests:`: a made-up contact, a script, and what must come of it. */
export const scenarioShape = z.strictObject({
  name: z.string().trim().min(1).max(255).describe('What it shows, as a sentence.'),
  contact: persona.prefault({}).describe('Somebody made up.'),
  start: moment.default(PLAIN_START).describe('When it begins: a date or an instant; Monday 2026-01-05T09:00:00Z unless said.'),
  trigger: data.default({}).describe('What `{{trigger.…}}` reads.'),
  initial_data: data.default({}).describe('What `{{enrollment.…}}` reads.'),
  variants: z.record(z.string(), word).default({}).describe('Decides the draws of A/B splits: step → variant.'),
  events: z.array(scriptedEvent).max(1_000).default([]).describe('The script: what happens to the contact, and how providers answer.'),
  expect: expectation.describe('What must come of it. What is left out is not looked at.'),
});

export type Scenario = z.output<typeof scenarioShape>;
export type ExpectedSend = Scenario['expect'] extends { sent?: (infer S)[] | undefined } ? S : never;

/** A scenario as people write it, or what is wrong with it in one sentence. */
export function parseScenario(value: unknown): Scenario | string {
  const { data: scenario, error } = scenarioShape.safeParse(value);
  const [first] = error?.issues ?? [];
  return scenario ?? `${first!.path.join('.')}: ${first!.message}`;
}
