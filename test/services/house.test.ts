import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTemplate, createVoicemail, listTemplates, listVoicemails, updateTemplate, updateVoicemail } from '../../src/services/assets.ts';
import { createContact } from '../../src/services/contacts.ts';
import { createApiKey, findCaller, revokeApiKey } from '../../src/services/keys.ts';
import { bootstrapLocation, getLocation, updateLocation } from '../../src/services/locations.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { simulateWorkflow } from '../../src/services/simulation.ts';
import { exportWorkflow, importWorkflow } from '../../src/services/transfer.ts';
import { diagnosticsOfVersions, validateWorkflow } from '../../src/services/validation.ts';
import { getVersion } from '../../src/services/workflows.ts';
import { createDeskStage, DEFINITION, type DeskStage } from '../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => void (stage = await createDeskStage()));
afterAll(() => stage.close());

const yaml = (text = DEFINITION) => ({ format: 'yaml' as const, text });

describe('templates and voicemails', () => {
  it('are kept by slug, and every write tells the caches', async () => {
    const before = (await getLocation(stage.ctx, stage.here)).assetsRevision;
    const made = await createTemplate(stage.ctx, stage.here, { slug: 'welcome', channel: 'email', subject: 'Hi {{contact.first_name}}', html: '<p>Hi</p>' });
    expect(made).toMatchObject({ slug: 'welcome', name: 'welcome', revision: 1, text: null });
    expect(await updateTemplate(stage.ctx, stage.here, { id: made.id, text: 'Hi' })).toMatchObject({ revision: 2, text: 'Hi', html: '<p>Hi</p>' });
    const voicemail = await createVoicemail(stage.ctx, stage.here, { slug: 'intro', audioUrl: 'https://example.com/intro.mp3' });
    expect(await updateVoicemail(stage.ctx, stage.here, { id: voicemail.id, name: 'Intro' })).toMatchObject({ name: 'Intro', audioUrl: voicemail.audioUrl });
    expect((await getLocation(stage.ctx, stage.here)).assetsRevision).toBe(before + 4);
    expect((await listTemplates(stage.ctx, stage.here, { channel: 'email' })).items).toMatchObject([{ id: made.id, slug: 'welcome' }]);
    expect((await listVoicemails(stage.ctx, stage.here)).items).toMatchObject([{ id: voicemail.id, slug: 'intro' }]);
    expect((await listTemplates(stage.ctx, stage.there)).items).toEqual([]);
    await expect(updateTemplate(stage.ctx, stage.there, { id: made.id, text: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(updateVoicemail(stage.ctx, stage.there, { id: voicemail.id, name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('have a slug of their own', async () => {
    const sms = { channel: 'sms' as const, message: 'Hi' };
    await createTemplate(stage.ctx, stage.here, { slug: 'one', ...sms });
    const two = await createTemplate(stage.ctx, stage.here, { slug: 'two', ...sms });
    await expect(createTemplate(stage.ctx, stage.here, { slug: 'one', ...sms })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(updateTemplate(stage.ctx, stage.here, { id: two.id, slug: 'one' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    const [a, b] = [
      await createVoicemail(stage.ctx, stage.here, { slug: 'a', audioUrl: 'https://a.example/a.mp3' }),
      await createVoicemail(stage.ctx, stage.here, { slug: 'b', audioUrl: 'https://a.example/b.mp3' }),
    ];
    await expect(createVoicemail(stage.ctx, stage.here, { slug: 'a', audioUrl: a.audioUrl })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(updateVoicemail(stage.ctx, stage.here, { id: b.id, slug: 'a' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it.each([
    ['slug', { slug: '1 bad', channel: 'sms' as const, message: 'x' }],
    ['subject', { slug: 'ok', channel: 'email' as const, html: 'x' }],
    ['html', { slug: 'ok', channel: 'email' as const, subject: 'x' }],
    ['message', { slug: 'ok', channel: 'sms' as const }],
    ['message', { slug: 'ok', channel: 'sms' as const, message: 'Hi {{contact.first_name | shout}}' }],
  ])('name what is wrong with %s', async (path, template) => {
    await expect(createTemplate(stage.ctx, stage.here, template)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      faults: expect.arrayContaining([expect.objectContaining({ path: [path] })]),
    });
  });

  it('come from http addresses only', async () => {
    await expect(createVoicemail(stage.ctx, stage.here, { slug: 'x', audioUrl: 'file:///etc/passwd' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('keys', () => {
  it('open one location until they are revoked or expired', async () => {
    const { key, secret } = await createApiKey(stage.ctx, stage.here, { name: 'door', scopes: ['read', 'read'] });
    expect(key).toMatchObject({ name: 'door', scopes: ['read'], prefix: secret.slice(0, 12), revokedAt: null });
    expect(await findCaller(stage.ctx, secret)).toMatchObject({ locationId: stage.here.locationId, scopes: ['read'], keyId: key.id, expiresAt: null });
    expect(JSON.stringify(await stage.rows("SELECT encode(hash, 'escape') FROM api_keys"))).not.toContain(secret);
    await expect(revokeApiKey(stage.ctx, stage.there, { id: key.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await revokeApiKey(stage.ctx, stage.here, { id: key.id })).revokedAt).not.toBeNull();
    expect(await findCaller(stage.ctx, secret)).toBeNull();
    const old = await createApiKey(stage.ctx, stage.here, { name: 'old', scopes: ['read'], expiresAt: Date.UTC(2100, 0, 1) });
    expect(await findCaller(stage.ctx, old.secret)).toMatchObject({ expiresAt: Date.UTC(2100, 0, 1) });
    await stage.rows("UPDATE api_keys SET expires_at = '2020-01-01' WHERE id = $1", [old.key.id]);
    expect(await findCaller(stage.ctx, old.secret)).toBeNull();
    for (const wrong of ['', 'nothing', 'x'.repeat(1000)]) expect(await findCaller(stage.ctx, wrong)).toBeNull();
  });

  it('are for admins to make', async () => {
    await expect(createApiKey(stage.ctx, { ...stage.here, scopes: ['write'] }, { name: 'x', scopes: ['admin'] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(createApiKey(stage.ctx, stage.here, { name: 'x', scopes: [] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([-1, 0])('are not made for a moment that has passed (%i ms)', async (ms) => {
    const expiresAt = stage.ctx.clock.machineNow() + ms;
    await expect(createApiKey(stage.ctx, stage.here, { name: 'late', scopes: ['read'], expiresAt })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      faults: [{ path: ['expiresAt'] }],
    });
  });
});

describe('the location', () => {
  it('keeps its zone, hours and defaults', async () => {
    const calendar = { weekly: { mon: [['09:00', '17:00']] as [string, string][] }, holidays: ['2026-12-25'] };
    expect(await updateLocation(stage.ctx, stage.here, { timezone: 'Europe/Madrid', calendar })).toMatchObject({ name: 'Here', timezone: 'Europe/Madrid', calendar });
    expect(await updateLocation(stage.ctx, stage.here, { defaults: { email_from: 'a@b.example' } })).toMatchObject({
      timezone: 'Europe/Madrid',
      defaults: { email_from: 'a@b.example' },
    });
  });

  it('keeps quiet hours with the channels that they mean', async () => {
    const { defaults } = await updateLocation(stage.ctx, stage.here, { defaults: { quiet_hours: { from: '21:00', to: '08:00' } } });
    expect(defaults).toEqual({ quiet_hours: { from: '21:00', to: '08:00', channels: ['sms', 'voice'] } });
  });

  it.each([
    [{ defaults: { quiet_hours: { from: '9 pm', to: '08:00' } } }],
    [{ defaults: { quiet_hours: 'always' } }],
    [{ timezone: 'Mars' }],
    [{ calendar: { weekly: { mon: [['17:00', '09:00']] } } }],
    [{ calendar: { holidays: ['soon'] } }],
    [{ name: ' ' }],
  ])('refuses %j', async (change) => {
    await expect(updateLocation(stage.ctx, stage.here, change as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('is made once, with one key, however many processes start', async () => {
    const fresh = await createDeskStage();
    await fresh.rows('DELETE FROM locations');
    const key = 'bootstrap-key-of-a-test-0001';
    const ends = await Promise.all(Array.from({ length: 5 }, () => bootstrapLocation(fresh.ctx, { name: 'Main', key })));
    expect(new Set(ends.map(({ location }) => location.id)).size).toBe(1);
    expect(ends.filter(({ secret }) => secret !== null)).toHaveLength(1);
    expect(await findCaller(fresh.ctx, key)).toMatchObject({ scopes: ['admin'], actor: 'key:bootstrap' });
    expect((await bootstrapLocation(fresh.ctx, { name: 'Main', key: null })).secret).toBeNull();
    await fresh.rows('DELETE FROM api_keys');
    expect((await bootstrapLocation(fresh.ctx, { name: 'Main', key: null })).secret).toMatch(/^mr_/);
    await fresh.close();
  });
});

describe('import and export', () => {
  it('give YAML back as it came, and the other forms of the same meaning', async () => {
    const text = `# a comment\n${DEFINITION}`;
    const { workflow, created } = await importWorkflow(stage.ctx, stage.here, { source: yaml(text) });
    expect(created).toBe(true);
    expect(await exportWorkflow(stage.ctx, stage.here, { id: workflow!.id })).toMatchObject({ text, format: 'yaml' });
    const canvas = await exportWorkflow(stage.ctx, stage.here, { id: workflow!.id, format: 'canvas' });
    const again = await importWorkflow(stage.ctx, stage.here, { source: { format: 'canvas', value: canvas.value } });
    expect(again.workflow!.slug).not.toBe(workflow!.slug);
    const json = await exportWorkflow(stage.ctx, stage.here, { id: workflow!.id, format: 'json', version: 1 });
    const third = await importWorkflow(stage.ctx, stage.here, { source: { format: 'json', value: json.value } });
    expect(third.version!.checksum).toBe((await importWorkflow(stage.ctx, stage.here, { source: yaml() })).version!.checksum);
    expect((await exportWorkflow(stage.ctx, stage.here, { id: third.workflow!.id })).text).toMatch(/^name: Hello there$/m);
    await expect(exportWorkflow(stage.ctx, stage.here, { id: workflow!.id, version: 9 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('store nothing on a dry run', async () => {
    const before = await stage.rows('SELECT 1 FROM workflows_v2');
    expect(await importWorkflow(stage.ctx, stage.here, { source: yaml(), dryRun: true })).toMatchObject({ workflow: null, created: false });
    await expect(importWorkflow(stage.ctx, stage.here, { source: yaml('name: x\n'), dryRun: true })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await stage.rows('SELECT 1 FROM workflows_v2')).toHaveLength(before.length);
  });

  it('refuse an older file for a published workflow, unless forced', async () => {
    const { workflow } = await importWorkflow(stage.ctx, stage.here, { source: yaml() });
    const { id } = workflow!;
    await publishWorkflow(stage.ctx, stage.here, { id });
    const second = await importWorkflow(stage.ctx, stage.here, { workflowId: id, source: yaml(`version: 1\n${DEFINITION.replace('2d', '4d')}`) });
    expect(second).toMatchObject({ created: false, workflow: { id, version: 2 } });
    await publishWorkflow(stage.ctx, stage.here, { id });
    const older = { workflowId: id, source: yaml(`version: 1\n${DEFINITION.replace('2d', '5d')}`) };
    await expect(importWorkflow(stage.ctx, stage.here, older)).rejects.toMatchObject({ code: 'VERSION_CONFLICT', detail: { fileVersion: 1, publishedVersion: 2 } });
    expect(await importWorkflow(stage.ctx, stage.here, { ...older, force: true })).toMatchObject({ workflow: { version: 3 } });
    await expect(importWorkflow(stage.ctx, stage.here, { source: { format: 'canvas', value: {} } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const newest = await getVersion(stage.ctx, stage.here, { workflowId: id, which: 'newest' });
    expect(await diagnosticsOfVersions(stage.ctx, stage.here, [newest.id])).toEqual(new Map([[newest.id, []]]));
  });
});

describe('validation', () => {
  it('tells what may be stored from what may be published', async () => {
    expect(await validateWorkflow(stage.ctx, stage.here, { source: yaml() })).toEqual({ valid: true, storable: true, diagnostics: [] });
    expect(await validateWorkflow(stage.ctx, stage.here, { source: yaml('name: x\n') })).toMatchObject({ valid: false, storable: false });
    const missing = DEFINITION.replace('type: add_tag\n    config: { tag: greeted }', 'type: send_sms\n    config: { template_id: "{{templates.absent}}" }');
    expect(await validateWorkflow(stage.ctx, stage.here, { source: yaml(missing) })).toMatchObject({ valid: false, storable: true });
    const arms =
      'name: Arms\ntrigger: { type: manual }\nsteps:\n  - { id: ask, type: condition, config: { if: { field: tags, operator: contains, value: vip }, then: yes_step, else: no_step } }\n' +
      ['yes_step', 'no_step', 'after'].map((id) => `  - { id: ${id}, type: add_tag, config: { tag: t } }\n`).join('');
    const strict = await validateWorkflow(stage.ctx, stage.here, { source: yaml(arms), strict: true });
    expect(strict.diagnostics).toContainEqual(expect.objectContaining({ rule: 'fall_through', severity: 'error' }));
  });
});

describe('simulation', () => {
  it('runs a source or a stored draft for a given contact', async () => {
    const trace = await simulateWorkflow(stage.ctx, stage.here, { source: yaml(), start: '2026-03-02T09:00:00Z', contact: { id: 'p1', tags: [] } });
    expect(trace).toMatchObject({ status: 'completed', path: ['hello', 'pause', 'bye'], started_at: '2026-03-02T09:00:00.000Z', ended_at: '2026-03-04T09:00:00.000Z' });
    expect(trace.log[1]).toMatchObject({ step_id: 'pause', status: 'completed' });
    const { workflow } = await importWorkflow(stage.ctx, stage.here, { source: yaml() });
    const contact = await createContact(stage.ctx, stage.here, { contact: {} });
    const stopped = await simulateWorkflow(stage.ctx, stage.here, { workflowId: workflow!.id, contact: contact.id, start: 0, maxDays: 1 });
    expect(stopped).toMatchObject({ status: 'active', ended_at: null, waiting_for: { step_id: 'pause', until: '1970-01-03T00:00:00.000Z' } });
    expect(await stage.rows('SELECT 1 FROM workflow_enrollments')).toEqual([]);
  });

  it('lets providers answer as the script says', async () => {
    const source = yaml('name: N\ntrigger: { type: manual }\nsteps:\n  - { id: hook, type: webhook, config: { url: "https://example.com" }, on_error: continue }\n');
    const answer = { after: 0, type: 'provider_answers', step: 'hook', status: 402, body: { error: 'declined' } };
    expect(await simulateWorkflow(stage.ctx, stage.here, { source, events: [answer] })).toMatchObject({
      status: 'completed',
      sent: [],
      log: [{ status: 'failed', output: { status: 402, body: { error: 'declined' } } }],
    });
    await expect(simulateWorkflow(stage.ctx, stage.here, { source, events: [{ ...answer, step: 'hok' }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      faults: [{ path: ['events', 0, 'step'] }],
    });
    await expect(simulateWorkflow(stage.ctx, stage.here, { source, events: [{ ...answer, fails: 'twice' }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('fails and status at once'),
    });
  });

  it('refuses an event that is misspelt, with the nearest one', async () => {
    await expect(simulateWorkflow(stage.ctx, stage.here, { source: yaml(), events: [{ after: '1h', type: 'tag_added', tag: 'x' }, { after: '3h', type: 'emial_opened' }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      faults: [{ path: ['events', 1, 'type'], rule: 'unknown_event', hint: 'Did you mean "email_opened"?' }],
    });
  });

  it('names what it cannot take', async () => {
    await expect(simulateWorkflow(stage.ctx, stage.here, {})).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(simulateWorkflow(stage.ctx, stage.here, { source: yaml(), start: 'soon' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      faults: [expect.objectContaining({ path: ['start'] })],
    });
    await expect(simulateWorkflow(stage.ctx, stage.here, { source: yaml(), events: [{ type: 'x' }] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(simulateWorkflow(stage.ctx, stage.here, { source: yaml('name: x\n') })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
