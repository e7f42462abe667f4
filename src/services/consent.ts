import type { Context } from '../context.ts';
import type { NewEvent } from '../core/ports/desk.ts';
import type { Channel } from '../core/state.ts';
import { changedContact } from './contact-input.ts';
import { ringEvents, ringSends } from './doorbells.ts';

/** A contact's own word on a channel, from whatever door it came by. Once this resolves, no send to a withdrawn channel starts. False when it changed nothing. */
export async function agree(
  ctx: Context, person: { locationId: string; contactId: string }, channel: Channel, consent: 'given' | 'withdrawn', source: string, events: NewEvent[] = [],
): Promise<boolean> {
  const answer = await ctx.desk(person.locationId).changeContact(person.contactId, (before) => {
    const change = changedContact(before, { consent: { [channel]: consent } }, source);
    return change && { contact: change.contact, events: [...change.events, ...events] };
  }, { actor: source, action: 'contact.consent', subject: person.contactId, detail: { channel, consent } });
  const changed = answer !== null && 'changed' in answer && answer.changed;
  if (changed) ringEvents(ctx);
  if (changed && answer.recalled.length > 0) ringSends(ctx, 'interactive', answer.recalled);
  return changed;
}
