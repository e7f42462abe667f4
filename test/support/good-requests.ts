import { runBatch } from '../../src/engine/run-batch.ts';
import { DEFINITION } from './desk-stage.ts';
import type { Asked, DoorStage } from './door-stage.ts';

/** A request: `at` fills its path, `search` is its query. */
export interface Good extends Asked {
  at?: Record<string, string>;
  search?: string;
}
export type Make = () => Promise<Good> | Good;

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** A path of the description with its places filled in: nobody's id where none is given. */
export const addressOf = (path: string, at: Record<string, string>): string => path.replace(/\{(\w+)\}/g, (_, name: string) => at[name] ?? (name === 'id' ? NOBODY : '1'));

/** A request that goes well, for each operation of the description; asking for one makes what it needs. */
export function createGoodRequests(stage: () => DoorStage): Record<string, Make> {
  let count = 0;
  const contact = async (): Promise<string> =>
    (await stage().ask('POST', '/api/contacts', { body: { email: `p${(count += 1)}@example.com`, phone: `+1555123${String(1000 + count)}` } })).json.id;
  const draft = async (): Promise<string> => (await stage().ask('POST', '/api/workflows', { body: DEFINITION })).json.id;
  const active = async (): Promise<string> => {
    const id = await draft();
    await stage().ask('POST', `/api/workflows/${id}/publish`);
    return id;
  };
  /** An active workflow to which something was done. */
  const after = async (verb: string): Promise<string> => {
    const id = await active();
    await stage().ask('POST', `/api/workflows/${id}/${verb}`);
    return id;
  };
  /** Somebody in a new workflow, who waits at `pause`. */
  const inside = async (): Promise<{ workflow: string; contact: string; enrollment: string }> => {
    const [workflow, who] = [await active(), await contact()];
    const enrollment = (await stage().ask('POST', `/api/workflows/${workflow}/enroll`, { body: { contact_id: who } })).json.id;
    await runBatch(stage().ctx, [enrollment], 'interactive');
    return { workflow, contact: who, enrollment };
  };
  /** A workflow with a published version and another one. */
  const twoVersions = async (publish: boolean): Promise<string> => {
    const id = await active();
    await stage().ask('PUT', `/api/workflows/${id}`, { body: DEFINITION.replace('2d', '3d'), headers: { 'if-match': '*' } });
    if (publish) await stage().ask('POST', `/api/workflows/${id}/publish`);
    return id;
  };
  const onRun = (body: unknown): Make => async () => ({ at: { id: (await inside()).enrollment }, body });
  const onMany = (body: unknown): Make => async () => ({ at: { id: (await inside()).workflow }, body });
  const onWorkflow = (make: () => Promise<string>, more: Omit<Good, 'at'> = {}): Make => async () => ({ at: { id: await make() }, ...more });
  const onContact = (more: Omit<Good, 'at'> = {}): Make => async () => ({ at: { id: await contact() }, ...more });

  return {
    createWorkflow: () => ({ body: DEFINITION }),
    workflows: () => ({ search: '?limit=2&status=draft' }),
    workflow: onWorkflow(draft),
    updateWorkflow: onWorkflow(draft, { body: DEFINITION.replace('2d', '4d') }),
    archiveWorkflow: onWorkflow(active),
    publishWorkflow: onWorkflow(draft, { body: {} }),
    pauseWorkflow: onWorkflow(active, { body: {} }),
    resumeWorkflow: onWorkflow(() => after('pause'), { body: { mode: 'shift' } }),
    stopEntry: onWorkflow(active, { body: {} }),
    startEntry: onWorkflow(() => after('stop-entry'), { body: {} }),
    importWorkflow: () => ({ body: DEFINITION, search: '?dryRun=true' }),
    exportWorkflow: onWorkflow(draft, { search: '?format=json' }),
    validateWorkflow: () => ({ body: 'name: x\n' }),
    enrollContact: async () => ({ at: { id: await active() }, body: { contact_ids: [await contact()] } }),
    enrollments: onMany(undefined),
    enrollment: onRun(undefined),
    exitEnrollment: onRun({ reason: 'enough' }),
    stepLogs: onRun(undefined),
    retryStep: async () => {
      const { enrollment } = await inside();
      await stage().ctx.runs.poison(enrollment, 'a fault');
      return { at: { id: enrollment }, body: {} };
    },
    skipStep: onRun({}),
    moveEnrollment: onRun({ step_id: 'bye' }),
    runNow: onRun({}),
    bulkRetryStep: onMany({}),
    bulkSkipStep: onMany({ dry_run: true }),
    bulkMoveEnrollment: onMany({ step_id: 'bye', dry_run: true }),
    bulkRunNow: onMany({}),
    bulkExitEnrollment: onMany({ reason: 'enough', current_step: 'pause' }),
    workflowStats: onMany(undefined),
    simulateWorkflow: onWorkflow(draft, { body: { contact: { first_name: 'Bo' }, start: '2026-03-02T09:00:00Z' } }),
    workflowEvents: onMany(undefined),
    refusals: onMany(undefined),
    explainEnrollment: async () => {
      const { workflow, contact: who } = await inside();
      return { at: { id: workflow }, search: `?contact_id=${who}` };
    },
    publishPlan: onWorkflow(() => twoVersions(false), { body: { policy: 'migrate', step_map: { pause: 'pauze' } } }),
    rollbackPublish: onWorkflow(() => twoVersions(true), { body: {} }),
    versions: onWorkflow(() => twoVersions(false)),
    version: async () => ({ at: { id: await draft(), version: '1' } }),
    restoreWorkflowVersion: async () => ({ at: { id: await twoVersions(true), version: '1' }, body: {}, headers: { 'if-match': '*' } }),
    versionDiff: async () => ({ at: { id: await twoVersions(false), a: '1', b: '2' } }),
    workflowWebhook: onWorkflow(draft),
    rotateWebhookUrl: onWorkflow(draft, { body: {} }),
    setWebhookSecret: onWorkflow(draft, { body: {} }),
    upsertContact: () => ({ body: { email: `new${(count += 1)}@example.com`, tags: ['a'], consent: { sms: 'withdrawn' } } }),
    contacts: () => ({ search: '?limit=1' }),
    contact: onContact(),
    updateContact: onContact({ body: { tags: ['b'] } }),
    deleteContact: onContact(),
    setConsent: onContact({ body: { channel: 'email', consent: 'given' } }),
    emitEvent: async () => ({ body: { contact_id: await contact(), name: 'paid', data: { amount: 3 } } }),
    location: () => ({}),
    updateLocation: () => ({ body: { timezone: 'Europe/Madrid' } }),
    createTemplate: () => ({ body: { slug: 'hello', channel: 'email', subject: 'Hi', html: '<p>Hi</p>' } }),
    templates: () => ({}),
    createVoicemail: () => ({ body: { slug: 'intro', audio_url: 'https://example.com/intro.mp3' } }),
    voicemails: () => ({}),
    putSecret: () => ({ at: { name: 'crm_key' }, body: { value: 'a hidden value' } }),
    secrets: () => ({}),
    deleteSecret: async () => {
      await stage().ask('PUT', '/api/secrets/old_key', { body: { value: 'a hidden value' } });
      return { at: { name: 'old_key' } };
    },
    auditLog: () => ({ search: '?limit=5' }),
    openapi: () => ({}),
    reference: () => ({}),
  };
}
