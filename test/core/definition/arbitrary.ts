import fc from 'fast-check';

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
  const arms = (spec: Record<string, unknown>, names: string[]): fc.Arbitrary<Step> => fc.record(Object.fromEntries(names.map((name, index) => [name, at(arm, index)])), { requiredKeys: [] }).map((chosen) => ({ ...spec, ...chosen }));
  const kinds: fc.Arbitrary<Step>[] = [
    fc.constant({ type: 'add_tag', config: { tag: 'x' } }),
    fc.constant({ type: 'wait', config: { duration: '1d' } }),
    fc.constant({ type: 'exit', config: {} }),
    clause.chain((list) => arms({ if: list }, ['then', 'else'])).map((config) => ({ type: 'condition', config })),
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
