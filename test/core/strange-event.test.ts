import { describe, expect, it } from 'vitest';
import { strangeEvent } from '../../src/core/strange-event.ts';
import { programOf } from '../support/given.ts';

const wait = (event: string) => `steps:\n  - { id: w, type: wait, config: { for: { event: ${event} }, timeout: 1d } }\n`;
const counts = (event: string) => `steps:\n  - { id: c, type: condition, config: { if: [{ event: ${event} }], then: end } }\n`;
const look = (yaml: string, type: string, data = {}) => strangeEvent(programOf(yaml), [{ afterMs: 0, type: 'tag_added', data: { tag: 'x' } }, { afterMs: 1, type, data }]);

describe('a scripted event', () => {
  it.each([
    ["the engine's own", wait('x'), 'email_opened'],
    ['how a provider answers', wait('x'), 'provider_answers'],
    ['one of your own', wait('order_placed'), 'order_placed'],
    ['one of your own that nothing waits for', wait('order_placed'), 'order_shipped'],
    ['one much like one that is waited for', wait('plan_a_bought'), 'plan_b_bought'],
    ['one of your own that reminds of the engine', wait('x'), 'contact_merged'],
    ["a slip of the engine's that a wait names as well", wait('emial_opened'), 'emial_opened'],
    ["a slip of the engine's that a condition counts", counts('emial_opened'), 'emial_opened'],
    ["a slip of the engine's that a trigger names", `name: N\ntrigger: { type: event, name: emial_opened }\n${wait('x')}`, 'emial_opened'],
  ])('may be %s', (_what, yaml, type) => {
    expect(look(yaml, type)).toBeNull();
  });

  it.each([
    ["a slip of the engine's", 'emial_opened', {}, /there is no event "emial_opened", and the definition names none/, /Did you mean "email_opened"\?/],
    ['a shortened one', 'tag_add', {}, /there is no event "tag_add"/, /"tag_added"/],
    ['a name that nobody can post', 'email_opend', {}, /there is no event "email_opend"\.$/, /"email_opened"/],
    ['a trigger that no event fires', 'manual', {}, /there is no event "manual"\.$/, /Use one of: contact_created, /],
    ['the kind instead of the name', 'event', { name: 'order_placed' }, /there is no event "event"\.$/, /type: order_placed/],
  ])('may not be %s', (_what, type, data, message, hint) => {
    expect(look(wait('x'), type, data)).toMatchObject({
      path: ['events', 1, 'type'], rule: 'unknown_event', actual: type, message: expect.stringMatching(message), expected: expect.stringMatching(hint),
    });
  });
});
