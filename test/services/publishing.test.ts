import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateRuns } from '../../src/engine/migrate-runs.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createContact } from '../../src/services/contacts.ts';
import { enrollContact } from '../../src/services/enrollments.ts';
import { pauseWorkflow, resumeWorkflow } from '../../src/services/lifecycle.ts';
import { publishPlan } from '../../src/services/publish-plan.ts';
import { publishWorkflow, restoreWorkflowVersion, rollbackPublish, type PublishInput } from '../../src/services/publishing.ts';
import { workflowStats } from '../../src/services/stats.ts';
import { createWorkflow, getVersion, getWorkflow, updateWorkflow } from '../../src/services/workflows.ts';
import { createDeskStage, type DeskStage } from '../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => void (stage = await createDeskStage()));
afterAll(() => stage.close());

/** One line a step: `hello add_tag tag: x`. */
const source = (...steps: string[]) => ({
  format: 'yaml' as const,
  text: `name: Journey\ntrigger: { type: manual }\nsteps:\n${steps.map((line) => {
    const [id, type, ...config] = line.split(' ');
    return `  - { id: ${id}, type: ${type}, config: { ${config.join(' ')} } }\n`;
  }).join('')}`,
});
const HELLO = 'hello add_tag tag: x';
const PAUSE = 'pause wait duration: 2d';
const BYE = 'bye remove_tag tag: x';
const SMS = 'text send_sms message: Hi';
const GOAL = 'bought goal condition: { field: tags, operator: contains, value: buyer }';

async function published(...steps: string[]): Promise<string> {
  const { workflow } = await createWorkflow(stage.ctx, stage.here, { source: source(...steps) });
  await publishWorkflow(stage.ctx, stage.here, { id: workflow.id });
  return workflow.id;
}

async function edit(id: string, ...steps: string[]): Promise<void> {
  const { revision } = await getWorkflow(stage.ctx, stage.here, { id });
  await updateWorkflow(stage.ctx, stage.here, { id, source: source(...steps), expectedRevision: revision });
}

const publish = (id: string, input: Omit<PublishInput, 'id'> = {}) => publishWorkflow(stage.ctx, stage.here, { id, ...input });
const run = (...ids: string[]) => runBatch(stage.ctx, ids, 'interactive');

async function people(workflowId: string, count = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const contact = await createContact(stage.ctx, stage.here, { contact: { phone: '+15551230001' } });
    ids.push((await enrollContact(stage.ctx, stage.here, { workflowId, contactId: contact.id })).id);
  }
  await run(...ids);
  return ids;
}
const person = async (workflowId: string): Promise<string> => (await people(workflowId))[0]!;

interface Row {
  number: number;
  status: string;
  current_step: string | null;
  exit_reason: string | null;
  position: { phase: string; open?: { stepId: string; until: number | null }; leaving?: boolean };
  step_data: { steps: Record<string, unknown> };
  revision: number;
}
const enrollment = async (id: string): Promise<Row> =>
  (
    await stage.rows<Row>(
      'SELECT v.number, e.status, e.current_step, e.exit_reason, e.position, e.step_data, e.revision FROM workflow_enrollments e JOIN workflow_versions v ON v.id = e.version_id WHERE e.id = $1',
      [id],
    )
  )[0]!;
const trail = async (id: string): Promise<string[]> =>
  (
    await stage.rows<{ line: string }>(
      "SELECT concat_ws(':', step_id, status, output_data->>'interrupted_by') AS line FROM workflow_step_logs WHERE enrollment_id = $1 ORDER BY seq",
      [id],
    )
  ).map(({ line }) => line);
const mailbox = (id: string) =>
  stage.rows<{ kind: string; step_id: string; scheduled_for: Date }>('SELECT kind, step_id, scheduled_for FROM workflow_scheduled_actions WHERE enrollment_id = $1', [id]);
const ring = async (id: string): Promise<void> => {
  await stage.rows("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE enrollment_id = $1 AND kind = 'timer'", [id]);
  await run(id);
};
const answer = async (id: string, stepId: string): Promise<void> => {
  await stage.rows(
    `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, step_id, visit, payload, scheduled_for) VALUES ($1, $2, 'outcome', $3, 1, $4, journey_now())`,
    [id, stage.here.locationId, stepId, JSON.stringify({ attempt: 1, outcome: { status: 'accepted', result: { message_id: 'm' } } })],
  );
  await run(id);
};

describe('publish: finish_on_old', () => {
  it('leaves people on the version that they entered', async () => {
    const id = await published(HELLO, PAUSE, BYE);
    const old = await person(id);
    await edit(id, HELLO, PAUSE);
    expect(await publish(id)).toMatchObject({ version: { number: 2 }, moved: 0, ended: 0 });
    const young = await person(id);
    expect([(await enrollment(old)).number, (await enrollment(young)).number]).toEqual([1, 2]);
    await ring(old);
    await ring(young);
    expect(await trail(old)).toEqual(['hello:completed', 'pause:completed', 'bye:completed']);
    expect(await trail(young)).toEqual(['hello:completed', 'pause:completed']);
  });
});

describe('publish: migrate', () => {
  it('maps the same step id by itself and keeps its timer', async () => {
    const id = await published(HELLO, PAUSE, BYE);
    const one = await person(id);
    const [before] = await mailbox(one);
    await edit(id, HELLO, 'pause wait duration: 9d', 'more add_tag tag: y');
    expect(await publish(id, { policy: 'migrate' })).toMatchObject({ moved: 1, ended: 0 });
    expect(await enrollment(one)).toMatchObject({ number: 2, current_step: 'pause', status: 'active' });
    expect(await mailbox(one)).toEqual([before]);
    await ring(one);
    expect(await trail(one)).toEqual(['hello:completed', 'pause:completed', 'more:completed']);
    expect(await enrollment(one)).toMatchObject({ status: 'completed', number: 2 });
  });

  it('maps the rest by the map: the timer, the open row and the results go along', async () => {
    const id = await published(HELLO, PAUSE, BYE);
    const one = await person(id);
    const due = (await mailbox(one))[0]!.scheduled_for;
    await edit(id, 'welcome add_tag tag: x', 'rest wait duration: 5d', 'told set values: { was: "{{steps.welcome.changed}}" }');
    await publish(id, { policy: 'migrate', stepMap: { hello: 'welcome', pause: 'rest', bye: 'told' } });
    expect(await mailbox(one)).toMatchObject([{ kind: 'timer', step_id: 'rest', scheduled_for: due }]);
    await ring(one);
    expect(await trail(one)).toEqual(['hello:completed', 'rest:completed', 'told:completed']);
    const { step_data } = await enrollment(one);
    expect(step_data).toMatchObject({ enrollment: { was: ['x'] } });
  });

  it.each([
    ['a template', 'told set values: { said: "{{steps.sms.reply_text}}" }', { said: 'Yes' }],
    ['a condition over the history', 'asked condition if: [{ event: sms_received, step: sms }], then: told, else: end|told set values: { said: 1 }', { said: 1 }],
    ['a wait for the word', 'heard wait for: { event: sms_received, step: sms }|told set values: { said: 2 }', { said: 2 }],
  ])('keeps what is reported of a step under the id that it has now: %s reads it', async (_name, steps, said) => {
    const id = await published(SMS, PAUSE, BYE);
    const one = await person(id);
    await answer(one, 'text');
    await edit(id, 'sms send_sms message: Hi', PAUSE, ...steps.split('|'));
    await publish(id, { policy: 'migrate', stepMap: { text: 'sms', bye: 'told' } });
    expect((await enrollment(one)).position).toMatchObject({ renamed: { text: 'sms' }, visits: { text: 1, sms: 1 } });
    const { contactId } = await stage.ctx.desk(stage.here.locationId).findEnrollment(one) as { contactId: string };
    const event = {
      id: randomUUID(),
      type: 'sms_received',
      contactId,
      at: Date.now(),
      source: 'sms',
      depth: 0,
      data: { step_id: 'text', visit: 1, enrollment_id: one, reply_text: 'Yes' },
    };
    await stage.rows(
      "INSERT INTO contact_events (id, location_id, contact_id, type, source, event_key, data, occurred_at, dispatched_at) VALUES ($1::text::uuid, $2, $3, $4, 'sms', $1::text, $5, journey_now() - interval '1 second', now())",
      [event.id, stage.here.locationId, contactId, event.type, JSON.stringify(event.data)],
    );
    await stage.rows("INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, payload, scheduled_for) VALUES ($1, $2, 'event', $3, journey_now())", [
      one,
      stage.here.locationId,
      JSON.stringify({ event }),
    ]);
    await run(one);
    expect((await enrollment(one)).step_data.steps).toMatchObject({ sms: { replied: true, reply_text: 'Yes' }, text: { replied: true } });
    await ring(one);
    expect(await enrollment(one)).toMatchObject({ status: 'completed', step_data: { enrollment: said } });
  });

  it('begins a step that is another kind of wait, or none', async () => {
    const id = await published(HELLO, PAUSE, BYE);
    const [one, other] = await people(id, 2);
    await edit(id, HELLO, GOAL, BYE);
    await publish(id, { policy: 'migrate', stepMap: { pause: 'bought' } });
    expect(stage.queue.rung.at(-1)).toMatchObject({ bell: 'runs', lane: 'bulk', ids: expect.arrayContaining([one, other]) });
    await run(one!, other!);
    expect(await trail(one!)).toEqual(['hello:completed', 'pause:completed:version:2', 'bought:pending']);
    expect(await mailbox(one!)).toEqual([]);
  });

  it('begins a wait for events alone anew when its config changed, and else lets it wait', async () => {
    const id = await published(HELLO, GOAL);
    const one = await person(id);
    await edit(id, GOAL, 'late add_tag tag: late');
    await publish(id, { policy: 'migrate' });
    expect(await trail(one)).toEqual(['hello:completed', 'bought:pending']);
    await edit(id, `${GOAL}, timeout: 3d`, 'late add_tag tag: late');
    await publish(id, { policy: 'migrate' });
    await run(one);
    expect(await trail(one)).toEqual(['hello:completed', 'bought:completed:version:3', 'bought:pending']);
    expect(await mailbox(one)).toMatchObject([{ kind: 'timer', step_id: 'bought' }]);
  });

  it('moves a step whose message is on its way after its answer', async () => {
    const id = await published(SMS, 'two add_tag tag: old', BYE);
    const [one, other] = await people(id, 2);
    expect((await enrollment(one!)).position.phase).toBe('performing');
    await edit(id, SMS, 'two add_tag tag: new', PAUSE);
    expect(await publish(id, { policy: 'migrate' })).toMatchObject({ moved: 0 });
    expect(await enrollment(one!)).toMatchObject({ number: 1, position: { phase: 'performing', leaving: true } });
    await answer(one!, 'text');
    expect(await enrollment(one!)).toMatchObject({ number: 2, current_step: 'pause', status: 'active' });
    expect((await enrollment(one!)).position.leaving).toBeUndefined();
    expect(await trail(one!)).toEqual(['text:completed', 'two:completed', 'pause:pending']);
    await answer(other!, 'text');
    expect(await trail(other!)).toEqual(['text:completed', 'two:completed', 'pause:pending']);
  });

  it('lets a run finish where it is when the step after its message has no place in the new version', async () => {
    const id = await published(SMS, 'gone add_tag tag: x', BYE);
    const one = await person(id);
    await edit(id, SMS, PAUSE);
    await publish(id, { policy: 'migrate' });
    await answer(one, 'text');
    expect(await enrollment(one)).toMatchObject({ number: 1, status: 'completed' });
    expect(await trail(one)).toEqual(['text:completed', 'gone:completed', 'bye:completed']);
  });

  it('refuses to forget anybody: a step without a place in the new version is named, with its people', async () => {
    const id = await published(HELLO, PAUSE, BYE);
    await people(id, 3);
    await edit(id, HELLO, 'paused wait duration: 1d');
    await expect(publish(id, { policy: 'migrate' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      faults: [{ path: ['stepMap', 'pause'], rule: 'unmapped_step', message: expect.stringContaining('3 people stand at "pause"') }],
    });
    expect(await getWorkflow(stage.ctx, stage.here, { id })).toMatchObject({ version: 2 });
    expect(await getVersion(stage.ctx, stage.here, { workflowId: id, which: 'published' })).toMatchObject({ number: 1 });
  });

  it('names the nearest id for an entry of the map that means nothing', async () => {
    const id = await published(HELLO, PAUSE, BYE);
    await edit(id, HELLO, 'paused wait duration: 1d');
    const refused = publish(id, { policy: 'migrate', stepMap: { pause: 'pausd', pauze: 'paused' } });
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      faults: [
        { rule: 'unknown_target', message: expect.stringContaining('Did you mean "paused"?') },
        { rule: 'unknown_step', message: expect.stringContaining('Did you mean "pause"?') },
      ],
    });
    await expect(publish(id, { policy: 'exit', stepMap: { pause: 'paused' } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('ends runs whose step is mapped to an end', async () => {
    const id = await published(HELLO, PAUSE, BYE);
    const one = await person(id);
    await edit(id, HELLO, BYE);
    expect(await publish(id, { policy: 'migrate', stepMap: { pause: 'exit_removed' } })).toMatchObject({ moved: 0, ended: 1 });
    expect(await enrollment(one)).toMatchObject({ status: 'exited', exit_reason: 'removed:pause', number: 1 });
    expect(await trail(one)).toEqual(['hello:completed', 'pause:completed:removed:pause']);
    expect(await mailbox(one)).toEqual([]);
    expect(stage.bus.published.at(-1)).toMatchObject({ workflowId: id, counts: { exited: 1 } });
  });

  it('moves people before their first step, and people of a paused workflow, who go on when it resumes', async () => {
    const id = await published(HELLO, PAUSE);
    const contact = await createContact(stage.ctx, stage.here, { contact: {} });
    const one = (await enrollContact(stage.ctx, stage.here, { workflowId: id, contactId: contact.id })).id;
    await pauseWorkflow(stage.ctx, stage.here, { id });
    await edit(id, 'first add_tag tag: y');
    await publish(id, { policy: 'migrate' });
    expect(await enrollment(one)).toMatchObject({ number: 2, current_step: null });
    await run(one);
    expect(await trail(one)).toEqual([]);
    await resumeWorkflow(stage.ctx, stage.here, { id });
    await run(one);
    expect(await trail(one)).toEqual(['first:completed']);
  });

  it('goes on in pages after a crash, and never moves anybody twice', async () => {
    const id = await published(HELLO, PAUSE);
    const ids = await people(id, 5);
    await edit(id, HELLO, PAUSE, BYE);
    const migration = await publish(id, { policy: 'migrate' });
    expect(migration.moved).toBe(5);
    await stage.rows("UPDATE workflow_migrations SET finished_at = NULL, cursor = '00000000-0000-0000-0000-000000000000' WHERE workflow_id = $1", [id]);
    expect(await migrateRuns(stage.ctx)).toEqual({ moved: 0, ended: 0 });
    expect(await Promise.all(ids.map(async (one) => (await enrollment(one)).revision))).toEqual([3, 3, 3, 3, 3]);
    expect(await stage.rows('SELECT 1 FROM workflow_migrations WHERE finished_at IS NULL')).toEqual([]);
  });

  it('races with runs that move: each moves once, on one version or the other', async () => {
    const id = await published(HELLO, PAUSE, SMS, BYE);
    const ids = await people(id, 24);
    await edit(id, HELLO, PAUSE, SMS, 'bye add_tag tag: z');
    await stage.rows("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE kind = 'timer' AND enrollment_id = ANY($1::uuid[])", [ids]);
    await Promise.all([publish(id, { policy: 'migrate' }), ...[0, 8, 16].map((at) => run(...ids.slice(at, at + 8)))]);
    await migrateRuns(stage.ctx);
    for (const one of ids) {
      expect(await trail(one)).toEqual(['hello:completed', 'pause:completed', 'text:executing']);
      await answer(one, 'text');
      expect(await enrollment(one)).toMatchObject({ status: 'completed', number: 2 });
      expect(await trail(one)).toEqual(['hello:completed', 'pause:completed', 'text:completed', 'bye:completed']);
    }
    const total = await workflowStats(stage.ctx, stage.here, { workflowId: id });
    expect(total).toMatchObject({ enrolled: 24, active: 0, completed: 24 });
    expect(total.nodes.every(({ waiting }) => waiting === 0)).toBe(true);
  });

  it('takes the counters along', async () => {
    const id = await published(HELLO, PAUSE);
    const [one] = await people(id, 2);
    await edit(id, HELLO, 'rest wait duration: 2d');
    await publish(id, { policy: 'migrate', stepMap: { pause: 'rest' } });
    const of = (version: number | null) => workflowStats(stage.ctx, stage.here, { workflowId: id, version });
    expect(await of(1)).toMatchObject({ enrolled: 0, active: 0 });
    expect(await of(2)).toMatchObject({ enrolled: 2, active: 2, nodes: [{ stepKey: 'hello' }, { stepKey: 'rest', waiting: 2 }] });
    await ring(one!);
    expect(await of(2)).toMatchObject({ enrolled: 2, active: 1, completed: 1 });
    expect(await of(null)).toMatchObject({ enrolled: 2, active: 1, completed: 1 });
  });
});

describe('publish: exit', () => {
  it('ends everybody inside, at once', async () => {
    const id = await published(HELLO, PAUSE, BYE);
    const one = await person(id);
    await edit(id, HELLO);
    expect(await publish(id, { policy: 'exit' })).toMatchObject({ ended: 1 });
    expect(await enrollment(one)).toMatchObject({ status: 'exited', exit_reason: 'version_replaced', number: 1 });
  });
});

describe('publishPlan', () => {
  it('says who is where and what would become of them', async () => {
    const id = await published(HELLO, PAUSE, SMS, GOAL);
    await people(id, 2);
    const [walker] = await people(id, 1);
    await ring(walker!);
    await edit(id, HELLO, 'paused wait duration: 1d', SMS, GOAL);
    const plan = (policy: PublishInput['policy'], stepMap = {}) => publishPlan(stage.ctx, stage.here, { workflowId: id, ...(policy && { policy }), stepMap });
    expect(await plan('migrate')).toMatchObject({
      policy: 'migrate', toVersion: 2, people: 3,
      steps: [{ version: 1, stepKey: 'pause', people: 2, fate: 'unmapped', to: null }, { version: 1, stepKey: 'text', people: 1, fate: 'moves_later' }],
      faults: [{ path: ['stepMap', 'pause'] }],
    });
    expect(await plan('migrate', { pause: 'paused' })).toMatchObject({ steps: [{ fate: 'keeps', to: 'paused' }, {}], faults: [] });
    expect(await plan('migrate', { pause: 'text' })).toMatchObject({ steps: [{ fate: 'begins', to: 'text' }, {}] });
    expect(await plan('migrate', { pause: 'exit_gone' })).toMatchObject({ steps: [{ fate: 'ends', end: 'exited: gone:pause' }, {}] });
    expect((await plan(undefined)).steps.map(({ fate }) => fate)).toEqual(['stays', 'stays']);
    expect((await plan('exit')).steps.map(({ fate }) => fate)).toEqual(['ends', 'ends']);
  });
});

describe('rollbackPublish', () => {
  it('lets people enter the version before, and takes those inside back', async () => {
    const id = await published(HELLO, PAUSE);
    const first = await person(id);
    await edit(id, HELLO, PAUSE, BYE);
    await publish(id, { policy: 'migrate' });
    const second = await person(id);
    const { workflow, version, moved } = await rollbackPublish(stage.ctx, stage.here, { id, policy: 'migrate' });
    expect([version.number, moved, workflow.publishedVersionId]).toEqual([1, 2, version.id]);
    expect(workflow.version).toBe(1);
    const third = await person(id);
    for (const one of [first, second, third]) {
      expect((await enrollment(one)).number).toBe(1);
      await ring(one);
      expect(await trail(one)).toEqual(['hello:completed', 'pause:completed']);
    }
    await expect(rollbackPublish(stage.ctx, stage.here, { id })).rejects.toMatchObject({ code: 'INVALID_STATE' });
    await edit(id, BYE);
    expect(await publish(id)).toMatchObject({ version: { number: 3 } });
    expect(await rollbackPublish(stage.ctx, stage.here, { id, toVersion: 1 })).toMatchObject({ version: { number: 1 } });
  });

  it('keeps a draft, and asks for the revision that was seen', async () => {
    const id = await published(HELLO);
    await edit(id, HELLO, PAUSE);
    await publish(id);
    await edit(id, BYE);
    const { revision } = await getWorkflow(stage.ctx, stage.here, { id });
    await expect(rollbackPublish(stage.ctx, stage.here, { id, expectedRevision: revision - 1 })).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    const { workflow } = await rollbackPublish(stage.ctx, stage.here, { id, expectedRevision: revision });
    expect(workflow).toMatchObject({ version: 3, yamlSource: source(BYE).text });
    expect(await getVersion(stage.ctx, stage.here, { workflowId: id, which: 'draft' })).toMatchObject({ number: 3 });
  });

  it('stops a migration to the version that it goes back from', async () => {
    const id = await published(SMS, PAUSE);
    const one = await person(id);
    await edit(id, SMS, PAUSE, BYE);
    await publish(id, { policy: 'migrate' });
    expect((await enrollment(one)).position.leaving).toBe(true);
    await rollbackPublish(stage.ctx, stage.here, { id });
    await answer(one, 'text');
    expect(await enrollment(one)).toMatchObject({ number: 1, current_step: 'pause' });
    expect(await mailbox(one)).toMatchObject([{ kind: 'timer' }]);
  });
});

describe('restoreWorkflowVersion', () => {
  it("makes an earlier version's source the draft, as it was written", async () => {
    const id = await published(HELLO);
    await edit(id, BYE);
    await publish(id);
    const { revision } = await getWorkflow(stage.ctx, stage.here, { id });
    await expect(restoreWorkflowVersion(stage.ctx, stage.here, { id, version: 1, expectedRevision: revision - 1 })).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    const { version } = await restoreWorkflowVersion(stage.ctx, stage.here, { id, version: 1, expectedRevision: revision });
    expect(version).toMatchObject({ number: 3, publishedAt: null, source: source(HELLO).text });
    await expect(restoreWorkflowVersion(stage.ctx, stage.here, { id, version: 9, expectedRevision: revision + 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
