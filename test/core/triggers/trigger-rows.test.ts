import { describe, expect, it } from 'vitest';
import { eventTypes, isCustomEvent } from '../../../src/core/event-types.ts';
import { triggerDefinitions } from '../../../src/core/triggers/index.ts';
import { buildTriggerIndex, matchEvent } from '../../../src/core/triggers/match.ts';
import { webhookSource } from '../../../src/core/triggers/webhook.ts';
import type { Data } from '../../../src/core/state.ts';
import { eventOf, programOf } from '../../support/given.ts';

const fires = (trigger: string, type: string, data: Data, source = 'api'): boolean => {
  const program = programOf(`name: one\ntrigger: ${trigger}\nsteps:\n  - { id: one, type: set, config: { values: {} } }`);
  const index = buildTriggerIndex([{ workflowId: 'w', locationId: 'here', versionId: 'v', name: 'one', program }]);
  return matchEvent(index, 'here', { ...eventOf(type, data), source }).length > 0;
};

describe('triggers: each row of the table, with what narrows it', () => {
  it.each<[trigger: string, type: string, data: Data, expected: boolean]>([
    ['{ type: contact_deleted }', 'contact_deleted', {}, true],
    ['{ type: contact_deleted }', 'contact_updated', {}, false],
    ['{ type: sms_received }', 'sms_received', { text: 'anything' }, true],
    ['{ type: sms_received, keyword: join }', 'sms_received', { text: ' JOIN! now' }, true],
    ['{ type: sms_received, keyword: join }', 'sms_received', { text: 'please join' }, false],
    ['{ type: sms_received, keyword: "👍" }', 'sms_received', { text: '👍' }, true],
    ['{ type: sms_received, contains: PriCe }', 'sms_received', { text: 'what is the price?' }, true],
    ['{ type: sms_received, contains: price }', 'sms_received', { text: 'hello' }, false],
    ['{ type: sms_received, keyword: info, contains: price }', 'sms_received', { text: 'info please' }, false],
    ['{ type: sms_received, contains: x }', 'sms_received', {}, false],
    ['{ type: email_received, contains: refund }', 'email_received', { subject: 'Refund', text: 'hello' }, true],
    ['{ type: email_received, contains: refund }', 'email_received', { subject: 'Hello', text: 'a refund, please' }, true],
    ['{ type: email_received, keyword: help }', 'email_received', { subject: 'Re: offer', text: 'Help me' }, true],
    ['{ type: email_received, keyword: help }', 'email_received', { subject: 'Re: help', text: 'I ask' }, false],
    ['{ type: email_opened }', 'email_opened', { machine: false, template_id: null }, true],
    ['{ type: email_opened }', 'email_opened', { machine: true }, false],
    ['{ type: email_opened, include_machine: true }', 'email_opened', { machine: true }, true],
    ['{ type: email_opened, template_id: welcome }', 'email_opened', { template_id: 'welcome' }, true],
    ['{ type: email_opened, template_id: "{{templates.welcome}}" }', 'email_opened', { template_id: 'welcome' }, true],
    ['{ type: email_opened, template_id: welcome }', 'email_opened', { template_id: 'other' }, false],
    ['{ type: email_clicked, url_contains: /pricing }', 'email_clicked', { url: 'https://example.com/pricing?a=b' }, true],
    ['{ type: email_clicked, url_contains: /pricing }', 'email_clicked', { url: 'https://example.com/' }, false],
    ['{ type: email_clicked, template_id: welcome, url_contains: a }', 'email_clicked', { url: 'https://a', template_id: 'other' }, false],
    ['{ type: call_completed }', 'call_completed', { outcome: 'busy' }, true],
    ['{ type: call_completed, outcome: answered }', 'call_completed', { outcome: 'answered' }, true],
    ['{ type: call_completed, outcome: answered }', 'call_completed', { outcome: 'voicemail' }, false],
    ['{ type: event, name: order_placed }', 'order_placed', {}, true],
    ['{ type: event, name: order_placed }', 'order_paid', {}, false],
    ['{ type: event }', 'order_paid', {}, true],
    ['{ type: event }', 'tag_added', { tag: 'a' }, false],
    ['{ type: manual }', 'order_paid', {}, false],
  ])('%s on %s %j: %s', (trigger, type, data, expected) => {
    expect(fires(trigger, type, data)).toBe(expected);
  });

  it('webhook: hears of posts to its own workflow, and of no other', () => {
    expect(fires('{ type: webhook, match_by: phone, create_contact: true }', 'webhook', {}, webhookSource('w'))).toBe(true);
    expect(fires('{ type: webhook }', 'webhook', {}, webhookSource('other'))).toBe(false);
    expect(fires('{ type: webhook }', 'webhook', {}, 'api')).toBe(false);
  });

  it.each([
    ['{ type: call_completed, outcome: maybe }', 'answered, voicemail'],
    ['{ type: webhook, match_by: name }', 'Use one of: email, phone, contact_id'],
    ['{ type: event, name: tag_added }', 'told by the engine itself'],
    ['{ type: sms_received, keyword: two words }', 'expected one word'],
    ['{ type: email_opened, tempalte_id: a }', 'template_id'],
  ])('%s is refused: %s', (trigger, message) => {
    expect(() => fires(trigger, 'x', {})).toThrow(message);
  });
});

describe('event types', () => {
  it('know every event that a trigger names, once', () => {
    const names = eventTypes.map(({ type }) => type);
    expect(new Set(names).size).toBe(names.length);
    expect(triggerDefinitions.flatMap(({ events }) => events).filter((type) => !names.includes(type))).toEqual([]);
  });

  it.each([
    ['order_placed', true],
    ['form.submitted', true],
    ['tag_added', false],
    ['sms_invented', false],
    ['webhook', false],
    ['schedule', false],
    ['*', false],
  ])('%s is a custom event: %s', (name, expected) => {
    expect(isCustomEvent(name)).toBe(expected);
  });
});
