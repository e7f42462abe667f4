import fc from '../../support/property.ts';

type Step = Record<string, unknown>;

const clause = fc.constant([{ field: 'email', operator: 'is_set' }]);
const ends = fc.constantFrom('end', 'exit_success', 'exit_lost');

/** Random valid definitions: every kind of branch, arms flat, inline and left out, targets anywhere. */
export const definitionSource: fc.Arbitrary<Record<string, unknown>> = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, index) => `s${index}`);
  const target = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: ends });
  const steps = fc.tuple(...ids.map((id) => step(id, target, 2)));
  return fc.record({ name: fc.constantFrom('N', 'Yes: "no"', '01'), steps }).map(({ name, steps: list }) => ({ name, trigger: { type: 'manual' }, steps: list }));
});

function step(id: string, target: fc.Arbitrary<string>, depth: number): fc.Arbitrary<Step> {
  const arm = depth === 0 ? target : fc.oneof({ weight: 3, arbitrary: target as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: inline(id, target, depth - 1) });
  const arms = (spec: Record<string, unknown>, names: string[]): fc.Arbitrary<Step> =>
    fc.record(Object.fromEntries(names.map((name, index) => [name, at(arm, index)])), { requiredKeys: [] }).map((chosen) => ({ ...spec, ...chosen }));
  const kinds: fc.Arbitrary<Step>[] = [
    fc.constant({ type: 'add_tag', config: { tag: 'x' } }),
    fc.constant({ type: 'wait', config: { duration: '1d' } }),
    fc.constant({ type: 'exit', config: {} }),
    fc
      .oneof(clause, fc.constant([{ field: '{{steps.s0.opened}}', operator: 'equals', value: false }]))
      .chain((list) => arms({ if: list }, ['then', 'else']))
      .map((config) => ({ type: 'condition', config })),
    clause.chain((list) => arms({ condition: list, timeout: '2d' }, ['on_success', 'on_timeout'])).map((config) => ({ type: 'goal', config })),
    clause.chain((list) => arms({ for: { event: 'tag_added', if: list }, timeout: '2d' }, ['on_event', 'on_timeout'])).map((config) => ({ type: 'wait', config })),
    clause.chain((list) => fc.tuple(arms({ name: 'A', if: list }, ['next']), target)).map(([first, other]) => ({ type: 'switch', config: { cases: [first], default: other } })),
    fc.tuple(arms({ name: 'A', weight: 50 }, ['next']), target).map(([first, next]) => ({ type: 'ab_split', config: { variants: [first, { name: 'B', weight: 50, next }] } })),
  ];
  const common = fc.record({ next: target, if: clause, on_error: fc.constantFrom('fail', 'continue'), label: fc.constantFrom('Label', 'null') }, { requiredKeys: [] });
  return fc.tuple(fc.oneof(...kinds), fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: common })).map(([kind, more]) => ({ id, ...kind, ...more }));
}

/** Ids inside an arm are the branch's own with a number behind, and with the arm's place before that. */
function inline(id: string, target: fc.Arbitrary<string>, depth: number): fc.Arbitrary<unknown> {
  return fc.integer({ min: 1, max: 3 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => step(`${id}_${index}`, target, depth))));
}

/** Two arms of one step must not use the same ids. */
function at(arm: fc.Arbitrary<unknown>, index: number): fc.Arbitrary<unknown> {
  return arm.map((value) => (Array.isArray(value) ? rename(value as Step[], `${index}`) : value));
}

function rename(steps: Step[], suffix: string): Step[] {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === 'id' ? `${String(item)}x${suffix}` : walk(item)]));
  };
  return steps.map(walk) as Step[];
}

const on = (event: string) => ({ for: { event }, timeout: '3d' });

/** Configs of every kind of step that names no other step, some with words that YAML or a canvas could take for something else. */
export const plainConfigs: Record<string, Record<string, unknown>[]> = {
  send_email: [{ subject: 'Hi: "you"', html: '<p>{{contact.first_name | default: there}}</p>\n', delay: '2h' }, { template_id: '{{templates.welcome}}' }],
  send_sms: [{ message: 'line one\nline two # no comment' }, { message: 'yes', to: '+15551230001' }],
  make_call: [{ voicemail_drop_id: '{{voicemails.intro}}' }, { say: 'null' }],
  update_contact: [{ set: { 'custom_fields.score': '01234', first_name: null } }, { increment: { 'custom_fields.n': -1.5 } }],
  add_tag: [{ tag: '{{contact.email}}' }, { tags: ['a', 'true'] }],
  remove_tag: [{ tag: '~' }],
  webhook: [{ url: 'https://example.com/x', method: 'POST', headers: { 'X-A': '1' }, body: { deep: [{ a: null }, [], {}] } }],
  wait: [
    { duration: '1d12h', business_hours_only: true },
    { until: '2030-01-01T00:00:00Z' },
    { until: '2020-01-01', on_past: 'skip_next' },
    { until: '{{contact.custom_fields.when}}', offset: '-1d', on_past: 'exit' },
    { at: '09:00' },
    on('email_opened'),
    on('tag_added'),
  ],
  set: [{ values: { list: ['{{contact.tags}}'], empty: '' } }],
  exit: [{ status: 'completed', reason: 'done' }, {}],
  emit_event: [{ name: 'paid', data: { amount: 5 } }],
  start_workflow: [{ workflow_id: 'other-journey' }],
  stop_workflow: [{ workflow_id: 'other-journey' }],
};

const plainStep = (id: string, target: fc.Arbitrary<string>): fc.Arbitrary<Step> => {
  const kinds = Object.entries(plainConfigs).flatMap(([type, configs]) => configs.map((config) => ({ type, config })));
  const common = fc.record(
    {
      next: target,
      if: clause,
      on_error: fc.oneof(
        fc.constantFrom('fail', 'continue'),
        target.filter((name) => name.startsWith('s')),
      ),
      label: fc.constantFrom('Label', 'no'),
      retry: fc.constant({ attempts: 3 }),
    },
    { requiredKeys: [] },
  );
  return fc.tuple(fc.constantFrom(...kinds), common).map(([kind, { next, ...more }]) => ({ id, ...kind, ...more, ...(next && kind.type !== 'exit' ? { next } : {}) }));
};

/** Switches, waits for events with arms, and goals that are watched. */
const armedStep = (id: string, target: fc.Arbitrary<string>): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.record({ a: target, b: target, other: target }, { requiredKeys: ['a'] }).map(({ a, b, other }) => ({
      id,
      type: 'switch',
      config: {
        cases: [
          { name: 'first', if: [{ field: 'email', operator: 'is_set' }], next: a },
          { name: 'Zweiter Fall', if: [{ expression: 'score >= 5' }], ...(b && { next: b }) },
        ],
        ...(other && { default: other }),
      },
    })),
    fc.record({ on_event: target, on_timeout: target }, { requiredKeys: [] }).map((arms) => ({ id, type: 'wait', config: { ...on('sms_replied'), ...arms } })),
    fc
      .record({ on_event: target, on_timeout: target }, { requiredKeys: [] })
      .map((arms) => ({ id, type: 'wait', config: { for: { event: 'email_clicked', timeout: '2d', ...arms } } })),
    fc
      .record({ on_success: target }, { requiredKeys: [] })
      .map((arms) => ({ id, type: 'goal', config: { condition: { field: 'tags', operator: 'contains', value: 'x' }, mode: 'magnet', ...arms } })),
  );

const around = fc.record(
  {
    description: fc.constantFrom('Two\nlines', '# no comment', 'a: b'),
    version: fc.integer({ min: 1, max: 9 }),
    settings: fc.constantFrom(
      { reentry: { after: '30d' }, entry_key: '{{trigger.data.order_id}}' },
      { timezone: 'Europe/Berlin', quiet_hours: { from: '21:00', to: '08:00' } },
      { max_run_age: '3d' },
    ),
    exit_conditions: fc.constantFrom(
      [{ id: 'booked', on: 'tag_added', status: 'completed' }],
      [{ if: [{ field: 'email', operator: 'is_not_set' }] }],
      [{ id: 'tagged', if: [{ field: 'tags', operator: 'any_of', value: ['a', 'y'] }], reason: 'left' }],
    ),
    tests: fc.constantFrom([{ name: 'one', contact: { first_name: 'Ana' }, expect: { status: 'completed' } }]),
    layout: fc.constantFrom({ positions: { s0: { x: 1, y: 2 } } }),
  },
  { requiredKeys: [] },
);

/** Random valid definitions over every kind of step of the registry, with everything that stands around the steps. */
export const anyDefinition: fc.Arbitrary<Record<string, unknown>> = fc.integer({ min: 1, max: 10 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, index) => `s${index}`);
  const target = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: ends });
  const steps = ids.map((id) =>
    fc.oneof({ weight: 3, arbitrary: plainStep(id, target) }, { weight: 1, arbitrary: armedStep(id, target) }, { weight: 2, arbitrary: step(id, target, 1) }),
  );
  const trigger = fc.constantFrom(
    { trigger: { type: 'manual' } },
    {
      triggers: [
        { type: 'contact_created', filters: [{ field: 'tags', operator: 'contains', value: 'x' }] },
        { type: 'tag_added', config: { tag: 'y' } },
      ],
    },
  );
  return fc.tuple(around, trigger, fc.tuple(...steps)).map(([more, entry, list]) => ({ name: 'N', ...more, ...entry, steps: list }));
});
