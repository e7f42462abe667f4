import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createContact } from '../../src/services/contacts.ts';
import { enrollContact } from '../../src/services/enrollments.ts';
import { createTemplate, createVoicemail } from '../../src/services/assets.ts';
import { publishWorkflow, rollbackPublish } from '../../src/services/publishing.ts';
import { exportWorkflow, importWorkflow } from '../../src/services/transfer.ts';
import { diffVersions } from '../../src/services/version-diff.ts';
import { createDeskStage, type DeskStage } from '../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => {
  stage = await createDeskStage();
  for (const slug of ['welcome', 'reminder']) await createTemplate(stage.ctx, stage.here, { slug, channel: 'email', subject: 'Hi', html: '<p>Hi</p>' });
  await createVoicemail(stage.ctx, stage.here, { slug: 'intro', audioUrl: 'https://example.com/intro.mp3' });
});
afterAll(() => stage.close());

const EXAMPLE = readFileSync('test/workflows/example.workflow.yaml', 'utf8');
const bring = (text: string, workflowId: string | null = null, force = false) => importWorkflow(stage.ctx, stage.here, { source: { format: 'yaml', text }, workflowId, force });
const exported = async (id: string, format: 'yaml' | 'json' | 'canvas' = 'yaml', version: number | null = null) => exportWorkflow(stage.ctx, stage.here, { id, format, version });

it('acceptance criterion 12: workflows are imported from and exported to YAML, text and meaning kept', async () => {
  const text = `# our best journey\n${EXAMPLE}\n# the end\n`;
  const first = await bring(text);
  expect((await exported(first.workflow!.id)).text).toBe(text);
  const again = await bring((await exported(first.workflow!.id)).text);
  expect(again.version!.checksum).toBe(first.version!.checksum);
  const drawn = await importWorkflow(stage.ctx, stage.here, { source: { format: 'canvas', value: (await exported(first.workflow!.id, 'canvas')).value } });
  expect(drawn.version!.checksum).toBe(first.version!.checksum);
  const json = await importWorkflow(stage.ctx, stage.here, { source: { format: 'json', value: (await exported(first.workflow!.id, 'json')).value } });
  expect(json.version!.checksum).toBe(first.version!.checksum);
});

it('a canvas that comes back to its YAML workflow keeps the comments', async () => {
  const { workflow } = await bring(`# our best journey\n${EXAMPLE}`);
  const canvas = (await exported(workflow!.id, 'canvas')).value as { nodes: { id: string; data: { config: { duration?: string } } }[] };
  canvas.nodes.find(({ id }) => id === 'wait_1_day')!.data.config.duration = '6d';
  const { version } = await importWorkflow(stage.ctx, stage.here, { source: { format: 'canvas', value: canvas }, workflowId: workflow!.id });
  expect(version).toMatchObject({ format: 'yaml', number: 1 });
  expect(version!.source).toMatch(/^# our best journey\n/);
  expect(version!.source).toContain('duration: 6d');
  expect(version!.source).not.toContain('layout:');
});

it('acceptance criterion 13: published versions stay, people finish on theirs, and a stale file is a conflict', async () => {
  const { workflow } = await bring(EXAMPLE);
  const id = workflow!.id;
  await publishWorkflow(stage.ctx, stage.here, { id });
  const contact = await createContact(stage.ctx, stage.here, { contact: { email: 'ana@example.com' } });
  const enrollment = await enrollContact(stage.ctx, stage.here, { workflowId: id, contactId: contact.id });
  const stale = (await exported(id)).text;
  await bring(stale.replace('duration: 2d', 'duration: 3d'), id);
  expect((await publishWorkflow(stage.ctx, stage.here, { id })).version.number).toBe(2);
  expect((await exported(id, 'yaml', 1)).text).toBe(EXAMPLE);
  expect(await stage.rows('SELECT v.number FROM workflow_enrollments e JOIN workflow_versions v ON v.id = e.version_id WHERE e.id = $1', [enrollment.id])).toEqual([{ number: 1 }]);
  expect((await diffVersions(stage.ctx, stage.here, { workflowId: id, from: 1, to: 2 })).text).toBe('~ step wait_then_call (wait)\n    config.duration: "2d" → "3d"\n');
  await expect(bring(stale, id)).rejects.toMatchObject({ code: 'VERSION_CONFLICT', detail: { fileVersion: 1, publishedVersion: 2 } });
  const current = (await exported(id)).text;
  expect(current).toBe(EXAMPLE.replace('version: 1', 'version: 2').replace('duration: 2d', 'duration: 3d'));
  await bring(current.replace('duration: 3d', 'duration: 4d'), id);
  expect(await bring(stale, id, true)).toMatchObject({ version: { number: 3 } });
  expect((await rollbackPublish(stage.ctx, stage.here, { id })).version.number).toBe(1);
});
