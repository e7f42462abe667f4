import type { Contact } from '../../../src/core/state.ts';
import type { Scope } from '../../../src/core/templates/scope.ts';

export const NOW = Date.parse('2026-03-02T09:00:00Z');

const contact: Contact = {
  id: 'c1',
  revision: 1,
  first_name: 'Ana',
  last_name: null,
  email: 'Ana@Example.com',
  phone: '+15550100',
  timezone: null,
  tags: ['new-lead', 'VIP'],
  custom_fields: {
    score: 60,
    plan: 'pro',
    level: '7',
    subscribed: true,
    agreed: 'true',
    empty: '',
    list: [],
    renewal: '2026-03-10',
    note: '{{contact.email}} <b>"x"&\'y\'</b>',
    address: { city: 'Oslo' },
  },
  consent: {},
  created_at: Date.parse('2026-02-27T09:00:00Z'),
  updated_at: Date.parse('2026-03-01T09:00:00Z'),
};

/** A moment of a run in Berlin; `over` replaces whole roots. */
export function scopeWith(over: Partial<Scope> = {}): Scope {
  return {
    contact,
    steps: { 'welcome-email': { opened: true, result: 'm-1' } },
    workflow: { id: 'w1', name: 'Nurture', enrolled_at: NOW - 3_600_000 },
    trigger: { type: 'tag_added', data: { order_id: 'A-7' } },
    enrollment: { seats: 3 },
    location: { id: 'l1', name: 'Shop', timezone: 'Europe/Berlin', calendar: {}, defaults: { from: 'shop@example.com' } },
    assets: {
      templates: { welcome: { id: 't1', slug: 'welcome', channel: 'email', subject: 'Hello', html: null, text: null, message: null } },
      voicemails: { intro: { id: 'v1', slug: 'intro', audio_url: 'https://example.com/a.mp3' } },
    },
    now: NOW,
    zone: 'Europe/Berlin',
    event: null,
    ...over,
  };
}
