import type { Capacity, EmailMessage, HttpRequest, HttpResponse, Providers, SmsMessage, VoiceCall } from '../../src/core/ports/outside.ts';

type Answer = { providerId: string; result: Record<string, unknown> };

/** Providers in memory that keep a history. Replace a `on…` to fail, hang or find. */
export interface FakeProviders extends Providers {
  mails: EmailMessage[];
  messages: SmsMessage[];
  calls: VoiceCall[];
  requests: HttpRequest[];
  onEmail: (message: EmailMessage) => Promise<void> | void;
  onSms: (message: SmsMessage) => Promise<void> | void;
  onCall: (call: VoiceCall) => Promise<void> | void;
  onRequest: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;
  onFind: (kind: 'sms' | 'voice', since: number) => Answer | null;
}

/** @param limits `capacity: undefined` for providers that bear anything, as the outbox does. */
export function fakeProviders({ capacity }: { capacity: Capacity | undefined } = { capacity: { atOnce: 20, perSecond: 1_000 } }): FakeProviders {
  const fake: FakeProviders = {
    mails: [],
    messages: [],
    calls: [],
    requests: [],
    onEmail: () => {},
    onSms: () => {},
    onCall: () => {},
    onRequest: () => ({ status: 200, headers: {}, body: '{"ok":true}' }),
    onFind: () => null,
    email: {
      name: 'fake', capacity, close: async () => {},
      send: async (message) => {
        fake.mails.push(message);
        await fake.onEmail(message);
        return { providerId: message.messageId, result: { message_id: message.messageId } };
      },
    },
    sms: {
      name: 'fake', capacity,
      send: async (message) => {
        fake.messages.push(message);
        await fake.onSms(message);
        return { providerId: message.sendId, result: { message_id: message.sendId, segments: 1 } };
      },
      find: async (_message, since) => fake.onFind('sms', since),
    },
    voice: {
      name: 'fake', capacity,
      call: async (call) => {
        fake.calls.push(call);
        await fake.onCall(call);
        return { providerId: call.sendId, result: { call_id: call.sendId } };
      },
      find: async (_call, since) => fake.onFind('voice', since),
    },
    http: {
      name: 'fake', capacity,
      request: async (request) => {
        fake.requests.push(request);
        return fake.onRequest(request);
      },
    },
  };
  return fake;
}
