import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/core/definition/read.ts';
import type { ScriptedEvent } from '../../src/core/scripted-event.ts';
import { anyDefinition } from '../core/definition/arbitrary.ts';
import { HOUR, START } from '../support/given.ts';
import fc from '../support/property.ts';
import { createTrailStage, fates, type Journey } from '../support/trail-stage.ts';

/** `TRAILS=2000 npm test -- test/engine/trails.test.ts` looks longer. */
const RUNS = Number(process.env['TRAILS'] ?? 40);
const AT_MOST_MS = process.env['TRAILS'] ? 3_600_000 : 50_000;

let stage: Awaited<ReturnType<typeof createTrailStage>>;
beforeAll(async () => {
  stage = await createTrailStage(START);
});
afterAll(() => stage.close());

const happening = fc.oneof(
  fc.record({ type: fc.constantFrom('tag_added', 'tag_removed'), data: fc.record({ tag: fc.constantFrom('x', 'y', 'lead') }) }),
  fc.record({ type: fc.constant('contact_updated'), data: fc.record({ set: fc.constantFrom({ first_name: 'Bo' }, { 'custom_fields.score': 7 }) }) }),
  fc.record({ type: fc.constantFrom('email_opened', 'sms_delivered', 'sms_replied', 'email_clicked'), data: fc.record({ step: fc.constantFrom('s0', 's1', 's2') }) }),
  fc.record({ type: fc.constantFrom('paid', 'order_placed'), data: fc.constant({ amount: 5 }) }),
);

/** From the start or later on, a step's provider refuses for good. */
const refusals: fc.Arbitrary<ScriptedEvent[]> = fc
  .uniqueArray(fc.record({ hours: fc.constantFrom(0, 30), step: fc.constantFrom('s0', 's1', 's2', 's3'), fails: fc.boolean() }), { maxLength: 3, selector: ({ step }) => step })
  .map((list) => list.map(({ hours, step, fails }) => ({ afterMs: hours * HOUR, type: 'provider_answers', data: fails ? { step, fails: 'refused' } : { step, result: {} } })));

/** No event comes at the moment of another or of a timer: which of the two goes first nobody promises. */
const events: fc.Arbitrary<ScriptedEvent[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 240 }), happening), { maxLength: 6 })
  .map((list) => list.map(([hours, { type, data }], place) => ({ afterMs: hours * HOUR + (place + 1) * 7_919, type, data })));

/** Definitions as they are stored, entered by hand alone. */
const definition = anyDefinition
  .map(({ triggers, ...source }) => ({ ...source, trigger: triggers ? { type: 'manual' } : source['trigger'] }))
  .filter((value) => readDefinition({ format: 'json', value }).definition !== null);

const journey: fc.Arbitrary<Journey> = fc.record({
  definition: definition.map((value) => readDefinition({ format: 'json', value }).raw as Journey['definition']),
  events: fc.tuple(events, refusals).map((parts) => parts.flat()),
  fates: fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 12 }),
  maxDays: fc.constant(12),
  atOnce: fc.boolean(),
});

describe('random definitions, events and crashes', () => {
  it('leave the same trail in the engine on PostgreSQL as in the simulator, and send nothing twice', { timeout: AT_MOST_MS + 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(journey, async (given) => {
        const { engine, simulator, calls: [made, accepted] } = await stage.play(given);
        expect(engine).toEqual(simulator);
        expect(made, 'calls of providers').toBe(accepted);
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: AT_MOST_MS, markInterruptAsFailure: false, verbose: 0 },
    );
  });
});
