import { evaluateConditions } from '../../src/core/conditions/evaluate.ts';
import { newRunState, type Scene } from '../../src/core/state.ts';
import { scopeOf } from '../../src/core/templates/scope.ts';
import type { Context } from '../../src/context.ts';
import { matchesOf } from '../../src/engine/asks.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { activeWorkflowsOf } from '../../src/engine/trigger-index.ts';
import { runNaively } from '../naive/interpreter.ts';
import { measure, verify, type Ground, type Measured } from '../work.ts';
import { inHouse } from './house.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { publish, setScene } from './scene.ts';

const WORKFLOWS = 200;
/** Events that warm both engines up, and those that the naive one gets: it is slow. */
const WARM = 2_000;
const NAIVE = 1_000;
const STEPS = 4;

/** One of the two hundred: each waits for its own tag, and lets nine in ten contacts in. */
const definitionOf = (n: number) => ({
  name: `On tag ${n}`,
  trigger: { type: 'tag_added', config: { tag: `tag-${n}` }, filters: [{ field: 'custom_fields.score', operator: 'greater_than', value: 9 }] },
  steps: [
    { id: 'vip', type: 'condition', config: { if: [{ field: 'tags', operator: 'contains', value: 'vip' }] } },
    { id: 'plan', type: 'set', config: { values: { plan: 'pro' } } },
    { id: 'split', type: 'ab_split', config: { variants: [{ name: 'A', weight: 50 }, { name: 'B', weight: 50 }] } },
    { id: 'done', type: 'set', config: { values: { done: true } } },
  ],
});

/**
 * Events against two hundred active workflows of one type: every tenth is told twice, each kept one finds its workflow, enrolls its contact and takes the run to its
 * end. Ours is the outbox and its dispatcher; beside it, in the same process on the same database, the engine that a house writes first. `size` counts our events.
 */
export function triggers(ground: Ground): Promise<Measured> {
  return inHouse(ground, 'worker', async ({ ctx }) => {
    const ledger = await openLedger(ground.databaseUrl);
    const { who, contactIds } = await setScene(ctx, ground.databaseUrl, WARM + ground.size);
    const definitions = Array.from({ length: WORKFLOWS }, (_, n) => definitionOf(n));
    for (const definition of definitions) await publish(ctx, who, definition);
    await tell(ledger, who.locationId, contactIds.slice(0, WARM));
    await dispatchEvents(ctx);
    const told = contactIds.slice(WARM);
    await tell(ledger, who.locationId, told);
    await ledger.settle();
    const matching = await matchingSeconds(ctx, ground.size);
    const measured = await measure('Millrace, triggers', told.length, async () => verify('events', await dispatchEvents(ctx), told.length), ground.databaseUrl);
    const [kept] = await ledger.query<{ runs: number; logs: number }>(KEPT);
    const naive = await naively(ground.databaseUrl, definitions, contactIds);
    await ledger.close();
    verify('completed runs', kept!.runs, (contactIds.length * 9) / 10);
    verify('completed steps', kept!.logs, kept!.runs * STEPS);
    const perEvent = told.length;
    return {
      ...measured, steps: kept!.logs * (told.length / contactIds.length),
      figures: {
        eventsPerSecond: perEvent / measured.seconds, naivePerSecond: naive,
        matchMicros: (matching / perEvent) * 1e6, cpuMicros: ((measured.cpuSeconds + (measured.postgres?.cpuSeconds ?? 0)) / perEvent) * 1e6,
      },
    };
  });
}

/** Puts a `tag_added` of each contact into the outbox, the tags in turn; every tenth comes a second time, under the key that it has. */
const tell = (ledger: Ledger, locationId: string, contactIds: string[]): Promise<unknown> => ledger.query(TELL, [locationId, contactIds, WORKFLOWS]);

const TELL = `INSERT INTO contact_events (id, location_id, contact_id, type, source, event_key, data, depth, occurred_at)
  SELECT gen_random_uuid(), $1, c, 'tag_added', 'bench', c::text, jsonb_build_object('tag', 'tag-' || (n % $3::int)), 0, journey_now()
  FROM (SELECT c, n FROM unnest($2::uuid[]) WITH ORDINALITY AS u(c, n) UNION ALL SELECT c, n FROM unnest($2::uuid[]) WITH ORDINALITY AS u(c, n) WHERE n % 10 = 0) twice
  ORDER BY n ON CONFLICT DO NOTHING`;

const KEPT = `SELECT (SELECT count(*)::int FROM workflow_enrollments WHERE status = 'completed') AS runs, (SELECT count(*)::int FROM workflow_step_logs WHERE status = 'completed') AS logs`;

/** CPU seconds that finding the workflows of so many events takes, filters included, and nothing else. */
async function matchingSeconds(ctx: Context, count: number): Promise<number> {
  const batch = await ctx.events.undispatched(1_000);
  const active = await activeWorkflowsOf(ctx, batch.registryRevision);
  const look = (): void => {
    for (const event of batch.events) {
      for (const { candidate, trigger } of matchesOf(active, event)) {
        const contact = event.contact!;
        const run = { id: event.id, contactId: contact.id, workflowId: candidate.workflowId, enrolledAt: batch.now, trigger: { data: event.data }, depth: 0, state: newRunState() };
        const scene: Scene = { now: batch.now, contact, workflow: { id: candidate.workflowId, name: candidate.name }, location: batch.locations.get(event.locationId)!, assets: { templates: {}, voicemails: {} }, paused: false };
        evaluateConditions(trigger.filters, scopeOf(run, scene, candidate.program.settings.timezone, event));
      }
    }
  };
  look();
  const before = process.cpuUsage();
  const rounds = 20;
  for (let round = 0; round < rounds; round += 1) look();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6 / (rounds * batch.events.length)) * count;
}

/** Events a second of the naive engine. */
async function naively(databaseUrl: string, definitions: object[], contactIds: string[]): Promise<number> {
  const events = contactIds.slice(0, NAIVE).map((contactId, n) => ({ id: contactId, type: 'tag_added', contactId, data: { tag: `tag-${n % WORKFLOWS}` } }));
  const started = performance.now();
  const enrolled = await runNaively(databaseUrl, definitions, [...events, ...events.filter((_, n) => n % 10 === 0)]);
  verify('naive enrollments', enrolled, Math.ceil(events.length * 0.9));
  return events.length / ((performance.now() - started) / 1_000);
}
