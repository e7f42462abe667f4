import type { Context } from '../context.ts';
import { optWordOf } from '../core/opt-words.ts';
import type { Data } from '../core/state.ts';
import { agree } from './consent.ts';
import { ringEvents } from './doorbells.ts';
import { aboutSend } from './send-reports.ts';

export interface InboundSms {
  /** The provider's id: the same one twice is one message. */
  messageId: string;
  /** E.164. */
  from: string;
  to: string;
  text: string;
  /** Pictures and the like that came with it. */
  media: number;
  /** What the provider read off the text, by words that only it may know; it wins over what we read. */
  wish?: 'stop' | 'start' | null;
}

const LONGEST_TEXT = 5_000;

/**
 * Takes a text message in. All locations write from one number, so a STOP holds for everybody here who has the sender's; the message
 * itself goes to the contact who was written to last, as an answer to that message. A number that nobody has is not kept.
 */
export async function receiveSms(ctx: Context, message: InboundSms): Promise<void> {
  const people = await ctx.desk.findPhone(message.from);
  const [recipient] = people;
  if (!recipient) return;
  const word = message.wish ? ({ wish: message.wish, by: 'word' } as const) : optWordOf(message.text);
  if (word?.wish === 'stop') for (const person of people) await agree(ctx, person, 'sms', 'withdrawn', 'sms');
  const desk = ctx.desk(recipient.locationId);
  const answered = await desk.lastSend(recipient.contactId, 'sms');
  const text = message.text.slice(0, LONGEST_TEXT);
  const data: Data = {
    text, from: message.from, to: message.to, message_id: message.messageId, media: message.media,
    ...(word && { opt: word.wish, opt_by: word.by }),
    ...(answered && { ...aboutSend(answered), reply_text: text }),
  };
  const event = await desk.recordEvent(recipient.contactId, { type: 'sms_received', source: 'sms', data, depth: 0, key: message.messageId, at: null });
  if (!event.created) return;
  // A repetition of an old START must not undo a later STOP.
  if (word?.wish === 'start') for (const person of people) await agree(ctx, person, 'sms', 'given', 'sms');
  ringEvents(ctx);
}
