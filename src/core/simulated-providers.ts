import { z } from 'zod';
import { suggest } from './definition/nearest.ts';
import { decideRetry, planAttempt, recoveries, webhookRefusal, type AttemptState, type Trouble } from './retry.ts';
import type { Channel, Data, Effect, EffectOutcome } from './state.ts';
import { durationSchema } from './time/duration.ts';

/** The type of a scripted event that nobody hears: from its moment on, the provider of a step answers as it says. */
export const PROVIDER_ANSWERS = 'provider_answers';

/** `{ after: 0, type: provider_answers, step: charge, status: 402, body: { error: declined } }` */
export const providerAnswers = z.strictObject({
  after: durationSchema.describe('From when on, counted from the start.'),
  type: z.literal(PROVIDER_ANSWERS),
  step: z.string().min(1).max(100).describe('The step whose provider answers so.'),
  times: z.number().int().min(1).max(1_000).optional().describe('For so many calls; for all that follow when it is left out.'),
  fails: z.string().min(1).max(1_000).optional().describe('The provider refuses, with these words.'),
  retryable: z.boolean().optional().describe('Beside `fails`: another attempt may succeed.'),
  silent: z.literal(true).optional().describe('No answer comes: the message may be out or not.'),
  status: z.number().int().min(100).max(599).optional().describe("A webhook's answer: its HTTP status."),
  headers: z.record(z.string(), z.string()).optional().describe('Beside `status`: its headers.'),
  body: z.unknown().optional().describe('Beside `status`: its body, as JSON.'),
  result: z.record(z.string(), z.unknown()).optional().describe('The provider accepts, and these values stand in `steps.<id>`.'),
});

interface Fault {
  path: (string | number)[];
  message: string;
  hint: string | null;
  rule: string;
}

const MEANS = ['fails', 'silent', 'status', 'result'] as const;
/** Keys that mean something beside another one only. */
const BESIDE = { retryable: 'fails', headers: 'status', body: 'status' } as const;

/** What is wrong with a scripted `provider_answers`. */
export function answerFaults(event: Record<string, unknown>): Fault[] {
  const { data, error } = providerAnswers.safeParse(event);
  if (!data) return error.issues.filter(({ path }) => path[0] !== 'after').flatMap((issue) => faultsOf(issue, event));
  const given = MEANS.filter((key) => data[key] !== undefined);
  if (given.length !== 1) return [{
    path: [given[1] ?? 'type'],
    message: `The provider answers ${given.length === 0 ? 'nothing' : `${given.join(' and ')} at once`}.`,
    hint: `Write exactly one of ${MEANS.join(', ')}.`,
    rule: 'provider_answer',
  }];
  const stray = (Object.keys(BESIDE) as (keyof typeof BESIDE)[]).filter((key) => data[key] !== undefined && data[BESIDE[key]] === undefined);
  return stray.map((key) => ({ path: [key], message: `"${key}" means nothing without "${BESIDE[key]}".`, hint: `Remove it, or add "${BESIDE[key]}".`, rule: 'provider_answer' }));
}

function faultsOf(issue: z.core.$ZodIssue, event: Record<string, unknown>): Fault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (path.length === 1 && event[path[0]!] === undefined) return [{ path, message: `"${path[0]}" is missing.`, hint: `Add "${path[0]}:".`, rule: 'required' }];
  if (issue.code !== 'unrecognized_keys') return [{ path, message: `${issue.message.replace(/^Invalid input: expected (\w+), received (\w+)$/, 'Expected a $1, found $2')}.`.replace('..', '.'), hint: null, rule: 'provider_answer' }];
  return issue.keys.map((key) => ({
    path: [...path, key], message: `There is no key "${key}" here.`, hint: suggest(key, Object.keys(providerAnswers.shape)), rule: 'unknown_key',
  }));
}

type Answer = Pick<z.output<typeof providerAnswers>, 'fails' | 'retryable' | 'silent' | 'status' | 'headers' | 'body' | 'result'>;

/** A rule of the script: how a step's provider answers from a moment on, and how often yet. */
export interface AnswerRule {
  at: number;
  stepId: string;
  left: number;
  answer: Answer;
}

/** Reads the data of a scripted `provider_answers`. */
export function answerRule(at: number, data: Data): AnswerRule {
  const { step, times = Infinity, ...answer } = data as unknown as Omit<z.output<typeof providerAnswers>, 'after' | 'type'>; // parsed by `scriptedEvent`
  return { at, stepId: step, left: times, answer };
}

/** More calls than any channel's retries make; a provider that asks for patience without end is left with the step on its way. */
const MOST_CALLS = 1_000;

/**
 * What comes of an effect when its provider answers as scripted, by the same retries as in production, which take no journey time. Providers about which
 * nothing is scripted accept at once. Null when no end comes. Counts the rules down.
 */
export function performEffect(effect: Effect, rules: AnswerRule[], now: number): { outcome: EffectOutcome; attempt: number } | null {
  const recovery = recoveries[effect.channel];
  const state: AttemptState = { id: effect.stepId, attempt: 1, maxAttempts: effect.retry.attempts, backoffMs: effect.retry.backoffMs, unknowns: 0 };
  for (let call = 0; call < MOST_CALLS; call += 1) {
    const { attempt } = state;
    if (!planAttempt(state, recovery).send) return { attempt, outcome: { status: recovery.spent, error: SILENCE } };
    const said = judge(effect, nextAnswer(effect.stepId, rules, now));
    if ('result' in said) return { attempt, outcome: { status: 'accepted', result: said.result } };
    const decision = decideRetry(state, recovery, said.trouble);
    if (decision.kind === 'end') return { attempt, outcome: { status: decision.status, error: said.error, ...(said.answered && { result: said.answered }) } };
    if (decision.countsAsAttempt) state.attempt += 1;
    if (decision.unknown) state.unknowns += 1;
  }
  return null;
}

const SILENCE = 'No answer came from the provider, and it is not asked again.';

/** The newest rule that has begun and is not used up; of those of one moment, the first. */
function nextAnswer(stepId: string, rules: AnswerRule[], now: number): Answer {
  const open = rules.filter((rule) => rule.stepId === stepId && rule.at <= now && rule.left > 0);
  const rule = open.toSorted((a, b) => b.at - a.at)[0]; // stable: the order of the script
  if (rule) rule.left -= 1;
  return rule?.answer ?? {};
}

type Said = { result: Data } | { error: string; trouble: Trouble; answered?: Data };

function judge({ channel, seq }: Effect, { fails, retryable = false, silent, status, headers, body, result }: Answer): Said {
  const trouble = (more: Partial<Trouble>): Trouble => ({ retryable: false, unknown: false, throttled: false, ...more });
  if (silent) return { error: SILENCE, trouble: trouble({ retryable: true, unknown: true }) };
  if (fails !== undefined) return { error: fails, trouble: trouble({ retryable }) };
  if (status === undefined) return { result: { ...plainResult(channel, seq), ...result } };
  const answered = { status, headers: headers ?? {}, body: body ?? null };
  const refusal = webhookRefusal(status);
  return refusal ? { error: refusal.error, trouble: trouble({ retryable: refusal.retryable, throttled: status === 429 }), answered } : { result: answered };
}

/** How a provider of which nothing is scripted accepts. */
function plainResult(channel: Channel, seq: number): Data {
  const id = `simulated-${seq}`;
  const results: Record<Channel, Data> = {
    email: { message_id: id }, sms: { message_id: id, segments: 1 }, voice: { call_id: id }, webhook: { status: 200, headers: {}, body: null },
  };
  return results[channel];
}
