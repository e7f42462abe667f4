import { z } from 'zod';
import type { EffectOutcome, Input } from '../core/state.ts';

/** What a mailbox row holds beside its columns, by kind. Whoever writes a row writes this; the load parses it. */
const data = z.record(z.string(), z.unknown());

const outcome: z.ZodType<EffectOutcome> = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), result: data }),
  z.object({ status: z.literal('skipped'), reason: z.string(), exit: z.object({ status: z.enum(['exited', 'completed']), reason: z.string() }).optional() }),
  z.object({ status: z.literal('failed'), error: z.string(), result: data.optional() }),
  z.object({ status: z.literal('unknown'), error: z.string(), result: data.optional() }),
]);

const contactEventSchema = z.object({
  id: z.string(),
  type: z.string(),
  contactId: z.string(),
  at: z.number(),
  data,
  source: z.string(),
  depth: z.number(),
});

const payloads = {
  start: z.object({}),
  timer: z.object({ overdue: z.boolean().optional() }),
  outcome: z.object({ attempt: z.number(), outcome }),
  event: z.object({ event: contactEventSchema }),
  exit: z.object({ reason: z.string(), status: z.enum(['exited', 'completed']) }),
  retry: z.object({}),
  skip: z.object({ by: z.string() }),
  move: z.object({ to: z.string(), by: z.string() }),
  run_now: z.object({}),
} satisfies Record<Input['kind'], z.ZodType>;

/** A mailbox row as the load brings it, beside the run's own columns. */
export interface RawMail {
  mail_id: string;
  mail_kind: string;
  mail_step: string;
  mail_visit: number;
  mail_payload: unknown;
}

/** Reads one row. Throws a `ZodError`, or an `Error` for a kind that this build does not know. */
export function readInput({ mail_kind, mail_step, mail_visit, mail_payload }: RawMail): Input {
  const reader = Object.hasOwn(readers, mail_kind) ? readers[mail_kind as Input['kind']] : undefined;
  if (!reader) throw new Error(`Unknown kind of mailbox row "${mail_kind}", expected one of ${Object.keys(readers).join(', ')}. Was it written by a newer build?`);
  return reader(mail_payload, mail_step, mail_visit);
}

const readers: { [K in Input['kind']]: (payload: unknown, stepId: string, visit: number) => Input } = {
  start: () => ({ kind: 'start' }),
  timer: (payload, stepId, visit) => ({ kind: 'timer', stepId, visit, ...payloads.timer.parse(payload) }),
  outcome: (payload, stepId, visit) => ({ kind: 'outcome', stepId, visit, ...payloads.outcome.parse(payload) }),
  event: (payload) => ({ kind: 'event', ...payloads.event.parse(payload) }),
  exit: (payload) => ({ kind: 'exit', ...payloads.exit.parse(payload) }),
  retry: () => ({ kind: 'retry' }),
  skip: (payload, stepId, visit) => ({ kind: 'skip', stepId, visit, ...payloads.skip.parse(payload) }),
  move: (payload) => ({ kind: 'move', ...payloads.move.parse(payload) }),
  run_now: (_payload, stepId, visit) => ({ kind: 'run_now', stepId, visit }),
};
