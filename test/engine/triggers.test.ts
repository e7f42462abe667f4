import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import type { Data } from '../../src/core/state.ts';
import { webhookSource } from '../../src/core/triggers/webhook.ts';
import { createStage, rowsOf, type Stage } from '../support/engine-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.owner.query("UPDATE workflows_v2 SET status = 'archived'");
  await stage.owner.query('UPDATE workflow_registry SET revision = revision + 1');
});

const steps = [{ id: 'note', type: 'set', config: { values: { seen: '{{trigger.data.text}}' } } }];
const enrolled = async (contact: string): Promise<number> => (await rowsOf(stage.owner, 'SELECT 1 FROM workflow_enrollments WHERE contact_id = $1', [contact])).length;

describe('triggers through PostgreSQL: an event of its type enrolls, another does not', () => {
  it.each<[trigger: Data, type: string, fits: Data, misfits: Data]>([
    [{ type: 'sms_received', keyword: 'join' }, 'sms_received', { text: 'Join me' }, { text: 'no' }],
    [{ type: 'email_received', contains: 'refund' }, 'email_received', { subject: 'Refund' }, { subject: 'Hello' }],
    [{ type: 'email_opened', template_id: 'welcome' }, 'email_opened', { template_id: 'welcome', machine: false }, { template_id: 'welcome', machine: true }],
    [{ type: 'email_clicked', url_contains: '/buy' }, 'email_clicked', { url: 'https://example.com/buy' }, { url: 'https://example.com/' }],
    [{ type: 'call_completed', outcome: 'answered' }, 'call_completed', { outcome: 'answered' }, { outcome: 'busy' }],
    [{ type: 'event', name: 'order_placed' }, 'order_placed', { total: 5 }, {}],
    [{ type: 'event' }, 'anything_of_yours', {}, {}],
    [{ type: 'contact_created' }, 'contact_created', {}, {}],
    [{ type: 'contact_updated', fields: ['email'] }, 'contact_updated', { changes: { email: { from: null, to: 'a' } } }, { changes: { phone: { from: null, to: 'a' } } }],
    [{ type: 'tag_added', tag: 'vip' }, 'tag_added', { tag: 'vip' }, { tag: 'other' }],
    [{ type: 'tag_removed', tag: 'vip' }, 'tag_removed', { tag: 'vip' }, { tag: 'other' }],
  ])('%j', async (trigger, type, fits, misfits) => {
    await stage.publish({ name: type, trigger, steps });
    const [right, wrong] = [await stage.contact(), await stage.contact()];
    await stage.event(right, type, fits);
    await stage.event(wrong, trigger['type'] === 'event' ? 'tag_added' : type, misfits);
    await dispatchEvents(stage.ctx);
    expect([await enrolled(right), await enrolled(wrong)]).toEqual([1, type === 'contact_created' ? 1 : 0]);
  });

  it('contact_deleted: the deleted contact enters, once more to be read', async () => {
    await stage.publish({ name: 'Goodbye', trigger: { type: 'contact_deleted', filters: [{ field: 'email', operator: 'equals', value: 'gone@example.com' }] }, steps });
    const contact = await stage.contact({ email: 'gone@example.com' });
    await stage.owner.query('UPDATE contacts SET deleted_at = now() WHERE id = $1', [contact]);
    await stage.event(contact, 'tag_added', { tag: 'x' });
    await stage.event(contact, 'contact_deleted');
    await dispatchEvents(stage.ctx);
    expect(await enrolled(contact)).toBe(1);
  });

  it('contact_created: an import enrolls nobody, unless the trigger says on_import: enroll', async () => {
    await stage.publish({ name: 'Plain', trigger: { type: 'contact_created' }, steps });
    const asked = await stage.publish({ name: 'Asked', trigger: { type: 'contact_created', on_import: 'enroll' }, steps });
    const contact = await stage.contact();
    const event = await stage.event(contact, 'contact_created');
    await stage.owner.query("UPDATE contact_events SET source = 'import' WHERE id = $1", [event]);
    await dispatchEvents(stage.ctx);
    expect(await rowsOf(stage.owner, 'SELECT workflow_id FROM workflow_enrollments WHERE contact_id = $1', [contact])).toEqual([{ workflow_id: asked.workflowId }]);
  });

  it('webhook: a post to one workflow enrolls into that one', async () => {
    const one = await stage.publish({ name: 'One', trigger: { type: 'webhook' }, steps });
    await stage.publish({ name: 'Other', trigger: { type: 'webhook' }, steps });
    const contact = await stage.contact();
    const event = await stage.event(contact, 'webhook', { text: 'hello' });
    await stage.owner.query('UPDATE contact_events SET source = $2 WHERE id = $1', [event, webhookSource(one.workflowId)]);
    await dispatchEvents(stage.ctx);
    expect(await rowsOf(stage.owner, 'SELECT workflow_id, step_data FROM workflow_enrollments WHERE contact_id = $1', [contact]))
      .toMatchObject([{ workflow_id: one.workflowId, step_data: { enrollment: { seen: 'hello' } } }]);
  });
});
