import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addTags,
  createContact,
  deleteContact,
  getContact,
  listContacts,
  removeTags,
  setConsent,
  updateContact,
  upsertContact,
  type ContactInput,
} from '../../src/services/contacts.ts';
import { emitEvent } from '../../src/services/events.ts';
import { createDeskStage, type DeskStage } from '../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => void (stage = await createDeskStage()));
afterAll(() => stage.close());

const make = (contact: ContactInput) => createContact(stage.ctx, stage.here, { contact });
const told = (contactId: string) =>
  stage.rows<{ type: string; source: string; data: object }>('SELECT type, source, data FROM contact_events WHERE contact_id = $1 ORDER BY id', [contactId]);

describe('creating a contact', () => {
  it('keeps what was said, in its plain form, and tells it', async () => {
    const contact = await make({ first_name: ' Ana ', email: 'ana@example.com', phone: '+1 (555) 123-0001', tags: ['lead', 'lead'], custom_fields: { score: 3, gone: null } });
    expect(contact).toMatchObject({ first_name: 'Ana', last_name: null, phone: '+15551230001', tags: ['lead'], custom_fields: { score: 3 }, revision: 1 });
    expect(contact.created_at).toBeTypeOf('number');
    expect(await told(contact.id)).toEqual([
      { type: 'contact_created', source: 'api', data: { email: 'ana@example.com', phone: '+15551230001', tags: ['lead'] } },
      { type: 'tag_added', source: 'api', data: { tag: 'lead' } },
    ]);
    expect(stage.queue.rung.at(-1)).toEqual({ bell: 'events' });
  });

  it('tells an import once for each person, by its name', async () => {
    const contact = await createContact(stage.ctx, stage.here, { contact: { tags: ['a', 'b'] }, source: 'import' });
    expect((await told(contact.id)).map(({ type, source }) => [type, source])).toEqual([['contact_created', 'import']]);
  });

  it.each([
    ['email', { email: 'no address' }],
    ['email', { email: 'a@b' }],
    ['phone', { phone: '12' }],
    ['phone', { phone: '5551230001' }],
    ['timezone', { timezone: 'Mars/Olympus' }],
    ['tags.0', { tags: [' '] }],
    ['first_name', { first_name: 'a\0b' }],
    ['nickname', { nickname: 'x' } as ContactInput],
    ['custom_fields.constructor', { custom_fields: { constructor: 1 } }],
  ])('names the fault in %s of %j', async (path, contact) => {
    const refused = await make(contact as ContactInput).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'INVALID_INPUT' });
    expect((refused as { faults: { path: unknown[] }[] }).faults[0]!.path.join('.')).toBe(path);
  });

  it('refuses an e-mail that is taken, whatever its case, and names the holder', async () => {
    const { id } = await make({ email: 'taken@example.com' });
    await expect(make({ email: 'Taken@Example.com' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS', detail: { contactId: id } });
    expect((await createContact(stage.ctx, stage.there, { contact: { email: 'taken@example.com' } })).id).not.toBe(id);
  });

  it('goes on when the queue is away', async () => {
    stage.queue.fail(new Error('redis is away'));
    expect((await make({ first_name: 'Bo' })).first_name).toBe('Bo');
    stage.queue.fail(null);
  });
});

describe('upserting', () => {
  it('creates once and updates after', async () => {
    const up = (contact: ContactInput) => upsertContact(stage.ctx, stage.here, { contact });
    const first = await up({ email: 'up@example.com', first_name: 'U' });
    const second = await up({ email: 'UP@example.com', last_name: 'P' });
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.contact).toMatchObject({ id: first.contact.id, first_name: 'U', last_name: 'P' });
    await expect(up({ first_name: 'X' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('changing a contact', () => {
  it('tells each real change, and nothing else', async () => {
    const { id } = await make({ first_name: 'A', tags: ['one', 'two'], custom_fields: { plan: 'free' } });
    const after = await updateContact(stage.ctx, stage.here, { id, contact: { first_name: 'A', last_name: 'Z', tags: ['two', 'three'], custom_fields: { plan: 'pro' } } });
    expect(after).toMatchObject({ last_name: 'Z', tags: ['two', 'three'], custom_fields: { plan: 'pro' }, revision: 2 });
    expect((await told(id)).slice(3)).toEqual([
      {
        type: 'contact_updated',
        source: 'api',
        data: { changes: { last_name: { from: null, to: 'Z' }, 'custom_fields.plan': { from: 'free', to: 'pro' } }, fields: ['last_name', 'custom_fields.plan'] },
      },
      { type: 'tag_added', source: 'api', data: { tag: 'three' } },
      { type: 'tag_removed', source: 'api', data: { tag: 'one' } },
    ]);
    expect((await updateContact(stage.ctx, stage.here, { id, contact: { last_name: 'Z' } })).revision).toBe(2);
    expect(await told(id)).toHaveLength(6);
  });

  it('refuses the e-mail of another', async () => {
    const [a, b] = [await make({ email: 'a1@example.com' }), await make({ email: 'b1@example.com' })];
    await expect(updateContact(stage.ctx, stage.here, { id: b.id, contact: { email: 'A1@example.com' } })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      detail: { contactId: a.id },
    });
  });

  it('adds and removes tags once', async () => {
    const { id } = await make({ tags: ['x'] });
    expect(await addTags(stage.ctx, stage.here, { id, tags: ['x', 'y'] })).toMatchObject({ changed: ['y'], contact: { tags: ['x', 'y'] } });
    expect(await removeTags(stage.ctx, stage.here, { id, tags: ['x', 'z'] })).toMatchObject({ changed: ['x'], contact: { tags: ['y'] } });
    expect(await removeTags(stage.ctx, stage.here, { id, tags: ['x'] })).toMatchObject({ changed: [] });
  });

  it('loses no tag when many write at once', async () => {
    const { id } = await make({});
    const tags = Array.from({ length: 10 }, (_, at) => `t${at}`);
    await Promise.all(tags.map((tag) => addTags(stage.ctx, stage.here, { id, tags: [tag] })));
    expect((await getContact(stage.ctx, stage.here, { id })).tags.toSorted()).toEqual(tags);
  });

  it('withdraws consent', async () => {
    const { id } = await make({});
    expect((await setConsent(stage.ctx, stage.here, { id, channel: 'sms', consent: 'withdrawn' })).consent).toEqual({ sms: 'withdrawn' });
    expect((await told(id)).at(-1)).toMatchObject({ type: 'contact_updated', data: { changes: { 'consent.sms': { from: null, to: 'withdrawn' } } } });
  });

  it('deletes: gone for readers, its e-mail free, its history kept', async () => {
    const { id } = await make({ email: 'gone@example.com' });
    await deleteContact(stage.ctx, stage.here, { id });
    await expect(getContact(stage.ctx, stage.here, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(deleteContact(stage.ctx, stage.here, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await told(id)).map(({ type }) => type)).toEqual(['contact_created', 'contact_deleted']);
    expect((await make({ email: 'gone@example.com' })).id).not.toBe(id);
  });
});

describe('finding contacts', () => {
  it('by id, e-mail, words and tag; never another location’s', async () => {
    const contact = await make({ first_name: 'Zelda', email: 'zelda@example.com', tags: ['hero'] });
    expect((await getContact(stage.ctx, stage.here, { email: 'ZELDA@example.com' })).id).toBe(contact.id);
    expect((await listContacts(stage.ctx, stage.here, { search: 'zeld' })).items).toEqual([contact]);
    expect((await listContacts(stage.ctx, stage.here, { tag: 'hero' })).items).toEqual([contact]);
    expect((await listContacts(stage.ctx, stage.there, { search: 'zeld' })).items).toEqual([]);
    for (const id of [contact.id, 'x']) await expect(getContact(stage.ctx, stage.there, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(updateContact(stage.ctx, stage.there, { id: contact.id, contact: { first_name: 'Q' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('events from outside', () => {
  it('are told once for each id', async () => {
    const { id } = await make({});
    const emit = () => emitEvent(stage.ctx, stage.here, { contactId: id, name: 'order_placed', data: { total: 5 }, eventId: `order-${id}` });
    const [first, second] = [await emit(), await emit()];
    expect([first.created, second.created, second.id === first.id]).toEqual([true, false, true]);
    expect((await told(id)).at(-1)).toEqual({ type: 'order_placed', source: 'api', data: { total: 5 } });
  });

  it.each(['contact_created', 'email_opened', 'two words', ''])('may not be called "%s"', async (name) => {
    const { id } = await make({});
    await expect(emitEvent(stage.ctx, stage.here, { contactId: id, name })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('find their contact by id, e-mail or phone, and say when they happened', async () => {
    const contact = (await createContact(stage.ctx, stage.here, { contact: { email: 'told@example.com', phone: '+15551230042' } })).id;
    const occurredAt = stage.ctx.clock.journeyNow() - 3_600_000;
    for (const whose of [{ contactId: contact }, { email: 'TOLD@example.com' }, { phone: '+1 555 123 0042' }]) {
      expect(await emitEvent(stage.ctx, stage.here, { ...whose, name: 'order', occurredAt })).toMatchObject({ contactId: contact, occurredAt });
    }
    await expect(emitEvent(stage.ctx, stage.here, { contactId: contact, email: 'told@example.com', name: 'order' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(emitEvent(stage.ctx, stage.here, { name: 'order' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(emitEvent(stage.ctx, stage.here, { email: 'nobody@example.com', name: 'order' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(emitEvent(stage.ctx, stage.here, { contactId: contact, name: 'order', occurredAt: occurredAt + 86_400_000 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('need a contact that is here', async () => {
    const { id } = await make({});
    await expect(emitEvent(stage.ctx, stage.there, { contactId: id, name: 'order' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
