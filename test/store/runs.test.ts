import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBatch } from '../../src/engine/run-batch.ts';
import { wakeDue } from '../../src/engine/wake-due.ts';
import { untouched } from '../../src/core/journal.ts';
import type { RunCommit } from '../../src/core/ports/hot-path.ts';
import { createJourneyClock, rebaseJourneyClock } from '../../src/store/journey-clock.ts';
import { createAssetStore } from '../../src/store/assets.ts';
import { createVersionStore } from '../../src/store/versions.ts';
import { rollUpStats } from '../../src/store/stat-rollup.ts';
import { createStage, one, rowsOf, type PublishedWorkflow, type Stage } from '../support/engine-stage.ts';

let stage: Stage;
let waiting: PublishedWorkflow;
beforeAll(async () => {
  stage = await createStage();
  waiting = await stage.publish({ name: 'Waiting', trigger: { type: 'manual' }, steps: [{ id: 'nap', type: 'wait', config: { duration: '1h' } }] });
});
afterAll(() => stage.close());

/** A commit that moves a loaded run nowhere in particular; `more` says what else it writes. */
async function commitOf(id: string, more: Partial<RunCommit['transition']> = {}): Promise<{ now: number; commit: RunCommit }> {
  const { now, runs } = await stage.ctx.runs.load([id]);
  const loaded = runs[0]!;
  const transition = { ...untouched(loaded.run.state), changed: true, ...more };
  return { now, commit: { loaded, transition, consumed: loaded.inbox.map((row) => row.id), sendId: null } };
}

describe('commit', () => {
  it('moves nothing of a run whose revision is another by now', async () => {
    const id = await stage.enroll(waiting, await stage.contact());
    const first = await commitOf(id);
    await stage.mail(id, 'retry');
    const second = await commitOf(id, { timer: { stepId: 'nap', visit: 1, at: 5, relative: true }, events: [{ type: 'x', data: {}, depth: 1 }] });
    expect((await stage.ctx.runs.commit([first.commit], first.now)).moved.get(id)).toBe(2);
    expect(await stage.ctx.runs.commit([second.commit], second.now)).toEqual({ moved: new Map(), lost: [id], due: [] });
    expect(await stage.mailbox(id)).toMatchObject([{ kind: 'retry' }]);
    expect(await one(stage.owner, "SELECT count(*)::int FROM contact_events WHERE type = 'x'")).toBe(0);
  });

  it('moves neither the run nor its contact when either guard is lost', async () => {
    const contact = await stage.contact();
    const id = await stage.enroll(waiting, contact);
    const stale = await commitOf(id);
    const change = { ...stale.commit, transition: { ...stale.commit.transition, contact: { ...stale.commit.loaded.contact, first_name: 'New' } } };
    await stage.owner.query("UPDATE contacts SET revision = revision + 1, last_name = 'Other' WHERE id = $1", [contact]);
    expect((await stage.ctx.runs.commit([change], stale.now)).lost).toEqual([id]);
    expect(await stage.enrollment(id)).toMatchObject({ revision: 1 });
    await stage.owner.query('UPDATE contacts SET revision = revision - 1 WHERE id = $1', [contact]);
    await stage.owner.query('UPDATE workflow_enrollments SET revision = 7 WHERE id = $1', [id]);
    expect((await stage.ctx.runs.commit([change], stale.now)).lost).toEqual([id]);
    expect(await rowsOf(stage.owner, 'SELECT first_name, last_name FROM contacts WHERE id = $1', [contact])).toEqual([{ first_name: null, last_name: 'Other' }]);
  });

  it('lets a batch through whose other run lost its contact', async () => {
    const [a, b] = [await stage.contact(), await stage.contact()];
    const [lost, kept] = [await stage.enroll(waiting, a), await stage.enroll(waiting, b)];
    const commits = await Promise.all([lost, kept].map((id) => commitOf(id)));
    const changes = commits.map(({ commit }) => ({
      ...commit,
      transition: { ...commit.transition, contact: { ...commit.loaded.contact, tags: ['a "quoted" tag', 'back\\slash', '{}'] } },
    }));
    await stage.owner.query('UPDATE contacts SET revision = revision + 1 WHERE id = $1', [a]);
    const answer = await stage.ctx.runs.commit(changes, commits[0]!.now);
    expect([answer.lost, [...answer.moved.keys()]]).toEqual([[lost], [kept]]);
    expect(await rowsOf(stage.owner, 'SELECT tags FROM contacts WHERE id = ANY($1) ORDER BY revision, tags', [[a, b]])).toEqual([
      { tags: [] },
      { tags: ['a "quoted" tag', 'back\\slash', '{}'] },
    ]);
  });

  it('only consumes when nothing changed, and says what else is due', async () => {
    const id = await stage.enroll(waiting, await stage.contact());
    const { now, commit } = await commitOf(id, { changed: false });
    await stage.mail(id, 'retry');
    expect(await stage.ctx.runs.commit([commit], now)).toEqual({ moved: new Map([[id, 1]]), lost: [], due: [id] });
    expect(await stage.mailbox(id)).toMatchObject([{ kind: 'retry' }]);
  });

  it('answers an empty batch without a statement', async () => {
    expect(await stage.ctx.runs.commit([], 0)).toEqual({ moved: new Map(), lost: [], due: [] });
  });

  it('writes assignments, the start of a run that is held up, and cancels timers', async () => {
    const contact = await stage.contact();
    const id = await stage.enroll(waiting, contact);
    await runBatch(stage.ctx, [id], 'bulk');
    expect(await stage.mailbox(id)).toMatchObject([{ kind: 'timer' }]);
    await stage.mail(id, 'retry');
    const { now, commit } = await commitOf(id, { cancelTimers: true, held: true, assignments: [{ stepId: 's', key: 'k', variant: 'v' }] });
    await stage.ctx.runs.commit([commit], now);
    expect(await stage.mailbox(id)).toMatchObject([{ kind: 'start', status: 'pending' }]);
    expect(await rowsOf(stage.owner, 'SELECT experiment, variant FROM experiment_assignments WHERE contact_id = $1', [contact])).toEqual([{ experiment: 'k', variant: 'v' }]);
  });
});

describe('poison', () => {
  it('ends the row that a run left open when it was exited, and leaves the run as it ended', async () => {
    const texting = await stage.publish({ name: 'Poisoned', trigger: { type: 'manual' }, steps: [{ id: 'text', type: 'send_sms', config: { message: 'Hi' } }] });
    const id = await stage.enroll(texting, await stage.contact({ phone: '+12025550198' }));
    await runBatch(stage.ctx, [id], 'bulk');
    await stage.mail(id, 'exit', { reason: 'manual', status: 'exited' });
    await runBatch(stage.ctx, [id], 'bulk');
    expect(await stage.logs(id)).toMatchObject([{ status: 'executing', completed_at: null }]);
    await stage.mail(id, 'outcome', { attempt: 'many' }, { stepId: 'text', visit: 1 });
    await runBatch(stage.ctx, [id], 'bulk');
    expect(await stage.enrollment(id)).toMatchObject({ status: 'exited', exit_reason: 'manual', revision: 3 });
    expect(await stage.logs(id)).toMatchObject([{ status: 'failed', ended_rev: 3, completed_at: expect.any(Date) }]);
    expect(await stage.mailbox(id)).toEqual([]);
    expect(
      await rowsOf(stage.owner, "SELECT kind, outcome, sum(n)::int AS n FROM workflow_stat_deltas WHERE workflow_id = $1 AND kind <> 'started' GROUP BY 1, 2 ORDER BY 1", [
        texting.workflowId,
      ]),
    ).toEqual([
      { kind: 'ended', outcome: 'failed', n: 1 },
      { kind: 'exited', outcome: '', n: 1 },
    ]);
  });
});

describe('timers', () => {
  it('are never early, and wake everything that is due', async () => {
    await stage.owner.query('DELETE FROM workflow_scheduled_actions');
    const ids = await Promise.all(Array.from({ length: 3 }, async () => stage.enroll(waiting, await stage.contact())));
    await runBatch(stage.ctx, ids, 'bulk');
    expect(await stage.ctx.runs.dueTimers(10)).toEqual([]);
    expect(await wakeDue(stage.ctx)).toBe(0);
    const left = (await stage.ctx.runs.nextTimerInMs()) ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(3_600_000);
    await runBatch(stage.ctx, ids, 'bulk');
    expect(await stage.enrollment(ids[0]!)).toMatchObject({ status: 'active', revision: 2 });
    await stage.owner.query("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE kind = 'timer'");
    expect(await stage.ctx.runs.nextTimerInMs()).toBe(0);
    expect(await wakeDue(stage.ctx)).toBe(3);
    expect((await Promise.all(ids.map((id) => stage.enrollment(id)))).map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    expect(await stage.ctx.runs.nextTimerInMs()).toBeNull();
  });

  it('of a paused workflow that slipped through the pause are held, not spun on', async () => {
    const workflow = await stage.publish({ name: 'Slipped', trigger: { type: 'manual' }, steps: [{ id: 'nap', type: 'wait', config: { duration: '1h' } }] });
    const id = await stage.enroll(workflow, await stage.contact());
    await runBatch(stage.ctx, [id], 'bulk');
    await stage.owner.query("UPDATE workflows_v2 SET status = 'paused' WHERE id = $1", [workflow.workflowId]);
    await stage.owner.query('UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE enrollment_id = $1', [id]);
    expect(await stage.ctx.runs.dueTimers(10)).toEqual([]);
    expect(await stage.mailbox(id)).toMatchObject([{ kind: 'timer', status: 'held' }]);
  });

  it('of a run that was held up by a pause are given out by no load until the resume, which may come first', async () => {
    const workflow = await stage.publish({
      name: 'Resumed meanwhile',
      trigger: { type: 'manual' },
      steps: [
        { id: 'text', type: 'send_sms', config: { message: 'Hi' } },
        { id: 'mark', type: 'add_tag', config: { tag: 'x' } },
      ],
    });
    const turn = (status: string) => stage.owner.query('UPDATE workflows_v2 SET status = $2 WHERE id = $1', [workflow.workflowId, status]);
    const id = await stage.enroll(workflow, await stage.contact({ phone: '+12025550199' }));
    await runBatch(stage.ctx, [id], 'bulk');
    await turn('paused');
    await stage.mail(id, 'outcome', { attempt: 1, outcome: { status: 'accepted', result: {} } }, { stepId: 'text', visit: 1 });
    const resuming = {
      ...stage.ctx,
      runs: { ...stage.ctx.runs, commit: async (...given: Parameters<typeof stage.ctx.runs.commit>) => (await turn('active'), stage.ctx.runs.commit(...given)) },
    };
    await runBatch(resuming, [id], 'bulk');
    expect(await stage.mailbox(id)).toMatchObject([{ kind: 'start', status: 'pending' }]);
    await turn('paused');
    await runBatch(stage.ctx, [id], 'bulk');
    expect(await stage.enrollment(id)).toMatchObject({ status: 'active', current_step: 'mark' });
    await turn('active');
    await runBatch(stage.ctx, [id], 'bulk');
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed' });
  });

  it('of a run whose contact was removed by hand fail it, and are not found again', async () => {
    const contact = await stage.contact();
    const id = await stage.enroll(waiting, contact);
    await runBatch(stage.ctx, [id], 'bulk');
    await stage.owner.query('DELETE FROM contacts WHERE id = $1', [contact]);
    await stage.owner.query('UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE enrollment_id = $1', [id]);
    await wakeDue(stage.ctx);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'failed', exit_reason: expect.stringContaining('contact') });
    expect(await stage.logs(id)).toMatchObject([{ status: 'failed' }]);
    expect(await stage.ctx.runs.dueTimers(10)).toEqual([]);
  });

  it('stranded rows are those that waited longer than the grace', async () => {
    const id = await stage.enroll(waiting, await stage.contact());
    expect(await stage.ctx.runs.stranded(60_000, 10)).toEqual([]);
    await stage.owner.query("UPDATE workflow_scheduled_actions SET created_at = now() - interval '2 minutes' WHERE enrollment_id = $1", [id]);
    expect(await stage.ctx.runs.stranded(60_000, 10)).toEqual([id]);
  });
});

describe('the pool', () => {
  it("works under the workers' role, row-level security in force", async () => {
    expect(await rowsOf(stage.pool, "SELECT current_user AS role, row_security_active('contacts') AS guarded, current_setting('is_superuser') AS super")).toEqual([
      { role: 'millrace_worker', guarded: true, super: 'off' },
    ]);
  });
});

describe('assets and versions', () => {
  it('come by slug, with the revision that caches go by', async () => {
    await stage.owner.query("INSERT INTO templates (location_id, slug, channel, name, message) VALUES ($1, 'hi', 'sms', 'Hi', 'Hello')", [stage.locationId]);
    expect(await createAssetStore(stage.pool).assets(stage.locationId)).toMatchObject({
      revision: 1,
      assets: { templates: { hi: { channel: 'sms', message: 'Hello' } }, voicemails: {} },
    });
    expect(await stage.ctx.versions.definitions([waiting.versionId])).toMatchObject(
      new Map([[waiting.versionId, { workflowId: waiting.workflowId, workflowName: 'Waiting', definition: { name: 'Waiting' } }]]),
    );
  });
});

describe('versions', () => {
  it('are found by an API whose login neither bypasses row-level security nor has a policy', async () => {
    await stage.owner.query(
      'DO $$ BEGIN CREATE ROLE millrace_plain NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; GRANT SELECT ON ALL TABLES IN SCHEMA public TO millrace_plain',
    );
    const plain = new Pool({ connectionString: stage.url, max: 1, options: '-c role=millrace_plain' });
    expect((await plain.query('SELECT 1 FROM workflow_versions')).rowCount).toBe(0);
    expect([...(await createVersionStore(plain).definitions([waiting.versionId])).keys()]).toEqual([waiting.versionId]);
    await plain.end();
  });
});

describe('the roll-up', () => {
  it('folds every delta once however many sweepers run', async () => {
    const deltas = await rowsOf(stage.owner, 'SELECT workflow_id, kind, step_id, outcome, sum(n)::int AS n FROM workflow_stat_deltas GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4');
    expect(deltas.length).toBeGreaterThan(0);
    while ((await Promise.all([rollUpStats(stage.pool, 3), rollUpStats(stage.pool, 3), rollUpStats(stage.pool, 3)])).some((n) => n > 0));
    expect(await rowsOf(stage.owner, 'SELECT workflow_id, kind, step_id, outcome, sum(n)::int AS n FROM workflow_stat_totals GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4')).toEqual(
      deltas,
    );
    expect(await one(stage.owner, 'SELECT count(*)::int FROM workflow_stat_deltas')).toBe(0);
  });
});

describe('the journey clock', () => {
  it('takes a new speed without a jump, and never goes back', async () => {
    const journey = async (): Promise<number> => Number(await one(stage.owner, "SELECT date_part('epoch', journey_now()) * 1000"));
    const before = await journey();
    await rebaseJourneyClock(stage.owner, 86_400);
    await rebaseJourneyClock(stage.owner, 86_400);
    const after = await journey();
    expect(after).toBeGreaterThanOrEqual(before);
    let machine = 1_000_000;
    const clock = await createJourneyClock(stage.pool, () => machine, () => machine);
    const first = clock.journeyNow();
    expect(first).toBeGreaterThanOrEqual(after);
    machine += 10;
    expect(clock.journeyNow() - first).toBeGreaterThanOrEqual(863_999);
    machine -= 5;
    expect(clock.journeyNow() - first).toBeGreaterThanOrEqual(863_999);
    expect([clock.speed, clock.machineNow()]).toEqual([86_400, 1_000_005]);
    await clock.refresh();
    clock.close();
    await rebaseJourneyClock(stage.owner, 1);
    expect(await journey()).toBeGreaterThanOrEqual(after);
  });
});
