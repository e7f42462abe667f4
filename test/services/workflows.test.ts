import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContact } from '../../src/services/contacts.ts';
import { enrollContact } from '../../src/services/enrollments.ts';
import { archiveWorkflow, pauseWorkflow, resumeWorkflow, stopEntry } from '../../src/services/lifecycle.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { createWorkflow, getVersion, getWorkflow, listVersions, listWorkflows, updateWorkflow } from '../../src/services/workflows.ts';
import { listAudit } from '../../src/services/audit.ts';
import { createDeskStage, DEFINITION, type DeskStage } from '../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => void (stage = await createDeskStage()));
afterAll(() => stage.close());

const yaml = (text = DEFINITION) => ({ format: 'yaml' as const, text });
const made = async () => (await createWorkflow(stage.ctx, stage.here, { source: yaml() })).workflow;
const published = async () => (await publishWorkflow(stage.ctx, stage.here, { id: (await made()).id })).workflow;
const registry = async (): Promise<number> => Number((await stage.rows<{ revision: string }>('SELECT revision FROM workflow_registry'))[0]!.revision);

describe('creating a workflow', () => {
  it('keeps the text as it came, and derives the rest', async () => {
    const { workflow, version } = await createWorkflow(stage.ctx, stage.here, { source: yaml() });
    expect(workflow).toMatchObject({ name: 'Hello there', status: 'draft', triggerType: 'manual', yamlSource: DEFINITION, version: 1, revision: 1, publishedVersionId: null });
    expect(version).toMatchObject({ number: 1, format: 'yaml', source: DEFINITION, publishedAt: null, author: 'test' });
    expect(version.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives every one a slug of its own', async () => {
    const slugs = [(await made()).slug, (await made()).slug];
    expect(new Set(slugs).size).toBe(2);
    expect(slugs.every((slug) => /^hello-there-\d+$/.test(slug))).toBe(true);
  });

  it('refuses what has no shape, with line and column, and stores nothing', async () => {
    const before = await stage.rows('SELECT id FROM workflows_v2');
    const refused = createWorkflow(stage.ctx, stage.here, { source: yaml('name: X\ntrigger: { type: manual }\nsteps:\n  - { id: a, type: fly }\n') });
    await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED', faults: [expect.objectContaining({ line: 4 })] });
    expect(await stage.rows('SELECT id FROM workflows_v2')).toHaveLength(before.length);
  });

  it('needs the scope to write', async () => {
    await expect(createWorkflow(stage.ctx, { ...stage.here, scopes: ['read'] }, { source: yaml() })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('changing a workflow', () => {
  const changed = DEFINITION.replace('2d', '3d');

  it('overwrites a draft, and counts the revision', async () => {
    const { id } = await made();
    const { workflow, version } = await updateWorkflow(stage.ctx, stage.here, { id, source: yaml(changed) });
    expect(workflow).toMatchObject({ revision: 2, version: 1, yamlSource: changed });
    expect(version).toMatchObject({ number: 1, source: changed });
  });

  it('asks for a revision once it is published, and refuses a stale one', async () => {
    const { id, revision } = await published();
    await expect(updateWorkflow(stage.ctx, stage.here, { id, source: yaml(changed) })).rejects.toMatchObject({ code: 'PRECONDITION_REQUIRED' });
    await expect(updateWorkflow(stage.ctx, stage.here, { id, source: yaml(changed), expectedRevision: revision - 1 })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      detail: { currentRevision: revision },
    });
    const { workflow, version } = await updateWorkflow(stage.ctx, stage.here, { id, source: yaml(changed), expectedRevision: revision });
    expect(workflow).toMatchObject({ version: 2, status: 'active' });
    expect(version).toMatchObject({ number: 2, publishedAt: null });
    expect(await getVersion(stage.ctx, stage.here, { workflowId: id, which: 'published' })).toMatchObject({ number: 1, source: DEFINITION });
    expect((await listVersions(stage.ctx, stage.here, { workflowId: id })).items.map(({ number }) => number)).toEqual([2, 1]);
  });

  it('lets one of two writers with the same revision win', async () => {
    const { id, revision } = await made();
    const write = (days: number) => updateWorkflow(stage.ctx, stage.here, { id, source: yaml(DEFINITION.replace('2d', `${days}d`)), expectedRevision: revision });
    const ends = await Promise.allSettled([write(4), write(5)]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('publishing', () => {
  it('makes the draft immutable and tells everybody', async () => {
    const before = await registry();
    const { id } = await made();
    const { workflow, version } = await publishWorkflow(stage.ctx, stage.here, { id });
    expect(workflow).toMatchObject({ status: 'active', publishedVersionId: version.id });
    expect(workflow.publishedAt).not.toBeNull();
    expect(await registry()).toBe(before + 1);
    await expect(stage.rows('UPDATE workflow_versions SET source = $2 WHERE id = $1', [version.id, 'x'])).rejects.toThrow(/published and cannot change/);
  });

  it('twice is once', async () => {
    const { id, revision } = await published();
    expect((await publishWorkflow(stage.ctx, stage.here, { id })).workflow.revision).toBe(revision);
  });

  it('refuses reference errors, with the diagnostics', async () => {
    const { workflow, diagnostics } = await createWorkflow(stage.ctx, stage.here, {
      source: yaml(DEFINITION.replace('    config: { tag: greeted }\n  - id: pause', '    config: { tag: greeted }\n    next: nowhere\n  - id: pause')),
    });
    expect(diagnostics).toContainEqual(expect.objectContaining({ rule: 'unknown_target', severity: 'error' }));
    const refused = publishWorkflow(stage.ctx, stage.here, { id: workflow.id });
    await expect(refused).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      detail: { diagnostics: expect.arrayContaining([expect.objectContaining({ rule: 'unknown_target', line: 8 })]) },
    });
    expect(await getWorkflow(stage.ctx, stage.here, { id: workflow.id })).toMatchObject({ status: 'draft', revision: 1 });
  });
});

describe('pausing and resuming', () => {
  async function someoneWaiting() {
    const { id } = await published();
    const contact = await createContact(stage.ctx, stage.here, { contact: { first_name: 'Ana' } });
    const enrollment = await enrollContact(stage.ctx, stage.here, { workflowId: id, contactId: contact.id });
    await stage.rows("DELETE FROM workflow_scheduled_actions WHERE enrollment_id = $1", [enrollment.id]);
    await stage.rows(
      `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, step_id, visit, scheduled_for, relative)
       VALUES ($1, $2, 'timer', 'pause', 1, '2030-01-01T00:00:00Z', true), ($1, $2, 'timer', 'other', 1, '2030-01-01T00:00:00Z', false)`,
      [enrollment.id, stage.here.locationId],
    );
    await stage.rows(`UPDATE workflow_enrollments SET position = '{"phase": "waiting", "open": {"seq": 1, "until": 1893456000000}}' WHERE id = $1`, [enrollment.id]);
    return { id, enrollmentId: enrollment.id };
  }
  const mailbox = (id: string) =>
    stage.rows<{ status: string; scheduled_for: Date; relative: boolean }>(
      'SELECT status, scheduled_for, relative FROM workflow_scheduled_actions WHERE enrollment_id = $1 ORDER BY relative',
      [id],
    );

  it('holds the mailbox and gives it back', async () => {
    const { id, enrollmentId } = await someoneWaiting();
    expect(await pauseWorkflow(stage.ctx, stage.here, { id })).toMatchObject({ status: 'paused' });
    expect((await mailbox(enrollmentId)).map(({ status }) => status)).toEqual(['held', 'held']);
    const { revision } = await pauseWorkflow(stage.ctx, stage.here, { id });
    expect(await resumeWorkflow(stage.ctx, stage.here, { id })).toMatchObject({ status: 'active', pausedAt: null, revision: revision + 1 });
    expect((await mailbox(enrollmentId)).map((row) => [row.status, row.scheduled_for.toISOString()])).toEqual([
      ['pending', '2030-01-01T00:00:00.000Z'],
      ['pending', '2030-01-01T00:00:00.000Z'],
    ]);
  });

  it('shifts what is relative by the length of the pause, and the run with it', async () => {
    const { id, enrollmentId } = await someoneWaiting();
    await pauseWorkflow(stage.ctx, stage.here, { id });
    await stage.rows("UPDATE workflows_v2 SET paused_at = journey_now() - interval '3 days' WHERE id = $1", [id]);
    await resumeWorkflow(stage.ctx, stage.here, { id, mode: 'shift' });
    const [fixed, relative] = await mailbox(enrollmentId);
    expect(fixed!.scheduled_for.toISOString()).toBe('2030-01-01T00:00:00.000Z');
    expect(relative!.scheduled_for.toISOString()).toMatch(/^2030-01-04T00:00/);
    const [run] = await stage.rows<{ position: { open: { until: number } }; revision: number }>('SELECT position, revision FROM workflow_enrollments WHERE id = $1', [
      enrollmentId,
    ]);
    expect(Math.abs(run!.position.open.until - relative!.scheduled_for.getTime())).toBeLessThanOrEqual(1);
    expect(run!.revision).toBe(2);
  });

  it('refuses what has no meaning', async () => {
    const { id } = await made();
    await expect(pauseWorkflow(stage.ctx, stage.here, { id })).rejects.toMatchObject({ code: 'INVALID_STATE' });
    await expect(resumeWorkflow(stage.ctx, stage.here, { id })).rejects.toMatchObject({ code: 'INVALID_STATE' });
  });
});

describe('closing the door and archiving', () => {
  it('stops entry, and opens it again', async () => {
    const { id } = await published();
    const contact = await createContact(stage.ctx, stage.here, { contact: {} });
    await stopEntry(stage.ctx, stage.here, { id, stopped: true });
    await expect(enrollContact(stage.ctx, stage.here, { workflowId: id, contactId: contact.id })).rejects.toMatchObject({ code: 'WORKFLOW_NOT_ACTIVE' });
    await stopEntry(stage.ctx, stage.here, { id, stopped: false });
    expect(await enrollContact(stage.ctx, stage.here, { workflowId: id, contactId: contact.id })).toMatchObject({ status: 'active' });
  });

  it('refuses to archive over people, unless forced: then they are exited', async () => {
    const { id } = await published();
    const contact = await createContact(stage.ctx, stage.here, { contact: {} });
    const enrollment = await enrollContact(stage.ctx, stage.here, { workflowId: id, contactId: contact.id });
    await expect(archiveWorkflow(stage.ctx, stage.here, { id })).rejects.toMatchObject({ code: 'INVALID_STATE', detail: { inside: 1 } });
    expect(await archiveWorkflow(stage.ctx, stage.here, { id, force: true })).toMatchObject({ exited: 1, workflow: { status: 'archived' } });
    expect(stage.bus.published.at(-1)).toMatchObject({ workflowId: id, counts: { exited: 1 }, runs: [{ id: enrollment.id, rev: 2, status: 'exited' }] });
    expect((await archiveWorkflow(stage.ctx, stage.here, { id })).exited).toBe(0);
    await expect(publishWorkflow(stage.ctx, stage.here, { id })).rejects.toMatchObject({ code: 'INVALID_STATE' });
    expect(await getWorkflow(stage.ctx, stage.here, { id })).toMatchObject({ status: 'archived' });
    const listed = await listWorkflows(stage.ctx, stage.here, { limit: 100 });
    expect(listed.items.map((one) => one.id)).not.toContain(id);
    expect((await listWorkflows(stage.ctx, stage.here, { status: 'archived' })).items.map((one) => one.id)).toContain(id);
  });
});

describe('reading', () => {
  it('pages newest first and never clamps', async () => {
    const first = await listWorkflows(stage.ctx, stage.here, { limit: 2 });
    const second = await listWorkflows(stage.ctx, stage.here, { limit: 2, after: first.nextCursor });
    expect(first.items[0]!.id > first.items[1]!.id && first.items[1]!.id > second.items[0]!.id).toBe(true);
    await expect(listWorkflows(stage.ctx, stage.here, { limit: 101 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(listWorkflows(stage.ctx, stage.here, { after: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect((await listWorkflows(stage.ctx, stage.here, { q: 'no such name' })).items).toEqual([]);
  });

  it('answers a foreign workflow as a missing one', async () => {
    const { id, slug } = await made();
    const answers = await Promise.allSettled([
      getWorkflow(stage.ctx, stage.there, { id }),
      getWorkflow(stage.ctx, stage.there, { id: id.replace(/.$/, '0') }),
      getWorkflow(stage.ctx, stage.there, { id: 'x' }),
      getWorkflow(stage.ctx, stage.there, { slug }),
    ]);
    expect(answers.map((answer) => (answer.status === 'rejected' ? answer.reason.code : 'found'))).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    await expect(publishWorkflow(stage.ctx, stage.there, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps a line of every change', async () => {
    const { id } = await published();
    const lines = (await listAudit(stage.ctx, stage.here, { limit: 100 })).items.filter(({ subject }) => subject === id);
    expect(lines.map(({ action }) => action)).toEqual(['workflow.publish', 'workflow.create']);
    await expect(listAudit(stage.ctx, { ...stage.here, scopes: ['write'] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
