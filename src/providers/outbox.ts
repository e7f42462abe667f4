import type { EmailProvider, SmsProvider, VoiceProvider } from '../core/ports/outside.ts';

/** What stands in for a provider that is not configured: it accepts, and sends nothing. The ledger keeps and shows the message. */
const NAME = 'outbox';

export const outboxEmail: EmailProvider = {
  name: NAME,
  send: async ({ messageId }) => ({ providerId: messageId, result: { message_id: messageId } }),
  close: async () => {},
};

export const outboxSms: SmsProvider = {
  name: NAME,
  send: async ({ sendId, body }) => ({ providerId: sendId, result: { message_id: sendId, segments: Math.max(1, Math.ceil(body.length / 160)) } }),
  find: async () => null,
};

export const outboxVoice: VoiceProvider = {
  name: NAME,
  call: async ({ sendId }) => ({ providerId: sendId, result: { call_id: sendId } }),
  find: async () => null,
};
