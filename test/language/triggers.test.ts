import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/core/definition/read.ts';
import type { Contact, ContactEvent, Data } from '../../src/core/state.ts';
import { nextDateOccurrence } from '../../src/core/triggers/date-occurrences.ts';
import type { DateFieldConfig } from '../../src/core/triggers/date-field.ts';
import { triggerTypes } from '../../src/core/triggers/index.ts';
import { buildTriggerIndex, matchEvent } from '../../src/core/triggers/match.ts';
import { planSchedule } from '../../src/core/triggers/plan-schedule.ts';
import type { ScheduleConfig } from '../../src/core/triggers/schedule.ts';
import { webhookSource } from '../../src/core/triggers/webhook.ts';
import { contactOf, DAY, eventOf, programOf, START } from '../support/given.ts';
import { testNames } from '../support/test-names.ts';

const definition = (trigger: string): string => `name: N\ntrigger: ${trigger}\nsteps:\n  - { id: one, type: exit }\n`;
const rulesOf = (trigger: string): string[] => readDefinition({ format: 'yaml', text: definition(trigger) }).diagnostics.map(({ rule }) => rule);
const configOf = <Config>(trigger: string): Config => programOf(definition(trigger)).triggers[0]!.config as Config;

/** Does an event fire the trigger of workflow `w`? */
function fires(trigger: string, type: string, data: Data = {}, more: Partial<ContactEvent> = {}): boolean {
  const index = buildTriggerIndex([{ workflowId: 'w', locationId: 'here', versionId: 'v', name: 'N', program: programOf(definition(trigger)) }]);
  return matchEvent(index, 'here', { ...eventOf(type, data), ...more }).length > 0;
}
const change = (field: string, from: unknown, to: unknown): Data => ({ changes: { [field]: { from, to } } });

describe('§3 of the contact', () => {
  it('§3 contact_created: fires when a contact is created, in bulk only with on_import: enroll', () => {
    expect(fires('{ type: contact_created }', 'contact_created')).toBe(true);
    expect(fires('{ type: contact_created }', 'contact_created', {}, { source: 'import' })).toBe(false);
    expect(fires('{ type: contact_created, on_import: enroll }', 'contact_created', {}, { source: 'import' })).toBe(true);
  });

  it('§3 contact_updated: fires only if a named field really changed, and `changed_to` to that', () => {
    const named = '{ type: contact_updated, fields: [custom_fields.plan], changed_to: pro }';
    expect(fires('{ type: contact_updated }', 'contact_updated', change('email', 'a', 'b'))).toBe(true);
    expect(fires('{ type: contact_updated }', 'contact_updated', { changes: {} })).toBe(false);
    expect(fires(named, 'contact_updated', change('custom_fields.plan', 'free', 'pro'))).toBe(true);
    expect(fires(named, 'contact_updated', change('custom_fields.plan', 'pro', 'free'))).toBe(false);
    expect(fires(named, 'contact_updated', change('email', 'free', 'pro'))).toBe(false);
    expect(fires('{ type: contact_updated, fields: [contact.email] }', 'contact_updated', change('email', 'a', 'b'))).toBe(true);
    expect(fires('{ type: contact_updated, fields: [consent.sms], changed_to: withdrawn }', 'contact_updated', change('consent.sms', null, 'withdrawn'))).toBe(true);
  });

  it.each([
    ['emial', 'Did you mean "email"?'],
    ['plan', 'A field of your own is custom_fields.<name>.'],
    ['tags', 'tag_added and tag_removed'],
    ['custom_fields.address.city', 'custom_fields.<name>'],
  ])('§3 contact_updated: a field that never changes is refused (%s)', (field, hint) => {
    const { diagnostics } = readDefinition({ format: 'yaml', text: definition(`{ type: contact_updated, fields: [${field}] }`) });
    expect(diagnostics).toMatchObject([{ rule: 'unknown_field', severity: 'error', path: ['trigger', 'fields', 0], hint: expect.stringContaining(hint) }]);
  });

  it('§3 contact_deleted: fires when the contact goes', () => {
    expect([fires('{ type: contact_deleted }', 'contact_deleted'), fires('{ type: contact_deleted }', 'contact_updated')]).toEqual([true, false]);
  });

  it.each(['tag_added', 'tag_removed'])('§3 %s: fires for its tag, or for any', (type) => {
    expect([
      fires(`{ type: ${type}, tag: vip }`, type, { tag: 'vip' }),
      fires(`{ type: ${type}, tag: vip }`, type, { tag: 'VIP' }),
      fires(`{ type: ${type} }`, type, { tag: 'x' }),
    ]).toEqual([true, false, true]);
    expect(fires('{ type: tag_added, tag: vip }', 'tag_removed', { tag: 'vip' })).toBe(false);
  });
});

describe('§3 of messages and calls', () => {
  it.each(['sms_received', 'email_received'])('§3 %s: `keyword` is the first word, `contains` any part, neither minds case', (type) => {
    expect([fires(`{ type: ${type}, keyword: join }`, type, { text: 'JOIN, please' }), fires(`{ type: ${type}, keyword: join }`, type, { text: 'please join' })]).toEqual([
      true,
      false,
    ]);
    expect([fires(`{ type: ${type}, contains: price }`, type, { text: 'The PRICE?' }), fires(`{ type: ${type}, contains: price }`, type, { text: 'hello' })]).toEqual([
      true,
      false,
    ]);
    expect(fires(`{ type: ${type} }`, type, { text: '' })).toBe(true);
  });

  it('§3 email_opened: of its template; machine openings only with include_machine', () => {
    expect([
      fires('{ type: email_opened, template_id: welcome }', 'email_opened', { template_id: 'welcome' }),
      fires('{ type: email_opened, template_id: welcome }', 'email_opened', { template_id: 'other' }),
    ]).toEqual([true, false]);
    expect([
      fires('{ type: email_opened }', 'email_opened', { machine: true }),
      fires('{ type: email_opened, include_machine: true }', 'email_opened', { machine: true }),
    ]).toEqual([false, true]);
  });

  it('§3 email_clicked: of its template, to a URL that contains something; machine clicks only with include_machine', () => {
    const priced = '{ type: email_clicked, template_id: welcome, url_contains: /pricing }';
    expect(fires(priced, 'email_clicked', { template_id: 'welcome', url: 'https://example.com/pricing?a' })).toBe(true);
    expect(fires(priced, 'email_clicked', { template_id: 'welcome', url: 'https://example.com/' })).toBe(false);
    expect(fires(priced, 'email_clicked', { template_id: 'other', url: 'https://example.com/pricing' })).toBe(false);
    expect([
      fires('{ type: email_clicked }', 'email_clicked', { machine: true }),
      fires('{ type: email_clicked, include_machine: true }', 'email_clicked', { machine: true }),
    ]).toEqual([false, true]);
  });

  it('§3 call_completed: with its outcome, or with any', () => {
    expect([
      fires('{ type: call_completed, outcome: voicemail }', 'call_completed', { outcome: 'voicemail' }),
      fires('{ type: call_completed, outcome: voicemail }', 'call_completed', { outcome: 'busy' }),
    ]).toEqual([true, false]);
    expect(fires('{ type: call_completed }', 'call_completed', { outcome: 'busy' })).toBe(true);
    expect(rulesOf('{ type: call_completed, outcome: maybe }')).not.toEqual([]);
  });
});

describe('§3 from outside', () => {
  it('§3 webhook: a post to its own URL, and to nobody else\'s; match_by and create_contact', () => {
    const trigger = '{ type: webhook, match_by: phone, create_contact: true }';
    expect([fires(trigger, 'webhook', {}, { source: webhookSource('w') }), fires(trigger, 'webhook', {}, { source: webhookSource('x') })]).toEqual([true, false]);
    expect(configOf(trigger)).toEqual({ match_by: 'phone', create_contact: true });
    expect(configOf('{ type: webhook }')).toEqual({ match_by: 'email', create_contact: false });
    expect(rulesOf('{ type: webhook, match_by: name }')).not.toEqual([]);
  });

  it('§3 event: of its name, or any custom one; never what the engine tells itself', () => {
    expect([fires('{ type: event, name: order_placed }', 'order_placed'), fires('{ type: event, name: order_placed }', 'order_paid')]).toEqual([true, false]);
    expect([fires('{ type: event }', 'anything_else'), fires('{ type: event }', 'tag_added', { tag: 'a' })]).toEqual([true, false]);
    expect(rulesOf('{ type: event, name: tag_added }')).not.toEqual([]);
  });

  it('§3 manual: no event fires it', () => {
    expect(fires('{ type: manual }', 'manual')).toBe(false);
  });
});

describe('§3 by time', () => {
  const due = (trigger: string, since: string, now: string): string[] =>
    planSchedule(configOf<ScheduleConfig>(trigger), 'UTC', Date.parse(since), Date.parse(now), 60_000).due.map((at) => new Date(at).toISOString().slice(0, 16));

  it('§3 schedule: a cron expression in its zone, over the clock change', () => {
    const nine = '{ type: schedule, cron: "0 9 * * *", timezone: Europe/Berlin }';
    expect(due(nine, '2026-03-28T07:00:00Z', '2026-03-28T08:00:20Z')).toEqual(['2026-03-28T08:00']);
    expect(due(nine, '2026-03-29T06:00:00Z', '2026-03-29T07:00:20Z')).toEqual(['2026-03-29T07:00']);
    expect(due(nine, '2026-03-29T07:00:20Z', '2026-03-29T08:00:20Z')).toEqual([]);
  });

  it('§3 schedule: once, with `at`', () => {
    const once = '{ type: schedule, at: "2026-03-02T10:00", timezone: Europe/Berlin }';
    expect(due(once, '2026-03-02T08:59:00Z', '2026-03-02T09:00:10Z')).toEqual(['2026-03-02T09:00']);
    expect(due(once, '2026-03-02T09:00:10Z', '2026-03-02T10:00:10Z')).toEqual([]);
  });

  it.each([
    ['none', []],
    ['last', ['2026-03-04T09:00']],
    ['all', ['2026-03-02T09:00', '2026-03-03T09:00', '2026-03-04T09:00']],
  ])('§3 schedule: catch_up: %s, of what passed while nothing ran', (catchUp, expected) => {
    expect(due(`{ type: schedule, cron: "0 9 * * *", catch_up: ${catchUp} }`, '2026-03-02T08:00:00Z', '2026-03-04T20:00:00Z')).toEqual(expected);
  });

  it('§3 schedule: either cron or at', () => {
    expect(rulesOf('{ type: schedule }')).not.toEqual([]);
    expect(rulesOf('{ type: schedule, cron: "0 9 * * *", at: "2026-03-02" }')).not.toEqual([]);
    expect(rulesOf('{ type: schedule, cron: "61 * * * *" }')).toEqual(['invalid_cron']);
  });

  const next = (trigger: string, contact: Partial<Contact>, after = START): string | null => {
    const found = nextDateOccurrence(configOf<DateFieldConfig>(trigger), contactOf(contact), 'UTC', after);
    return found && new Date(found.at).toISOString().slice(0, 16);
  };
  const field = '{ type: date_field, field: custom_fields.due';

  it('§3 date_field: the moment of the field ± offset, at a local time', () => {
    expect(next(`${field} }`, { custom_fields: { due: '2026-03-09T15:00:00Z' } })).toBe('2026-03-09T15:00');
    expect(next(`${field}, offset: -3d }`, { custom_fields: { due: '2026-03-09T15:00:00Z' } })).toBe('2026-03-06T15:00');
    expect(next(`${field}, offset: 2h }`, { custom_fields: { due: '2026-03-09T15:00:00Z' } })).toBe('2026-03-09T17:00');
    expect(next(`${field}, at: "09:00" }`, { custom_fields: { due: '2026-07-09' }, timezone: 'Europe/Madrid' })).toBe('2026-07-09T07:00');
    expect(next(`${field} }`, { custom_fields: { due: '2026-03-01' } })).toBeNull();
    expect(next(`${field} }`, {})).toBeNull();
  });

  it('§3 date_field: yearly with anniversary, 29 February too', () => {
    expect(next(`${field}, anniversary: true, at: "09:00" }`, { custom_fields: { due: '1990-05-04' } })).toBe('2026-05-04T09:00');
    expect(next(`${field}, anniversary: true, at: "09:00" }`, { custom_fields: { due: '1990-01-04' } })).toBe('2027-01-04T09:00');
    expect(next(`${field}, anniversary: true, at: "09:00" }`, { custom_fields: { due: '1992-02-29' } })).toBe('2027-02-28T09:00');
    expect(next(`${field}, anniversary: true, at: "09:00" }`, { custom_fields: { due: '1992-02-29' } }, START + 365 * DAY)).toBe('2028-02-29T09:00');
  });
});

describe('§3 all of them', () => {
  it('§3 filters, several triggers, and unknown keys', () => {
    const program = programOf(
      'name: N\ntriggers:\n  - { type: tag_added, tag: a, filters: [{ field: email, operator: is_set }] }\n  - { type: manual }\nsteps:\n  - { id: one, type: exit }\n',
    );
    expect(program.triggers).toMatchObject([{ type: 'tag_added', filters: [{ field: 'email' }] }, { type: 'manual' }]);
    expect(rulesOf('{ type: tag_added, tga: vip }')).toEqual(['unknown_key']);
    expect(readDefinition({ format: 'yaml', text: 'name: N\nsteps: [{ id: one, type: exit }]\n' }).diagnostics).not.toEqual([]);
  });

  it('every trigger of the registry has a row that names it', ({ task }) => {
    const names = testNames(task);
    expect(triggerTypes.filter((type) => !names.some((name) => name.startsWith(`§3 ${type}:`)))).toEqual([]);
  });
});
