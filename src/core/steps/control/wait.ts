import type { z } from 'zod';
import { factTypes } from '../../facts.ts';
import { defineStep } from '../define-step.ts';
import { clockWait } from './waits/clock.ts';
import { waitFields, type WaitConfig } from './waits/config.ts';
import { waited, waitUntil, type WaitKey, type WaitKind } from './waits/define-wait.ts';
import { durationWait } from './waits/duration.ts';
import { eventWait, wrongPair } from './waits/event.ts';
import { untilWait } from './waits/until.ts';

/** Every kind of wait; a config has the key of exactly one. */
const kinds: WaitKind[] = [durationWait, untilWait, clockWait, eventWait];
const keys = kinds.map(({ key }) => key);
const ARMS = ['timeout', 'on_event', 'on_timeout'] as const;

type AnyWait = WaitConfig & Required<Pick<WaitConfig, WaitKey>>;
// The chosen kind's own key is there: the config was checked for it.
const kindOf = (config: WaitConfig): { kind: WaitKind; own: AnyWait } => ({ kind: kinds.find(({ key }) => config[key] !== undefined) ?? durationWait, own: config as AnyWait });

const config = waitFields.superRefine((given, context) => {
  for (const { path, message, hint, rule = 'invalid_wait' } of faultsOf(given)) context.addIssue({ code: 'custom', path, message, params: { rule, hint, plain: message } });
});

/** Waits for a time, a moment or an event. Each kind is a file in `waits/`. */
export const wait = defineStep<z.output<typeof config>>({
  type: 'wait',
  group: 'control',
  summary: 'Waits for a time, a moment or an event before the run goes on.',
  icon: 'clock',
  config,
  arms: [
    { path: 'on_event', outcome: 'event' },
    { path: 'on_timeout', outcome: 'timeout' },
    { path: 'for.on_event', outcome: 'event' },
    { path: 'for.on_timeout', outcome: 'timeout' },
  ],
  outcomes: (given) => {
    const { kind, own } = kindOf(given);
    return kind.outcomes?.(own) ?? ['next'];
  },
  results: ['waited_until', 'event', 'timed_out', 'past', 'until'],
  reads: (given) => (given.for?.step === undefined ? [] : [{ id: given.for.step, path: ['for', 'step'] }]),
  waits: (given) => {
    const { kind, own } = kindOf(given);
    return kind.waits(own);
  },
  passes: ({ on_past }) => on_past === 'skip_next',
  longest: (given) => {
    const { kind, own } = kindOf(given);
    return kind.longest(own);
  },
  listens: (given) => {
    const { kind, own } = kindOf(given);
    return kind.listens?.(own) ?? [];
  },
  enter: (step, moment) => {
    const { kind, own } = kindOf(step.config);
    return kind.enter(own, moment, step.id);
  },
  notice: (step, moment, event) => {
    const { kind, own } = kindOf(step.config);
    return kind.notice?.(own, moment, step.id, event) ?? null;
  },
  wake: (step, moment, open) => {
    const { kind, own } = kindOf(step.config);
    if (kind.wake) return kind.wake(own, moment);
    // After a pause, or with everybody late, the office may have closed meanwhile. Whoever is told to run now does.
    return own.business_hours_only && open.until !== moment.scene.now ? waitUntil(own, moment, moment.scene.now, true, {}) : waited(moment);
  },
});

interface Fault {
  path: (string | number)[];
  message: string;
  hint: string;
  rule?: string;
}

/** What is wrong with the keys of a wait, each of which is right by itself. */
function faultsOf(given: WaitConfig): Fault[] {
  const chosen = keys.filter((key) => given[key] !== undefined);
  if (chosen.length === 0) {
    const hint = `Add "duration:" or another of them: ${kinds.map(({ example }) => example).join(', or ')}.`;
    return [{ rule: 'required', path: ['duration'], message: `A wait has exactly one of ${list(keys)}; this one has none of them.`, hint }];
  }
  if (chosen.length > 1)
    return [
      {
        path: [chosen[1]!],
        message: `A wait has exactly one of ${list(keys)}; this one has ${list(chosen)}.`,
        hint: 'Keep one, and put the others into waits of their own, before it or after it.',
      },
    ];
  const { kind } = kindOf(given);
  return [...misplaced(given, kind), ...(given.for ? eventFaults(given, given.for) : [])];
}

function misplaced(given: WaitConfig, { key, beside }: WaitKind): Fault[] {
  const strange = (Object.keys(given) as (keyof WaitConfig)[]).filter((name) => name !== key && given[name] !== undefined && given[name] !== false && !beside.includes(name));
  return strange.map((name) => {
    const owners = kinds.filter((kind) => kind.beside.includes(name)).map((kind) => kind.key);
    return {
      path: [name],
      message: `"${name}" means nothing in a wait with "${key}".`,
      hint: `It belongs to a wait with ${list(owners, 'or')}. Remove it, or put such a wait after this one.`,
    };
  });
}

function eventFaults(given: WaitConfig, awaited: NonNullable<WaitConfig['for']>): Fault[] {
  const pair = wrongPair(awaited);
  const twice = ARMS.filter((name) => given[name] !== undefined && awaited[name] !== undefined);
  const endless = (given.timeout ?? awaited.timeout) === undefined && (given.on_timeout ?? awaited.on_timeout) !== undefined;
  return [
    ...(pair === null ? [] : [{ path: ['for', 'step'], message: pair, hint: `Remove "step", or wait for one of ${factTypes.join(', ')}.` }]),
    ...twice.map((name) => ({ path: ['for', name], message: `"${name}" stands beside "for" and inside it.`, hint: 'Keep one of the two.' })),
    ...(endless
      ? [
          {
            path: given.on_timeout === undefined ? ['for', 'on_timeout'] : ['on_timeout'],
            message: '"on_timeout" is never taken: the wait has no timeout.',
            hint: 'Add a timeout, such as timeout: 3d.',
          },
        ]
      : []),
  ];
}

function list(words: string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
