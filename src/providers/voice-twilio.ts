import type { VoiceCall, VoiceProvider } from '../core/ports/outside.ts';
import { isRecent, lazyTwilio, type TwilioAccount } from './twilio-client.ts';

const LOOK_BACK = 50;

/**
 * Calls over Twilio. A recording is a voicemail drop: Twilio listens for the end of an answering machine's greeting first.
 * @param account its `from` must be a number: a messaging service cannot call.
 */
export function createTwilioVoice(account: TwilioAccount): VoiceProvider {
  const client = lazyTwilio(account);
  const { from } = account;
  return {
    name: 'twilio',
    capacity: { atOnce: 20, perSecond: 100 },
    async call(call) {
      const made = await (await client()).calls.create({
        to: call.to,
        from,
        twiml: twimlOf(call),
        ...(call.audioUrl ? { machineDetection: 'DetectMessageEnd' } : {}),
        ...(call.statusCallback ? { statusCallback: call.statusCallback } : {}),
      });
      return accepted(made.sid);
    },
    async find({ to }, since) {
      const listed = await (await client()).calls.list({ to, from, limit: LOOK_BACK });
      const match = listed.find(({ direction, dateCreated }) => direction !== 'inbound' && isRecent(dateCreated, since));
      return match ? accepted(match.sid) : null;
    },
  };
}

const accepted = (sid: string) => ({ providerId: sid, result: { call_id: sid } });

/** `<Response><Play>https://…</Play></Response>`: Twilio's markup for what is heard. */
function twimlOf({ audioUrl, say }: VoiceCall): string {
  const verb = audioUrl ? `<Play>${escapeXml(audioUrl)}</Play>` : `<Say>${escapeXml(say ?? '')}</Say>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verb}</Response>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
