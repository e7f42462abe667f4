import { z } from 'zod';
import type { Context } from '../context.ts';
import { compile } from '../core/definition/compile.ts';
import { scriptedEvent } from '../core/scripted-event.ts';
import { simulate, type Simulation } from '../core/simulate.ts';
import { strangeEvent } from '../core/strange-event.ts';
import type { Contact, Data, LogRow } from '../core/state.ts';
import { deskFor, type Caller } from './caller.ts';
import { contactInput, newContact } from './contact-input.ts';
import { getContact } from './contacts.ts';
import { definitionOf, type DefinitionInput } from './given-definition.ts';
import { invalidInput, parseInput } from './parse-input.ts';

export interface SimulateInput extends DefinitionInput {
  /** A contact's id, or an object in REST's words (`first_name`, `tags` …) with an `id` of its own if the draw of a split matters; null for a plain one. */
  contact?: string | Data | null;
  /** `{ after: '3h', type: 'email_opened', step: 'welcome' }`, in any order. */
  events?: Data[];
  /** ISO-8601 or journey ms; null for now. */
  start?: string | number | null;
  /** Seeds `enrollment.<name>`. */
  initialData?: Data;
  maxDays?: number | null;
}

/** The answer of `POST …/test` as api.md §3 gives it; moments are ISO-8601. */
export interface SimulationTrace {
  status: string;
  exit_reason: string | null;
  path: string[];
  sent: { step_id: string; channel: string; to: string | null; at: string; subject?: string; message?: string }[];
  log: Data[];
  started_at: string;
  ended_at: string | null;
  waiting_for?: unknown;
}

const LONGEST_DAYS = 1_826;
const persona = contactInput.extend({ id: z.string().min(1).max(100).optional() });
const moment = z.union(
  [z.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))], { error: 'expected a moment such as 2026-03-02T09:00:00Z' },
);
const request = z.object({
  events: z.array(scriptedEvent).max(1_000, 'expected at most 1000 events').default([]),
  start: moment.nullish(),
  initialData: z.record(z.string(), z.unknown()).default({}),
  maxDays: z.number().positive().max(LONGEST_DAYS, `expected at most ${LONGEST_DAYS} days`).nullish(),
});

/** Runs the production interpreter under a virtual clock; no message leaves, no row is written. Throws VALIDATION_FAILED, NOT_FOUND, INVALID_INPUT. */
export async function simulateWorkflow(ctx: Context, who: Caller, input: SimulateInput): Promise<SimulationTrace> {
  const desk = deskFor(ctx, who, 'read');
  const { events, start, initialData, maxDays } = parseInput(
    request, { events: input.events, start: input.start, initialData: input.initialData, maxDays: input.maxDays }, 'simulation',
  );
  const [assets, location, now] = await Promise.all([desk.readAssets(), desk.readLocation(), desk.journeyNow()]);
  const definition = await definitionOf(ctx, who, input);
  const program = compile(definition);
  const stranger = strangeEvent(program, events);
  if (stranger) throw invalidInput('simulation', [{ path: stranger.path, message: stranger.message, rule: stranger.rule, hint: stranger.expected }]);
  const contact = await contactOf(ctx, who, input.contact ?? null, start ?? now);
  const simulation = simulate({
    program, contact, events, start: start ?? now, location, assets, initial: initialData,
    ...(input.workflowId && { workflowId: input.workflowId }), ...(maxDays && { maxDays }),
  });
  return showSimulation(simulation);
}

/** Somebody who can be written to on every channel. */
const PLAIN = { first_name: 'Test', last_name: 'Contact', email: 'test@example.com', phone: '+15555550100' };

async function contactOf(ctx: Context, who: Caller, given: string | Data | null, at: number): Promise<Contact> {
  if (typeof given === 'string') return getContact(ctx, who, { id: given });
  const { id = 'simulated-contact', ...checked } = parseInput(z.object({ contact: persona }), { contact: given ?? PLAIN }, 'simulation').contact;
  return { ...newContact(checked), id, revision: 1, created_at: at, updated_at: at };
}

const iso = (at: number): string => new Date(at).toISOString();

export function showSimulation(simulation: Simulation): SimulationTrace {
  const { status, exitReason, path, sent, log, startedAt, endedAt, waitingFor } = simulation;
  return {
    status,
    exit_reason: exitReason,
    path,
    sent: sent.map(({ stepId, channel, to, subject, message, at }) => ({
      step_id: stepId, channel, to, ...(subject !== null && { subject }), ...(message !== null && { message }), at: iso(at),
    })),
    log: log.map(rowOf),
    started_at: iso(startedAt),
    ended_at: status === 'active' ? null : iso(endedAt),
    ...(waitingFor && { waiting_for: { step_id: waitingFor.stepId, until: waitingFor.until === null ? null : iso(waitingFor.until) } }),
  };
}

const rowOf = (row: LogRow): Data => ({
  seq: row.seq,
  step_id: row.stepId,
  step_type: row.stepType,
  visit: row.visit,
  attempt: row.attempt,
  status: row.status,
  input: row.input,
  output: row.output,
  decision: row.decision,
  error: row.error,
  outcome: row.outcome,
  started_at: iso(row.startedAt),
  completed_at: row.completedAt === null ? null : iso(row.completedAt),
});
