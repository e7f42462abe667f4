import type { SmsMessage, SmsProvider } from '../core/ports/outside.ts';
import { isRecent, lazyTwilio, type TwilioAccount } from './twilio-client.ts';

/** How far back a look-up reads. The list is newest first, and it is about one sender and one recipient. */
const LOOK_BACK = 100;
const TRIAL = 'Sent from your Twilio trial account - ';

/** Text messages over Twilio. Two equal requests make two messages there, hence `find`. */
export function createTwilioSms(account: TwilioAccount): SmsProvider {
  const client = lazyTwilio(account);
  const sender = account.from.startsWith('MG') ? { messagingServiceSid: account.from } : { from: account.from };
  return {
    name: 'twilio',
    capacity: { atOnce: 50, perSecond: 500 },
    async send({ to, body, mediaUrl, statusCallback }) {
      const made = await (await client()).messages.create({ to, body, ...sender, ...(mediaUrl ? { mediaUrl: [mediaUrl] } : {}), ...(statusCallback ? { statusCallback } : {}) });
      return accepted(made);
    },
    async find(message, since) {
      // Filtering by date at Twilio would leave out messages that wait to be sent: those have no date yet.
      const listed = await (await client()).messages.list({ to: message.to, ...('from' in sender ? sender : {}), limit: LOOK_BACK });
      const match = listed.find((one) => one.direction !== 'inbound' && isRecent(one.dateCreated, since) && isSame(one.body, message));
      return match ? accepted(match) : null;
    },
  };
}

const accepted = ({ sid, numSegments }: { sid: string; numSegments: string }) => ({ providerId: sid, result: { message_id: sid, segments: Number(numSegments) || 1 } });

const isSame = (body: string | null, message: SmsMessage): boolean => (body ?? '').replace(TRIAL, '').trim() === message.body.trim();
