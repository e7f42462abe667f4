import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/core/simulate.ts';
import { contactOf, given, HOUR, locationOf, programOf, someAssets, START, type Driver } from '../support/given.ts';

const at = (iso: string): number => Date.parse(iso);
const settings = (hours: string, more = ''): string => `settings: { quiet_hours: ${hours}${more} }\n`;
const NIGHT = '{ from: "21:00", to: "08:00" }';
const sms = 'steps:\n  - { id: text, type: send_sms, config: { message: "Hi {{contact.first_name}}" } }\n';
const atNight = (yaml: string, options: Parameters<typeof given>[1] = {}): Driver => {
  const run = given(yaml, options);
  run.now = at('2026-03-02T22:30:00Z');
  return run.start();
};

describe('settings.quiet_hours', () => {
  it.each([
    ['send_sms', sms],
    ['make_call', 'steps:\n  - { id: text, type: make_call, config: { say: Hello } }\n'],
  ])('hold back a %s until the window, spanning midnight', (_type, steps) => {
    const run = atNight(settings(NIGHT) + steps);
    expect(run.last).toMatchObject({ effect: null, timer: { at: at('2026-03-03T08:00:00Z'), relative: false } });
    expect(run.trail).toMatchObject([{ status: 'pending', input: { quiet_hours: '21:00–08:00', zone: 'UTC' } }]);
    run.timer();
    expect(run.last.effect).toMatchObject({ stepId: 'text', window: { from: '21:00', to: '08:00', channels: ['sms', 'voice'], zone: 'contact' } });
    expect(run.trail).toMatchObject([{ seq: 1, status: 'executing', input: { to: '+15551230001', held: { quiet_hours: '21:00–08:00', zone: 'UTC' } } }]);
    expect(run.accepted().path()).toEqual(['text:completed:next']);
  });

  it('let everything through outside them', () => {
    const run = given(settings(NIGHT) + sms).start();
    expect(run.last.effect).toMatchObject({ window: { from: '21:00' } });
    expect(run.trail[0]?.input).not.toHaveProperty('held');
  });

  it.each([
    ['messages and calls by default', NIGHT, 'send_email, config: { subject: Hi, text: Hi }', false],
    ['the channels that are named', '{ from: "21:00", to: "08:00", channels: [email] }', 'send_email, config: { subject: Hi, text: Hi }', true],
    ['no others', '{ from: "21:00", to: "08:00", channels: [email] }', 'send_sms, config: { message: Hi }', false],
    ['webhooks when they are named', '{ from: "21:00", to: "08:00", channels: [webhook] }', 'webhook, config: { url: "https://example.com" }', true],
  ])('hold per channel: %s', (_name, hours, step, held) => {
    expect(atNight(`${settings(hours)}steps:\n  - { id: one, type: ${step} }\n`).last.effect === null).toBe(held);
  });

  it.each([
    ['contact', { contact: { timezone: 'America/New_York' }, scene: { location: locationOf({ timezone: 'Asia/Kolkata' }) } }, '', null],
    ['location', { scene: { location: locationOf({ timezone: 'Asia/Kolkata' }) } }, '', '2026-03-03T02:30:00Z'],
    ['UTC', {}, '', '2026-03-03T08:00:00Z'],
    [
      "the workflow's own zone before them",
      { contact: { timezone: 'America/New_York' } },
      'settings: { timezone: Asia/Kolkata, quiet_hours: { from: "21:00", to: "08:00" } }\n',
      '2026-03-03T02:30:00Z',
    ],
  ] as [string, object, string, string | null][])('zone order: %s', (_name, options, head, until) => {
    const run = atNight((head || settings(NIGHT)) + sms, options);
    expect(run.last.timer?.at ?? null).toBe(until === null ? null : at(until));
  });

  it('look at consent again when they end, and render anew', () => {
    const run = atNight(settings(NIGHT) + sms);
    run.contact = { ...run.contact, first_name: 'Bo' };
    expect(run.timer().last.effect?.request['body']).toBe('Hi Bo');
    const out = atNight(settings(NIGHT) + sms);
    out.contact = { ...out.contact, consent: { sms: 'withdrawn' } };
    expect(out.timer().path()).toEqual(['text:skipped:next']);
  });

  it('hold once more whoever has moved into the night meanwhile', () => {
    const run = atNight(settings(NIGHT) + sms);
    run.contact = { ...run.contact, timezone: 'America/Los_Angeles' };
    expect(run.timer().last.timer?.at).toBe(at('2026-03-03T16:00:00Z'));
    expect(run.timer().last.effect?.stepId).toBe('text');
  });

  it('come after the delay of a send', () => {
    const run = given(`${settings(NIGHT)}steps:\n  - { id: text, type: send_sms, config: { message: Hi, delay: 13h } }\n`).start();
    expect(run.last.timer).toMatchObject({ at: START + 13 * HOUR, relative: true });
    expect(run.timer().last.timer).toMatchObject({ at: at('2026-03-03T08:00:00Z'), relative: false });
    expect(run.timer().path()).toEqual(['text:executing']);
  });

  it('an exit rule ends the run in the night and nothing leaves', () => {
    const run = atNight(`exit_conditions: [{ id: gone, on: tag_added }]\n${settings(NIGHT)}${sms}`);
    expect(run.event('tag_added', { tag: 'x' }).run.state).toMatchObject({ status: 'exited', exitReason: 'gone' });
    expect(run.path()).toEqual(['text:completed']);
  });

  it('are kept by the simulator', () => {
    const trace = simulate({
      program: programOf(settings(NIGHT) + sms),
      contact: contactOf(),
      events: [],
      start: at('2026-03-02T22:30:00Z'),
      location: locationOf(),
      assets: someAssets,
    });
    expect(trace.sent.map((send) => send.at)).toEqual([at('2026-03-03T08:00:00Z')]);
  });
});

describe("the location's defaults", () => {
  const location = (quiet_hours: unknown) => ({ scene: { location: locationOf({ defaults: { quiet_hours } }) } });
  it('hold where the workflow sets none', () => {
    const run = atNight(sms, location({ from: '21:00', to: '08:00' }));
    expect(run.last.timer?.at).toBe(at('2026-03-03T08:00:00Z'));
    expect(run.timer().last.effect?.window).toBeNull();
  });
  it("go behind the workflow's own", () => {
    expect(atNight(settings('{ from: "12:00", to: "13:00" }') + sms, location({ from: '21:00', to: '08:00' })).last.effect).toMatchObject({ window: { from: '12:00' } });
  });
  it("are read in the workflow's zone, at the gate as well", () => {
    const run = given(`settings: { timezone: Asia/Kolkata }\n${sms}`, location({ from: '21:00', to: '08:00' })).start();
    expect(run.last.effect?.window).toEqual({ from: '21:00', to: '08:00', channels: ['sms', 'voice'], zone: 'Asia/Kolkata' });
  });
  it.each([[null], ['never'], [{ from: 'late' }], [{ from: '21:00', to: '21:00' }]])('that cannot be read hold nothing: %j', (hours) => {
    expect(atNight(sms, location(hours)).last.effect).not.toBeNull();
  });
});
