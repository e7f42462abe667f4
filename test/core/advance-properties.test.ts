import { describe, expect, it } from 'vitest';
import { advance } from '../../src/core/advance.ts';
import { compile } from '../../src/core/definition/compile.ts';
import { readStructure } from '../../src/core/definition/read.ts';
import { simulate } from '../../src/core/simulate.ts';
import type { Program } from '../../src/core/program.ts';
import { newRunState, type Contact, type EffectOutcome, type Input, type LogRow, type Run, type Transition } from '../../src/core/state.ts';
import { contactOf, eventOf, HOUR, locationOf, someAssets, START } from '../support/given.ts';
import fc from '../support/property.ts';
import { anyDefinition, definitionSource } from './definition/arbitrary.ts';

/** What random flows get in place of half their plain steps: everything that acts, and steps that fail or throw. */
const actions = fc.constantFrom<Record<string, unknown>[]>(
  { type: 'send_sms', config: { message: 'Hi' } },
  { type: 'send_email', config: { subject: 'Hi', text: 'Hello', delay: '2h' }, on_error: 'continue' },
  { type: 'send_sms', config: { message: 'Hi' }, on_error: 's0' },
  { type: 'send_sms', config: { message: 'Hi' }, if: [{ field: 'tags', operator: 'contains', value: 'x' }] },
  { type: 'make_call', config: { voicemail_drop_id: 'gone' } },
  { type: 'update_contact', config: { increment: { 'custom_fields.n': 1 } } },
  { type: 'update_contact', config: { increment: { first_name: 1 } }, on_error: 'continue' },
  { type: 'remove_tag', config: { tag: 'x' } },
  { type: 'wait', config: { until: '{{contact.custom_fields.when}}', on_past: 'skip_next' } },
  { type: 'wait', config: { until: '2026-03-04T12:00', business_hours_only: true, on_past: 'exit' } },
  { type: 'wait', config: { at: '18:00', days: ['mon', 'thu'] } },
  { type: 'wait', config: { for: { event: 'sms_delivered', step: 's0' }, timeout: '5h' } },
  { type: 'make_call', config: { voicemail_drop_id: 'gone' }, retry: { attempts: 3, backoff: '1h' } },
  { type: 'webhook', config: { url: 'https://example.com' } },
  { type: 'set', config: { values: { seen: '{{contact.tags}}' } } },
  { type: 'goal', config: { condition: { field: 'tags', operator: 'contains', value: 'x' }, mode: 'magnet' } },
  {
    type: 'goal',
    config: { condition: { field: 'tags', operator: 'contains', value: 'y' }, mode: 'magnet', timeout: '3h' },
    if: [{ field: 'tags', operator: 'not_contains', value: 'z' }],
  },
);
const PLAIN = new Set(['add_tag', 'wait', 'exit', 'condition']);
const rules = fc.constantFrom<unknown[][]>(
  [],
  [{ id: 'gone', on: 'tag_removed' }],
  [{ id: 'tagged', on: 'tag_added', if: [{ field: 'tags', operator: 'contains', value: 'y' }], status: 'completed' }],
  [{ if: [{ field: 'tags', operator: 'contains', value: 'z' }] }],
);
const settings = fc.constantFrom<object[]>({}, {}, { max_run_age: '30h' }, { quiet_hours: { from: '20:00', to: '08:00', channels: ['email', 'sms'] } });

const program: fc.Arbitrary<Program> = fc
  .tuple(definitionSource, fc.array(actions, { minLength: 1, maxLength: 6 }), rules, settings)
  .map(([source, chosen, exit_conditions, more]) => {
    const steps = (source['steps'] as Record<string, unknown>[]).map((step, at) =>
      PLAIN.has(String(step['type'])) && at % 2 === 0 ? { id: step['id'], ...chosen[at % chosen.length] } : step,
    );
    const { definition, diagnostics } = readStructure({ format: 'json', value: { ...source, steps, exit_conditions, settings: more } });
    if (!definition) throw new Error(JSON.stringify(diagnostics));
    return compile(definition);
  });

/** What the world does to a run. `again` sends an old input once more, as a mailbox that is read twice would. */
type Act =
  { do: 'wait' | 'exit' | 'retry' | 'pause' | 'resume' } | { do: 'answer'; outcome: EffectOutcome } | { do: 'event'; type: string; tag: string } | { do: 'again'; n: number };

const outcome = fc.constantFrom<EffectOutcome[]>(
  { status: 'accepted', result: { message_id: 'm', status: 200 } },
  { status: 'failed', error: 'refused' },
  { status: 'skipped', reason: 'opted_out' },
  { status: 'unknown', error: 'silence' },
);
const tagEvent = fc.record({
  do: fc.constant('event' as const),
  type: fc.constantFrom('tag_added', 'tag_removed', 'email_opened', 'sms_delivered'),
  tag: fc.constantFrom('x', 'y', 'z'),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Act>({ do: 'wait' }) },
  { weight: 4, arbitrary: outcome.map((given): Act => ({ do: 'answer', outcome: given })) },
  { weight: 3, arbitrary: tagEvent },
  { weight: 2, arbitrary: fc.nat(30).map((n): Act => ({ do: 'again', n })) },
  { weight: 2, arbitrary: fc.constantFrom<Act[]>({ do: 'exit' }, { do: 'retry' }, { do: 'pause' }, { do: 'resume' }) },
);

/** The store as `advance` needs it: rows, timers and sends in memory, with the rules that the real one enforces. */
interface World {
  program: Program;
  run: Run;
  contact: Contact;
  now: number;
  paused: boolean;
  rows: Map<number, LogRow>;
  timers: { at: number; input: Input }[];
  sends: Map<string, { input: (given: EffectOutcome) => Input; open: boolean }>;
  heldStart: boolean;
  /** Inputs of a paused workflow that wait for the resume. */
  held: Input[];
  taken: Input[];
}

function worldOf(own: Program): World {
  const run: Run = { id: 'e1', contactId: contactOf().id, workflowId: 'w1', enrolledAt: START, trigger: {}, depth: 0, state: newRunState() };
  return { program: own, run, contact: contactOf(), now: START, paused: false, rows: new Map(), timers: [], sends: new Map(), heldStart: false, held: [], taken: [] };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

function advanced({ program: own, run, contact, now, paused }: World, inputs: Input[]): Transition {
  return advance(own, deepFreeze(run), deepFreeze(inputs), {
    now,
    contact: deepFreeze(contact),
    workflow: { id: 'w1', name: own.name },
    location: locationOf(),
    assets: someAssets,
    paused,
  });
}

/** One commit. A worker that dies before it leaves no trace, so the commit is decided twice and must come out the same. */
function commit(world: World, inputs: Input[]): Transition {
  const transition = advanced(world, inputs);
  const { status, exitReason } = world.run.state;
  expect(advanced(world, inputs)).toEqual(transition);
  if (status !== 'active' && inputs.every(({ kind }) => kind !== 'retry')) expect(transition.state, 'the first end stands').toMatchObject({ status, exitReason });
  write(world, transition);
  world.taken.push(...inputs);
  checkOpenRows(world);
  return transition;
}

function write(world: World, { state, logs, effect, timer, cancelTimers, held, contact, changed, events, facts }: Transition): void {
  if (!changed)
    expect({ state, logs, effect, timer, held, contact, events, facts }).toEqual({
      state: world.run.state,
      logs: [],
      effect: null,
      timer: null,
      held: false,
      contact: null,
      events: [],
      facts: [],
    });
  for (const row of logs) writeRow(world, row);
  if (cancelTimers) world.timers = [];
  if (timer) world.timers.push({ at: timer.at, input: { kind: 'timer', stepId: timer.stepId, visit: timer.visit } });
  expect(world.timers.length, 'one timer at a time').toBeLessThanOrEqual(1);
  if (effect) {
    const { stepId, visit } = effect;
    expect([world.paused, world.sends.has(`${stepId}/${visit}`)], 'an effect that may leave, once').toEqual([false, false]);
    world.sends.set(`${stepId}/${visit}`, { open: true, input: (given) => ({ kind: 'outcome', stepId, visit, attempt: 1, outcome: given }) });
  }
  if (held) expect([world.paused, world.heldStart], 'one held start').toEqual([true, false]);
  world.heldStart ||= held;
  if (state.status !== 'active') expect([effect, timer, held], 'an ended run starts nothing').toEqual([null, null, false]);
  world.run = { ...world.run, state };
  world.contact = contact ?? world.contact;
}

function writeRow(world: World, row: LogRow): void {
  const before = world.rows.get(row.seq);
  if (row.began) expect([row.seq, before], 'rows are begun in order').toEqual([world.rows.size + 1, undefined]);
  else expect(before?.completedAt, 'a row is completed once').toBeNull();
  expect(row.completedAt !== null).toBe(['completed', 'failed', 'skipped'].includes(row.status));
  world.rows.set(row.seq, row);
}

const openRows = ({ rows }: World): LogRow[] => [...rows.values()].filter(({ completedAt }) => completedAt === null);

/** A row is open only for the step at which the run stands, or for a message that is still on its way. */
function checkOpenRows(world: World): void {
  const { status, position } = world.run.state;
  const open = openRows(world).map(({ seq }) => seq);
  expect(open).toEqual([...(position.left ?? []), ...(position.open ? [position.open] : [])].map(({ seq }) => seq));
  for (const { stepId, visit } of position.left ?? []) expect(world.sends.get(`${stepId}/${visit}`)?.open, 'what is left is only what is on its way').toBe(true);
  if (status !== 'active' && position.open) expect(world.sends.get(`${position.open.stepId}/${position.open.visit}`)?.open).toBe(true);
}

/** Gives the mailbox an input. A paused workflow takes outcomes and exits only, and the rest when it resumes. */
function mail(world: World, input: Input): void {
  if (world.paused && input.kind !== 'outcome' && input.kind !== 'exit') world.held.push(input);
  else commit(world, [input]);
}

function answer(world: World, given: EffectOutcome): void {
  const waiting = [...world.sends.values()].find(({ open }) => open);
  if (!waiting) return;
  waiting.open = false;
  mail(world, waiting.input(given));
}

function happen(world: World, { type, tag }: { type: string; tag: string }): void {
  const { position } = world.run.state;
  const tags = world.contact.tags.filter((one) => one !== tag);
  if (type.startsWith('tag')) world.contact = { ...world.contact, tags: type === 'tag_added' ? [...tags, tag] : tags };
  const about = { tag, enrollment_id: world.run.id, step_id: position.open?.stepId ?? 's0', visit: 1 };
  mail(world, { kind: 'event', event: eventOf(type, about, world.now) });
}

function perform(world: World, next: Act): void {
  const acts: { [K in Act['do']]: (given: Extract<Act, { do: K }>) => void } = {
    wait: () => {
      world.now += HOUR;
      const due = world.timers.filter(({ at }) => at <= world.now || !world.paused);
      world.now = Math.max(world.now, ...due.map(({ at }) => at));
      if (!world.paused) world.timers = [];
      if (!world.paused) due.forEach(({ input }) => mail(world, input));
    },
    answer: ({ outcome: given }) => answer(world, given),
    event: (given) => happen(world, given),
    exit: () => mail(world, { kind: 'exit', reason: 'manual', status: 'exited' }),
    retry: () => mail(world, { kind: 'retry' }),
    pause: () => void (world.paused = true),
    resume: () => resume(world),
    again: ({ n }) => {
      const old = world.taken[n % Math.max(1, world.taken.length)];
      if (old && (old.kind === 'timer' || old.kind === 'outcome') && !isPending(world, old)) expect(commit(world, [old]).changed, `${old.kind} once more`).toBe(false);
    },
  };
  (acts[next.do] as (given: Act) => void)(next);
}

/** Whether the run waits for this very input, which was never given to this visit before. */
const isPending = ({ run: { state } }: World, input: { stepId: string; visit: number }): boolean =>
  state.position.open?.stepId === input.stepId && state.position.open.visit === input.visit;

function resume(world: World): void {
  if (!world.paused) return;
  world.paused = false;
  const inputs: Input[] = [...(world.heldStart ? [{ kind: 'start' } as const] : []), ...world.held];
  world.heldStart = false;
  world.held = [];
  if (inputs.length > 0) commit(world, inputs);
}

/** After this nothing is on its way any more. */
function settle(world: World): void {
  resume(world);
  if (world.run.state.status === 'active') mail(world, { kind: 'exit', reason: 'the end', status: 'exited' });
  while ([...world.sends.values()].some(({ open }) => open)) answer(world, { status: 'accepted', result: {} });
}

const RUNS = { numRuns: 300 };

describe('whatever a definition says and whatever happens', () => {
  it('a run never throws, starts nothing twice, and ends every row of its log', () => {
    fc.assert(
      fc.property(program, fc.array(act, { maxLength: 40 }), (own, acts) => {
        const world = worldOf(own);
        commit(world, [{ kind: 'start' }]);
        for (const next of acts) perform(world, next);
        settle(world);
        expect(world.run.state.status).not.toBe('active');
        expect(openRows(world)).toEqual([]);
        expect([world.timers, world.held]).toEqual([[], []]);
        expect(JSON.parse(JSON.stringify(world.run.state))).toEqual(world.run.state);
      }),
      RUNS,
    );
  });

  it('inputs of one moment lead to the same place in one commit or in many', () => {
    fc.assert(
      fc.property(program, fc.array(act, { maxLength: 10 }), fc.array(tagEvent, { minLength: 1, maxLength: 4 }), fc.boolean(), (own, acts, events, exits) => {
        const before = (): World => {
          const world = worldOf(own);
          commit(world, [{ kind: 'start' }]);
          for (const next of acts) perform(world, next);
          resume(world);
          return world;
        };
        const inputs: Input[] = events.map(({ type, tag }) => ({ kind: 'event', event: eventOf(type, { tag }) }));
        if (exits) inputs.push({ kind: 'exit', reason: 'manual', status: 'exited' });
        const [together, apart] = [before(), before()];
        commit(together, inputs);
        for (const input of inputs) commit(apart, [input]);
        expect(placeOf(together)).toEqual(placeOf(apart));
      }),
      RUNS,
    );
  });
});

describe('whatever a definition says that validates', () => {
  const valid = anyDefinition.map((value) => readStructure({ format: 'json', value })).filter(({ definition }) => definition !== null);
  const person = fc.constantFrom<Partial<Contact>[]>(
    {},
    { email: null, phone: null, first_name: null, tags: [] },
    { custom_fields: { score: 'many', n: 'x' }, timezone: 'Nowhere/Land' },
    { custom_fields: { score: 1e308, n: 1e308 }, tags: ['x', '', '~'] },
  );
  const script = fc.array(
    fc.record({
      hours: fc.integer({ min: 1, max: 900 }),
      type: fc.constantFrom('tag_added', 'tag_removed', 'contact_updated', 'email_opened', 'sms_replied', 'paid'),
      tag: fc.constantFrom('x', 'y', ''),
    }),
    { maxLength: 6 },
  );

  it('advance does not throw, and the run says how it ended', () => {
    fc.assert(
      fc.property(valid, person, script, ({ definition }, given, happenings) => {
        const events = happenings.map(({ hours, type, tag }) => ({ afterMs: hours * HOUR, type, data: { tag, step: 's0', set: { first_name: tag } } }));
        const { status, waitingFor, log } = simulate({
          program: compile(definition!),
          contact: contactOf(given),
          events,
          start: START,
          location: locationOf(),
          assets: someAssets,
        });
        expect(status === 'active' ? waitingFor : status).toBeTruthy();
        expect(log.filter(({ completedAt }) => completedAt === null)).toHaveLength(status === 'active' ? 1 : 0);
      }),
      RUNS,
    );
  });
});

/** A message that a later input of the same commit stopped is skipped at once; apart it would still be on its way. All else is equal. */
function placeOf({ run: { state }, rows, contact }: World): unknown {
  const { position, ...rest } = state;
  return { ...rest, visits: position.visits, taken: position.taken, path: [...rows.values()].map(({ stepId }) => stepId), tags: contact.tags, fields: contact.custom_fields };
}
