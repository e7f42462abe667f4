import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SmsProvider, VoiceProvider } from '../../src/core/ports/outside.ts';
import { createTwilioSms } from '../../src/providers/sms-twilio.ts';
import { outboxEmail, outboxSms, outboxVoice } from '../../src/providers/outbox.ts';
import { createProviders } from '../../src/providers/index.ts';
import { createTwilioVoice } from '../../src/providers/voice-twilio.ts';
import { createLogger } from '../../src/logger.ts';
import { emailContract } from '../contracts/email.contract.ts';
import { smsContract } from '../contracts/sms.contract.ts';
import { voiceContract } from '../contracts/voice.contract.ts';
import { startTwilioDouble, type TwilioDouble } from '../support/twilio-double.ts';

let double: TwilioDouble;
let sms: SmsProvider;
let voice: VoiceProvider;
beforeEach(async () => {
  double = await startTwilioDouble();
  sms = createTwilioSms(account());
  voice = createTwilioVoice(account());
});
afterEach(() => double.close());
const account = (timeoutMs = 20_000) => ({ accountSid: 'AC00000000000000000000000000000000', authToken: 'secret', from: '+15550009999', apiBaseUrl: double.url, timeoutMs });

smsContract('twilio', () => ({ provider: sms, lists: true }));
smsContract('outbox', () => ({ provider: outboxSms, lists: false }));
voiceContract('twilio', () => ({ provider: voice, lists: true }));
voiceContract('outbox', () => ({ provider: outboxVoice, lists: false }));
emailContract('outbox', () => ({ provider: outboxEmail, taken: null }));

const message = { sendId: 's1', to: '+15551230001', body: 'Hello', mediaUrl: null, statusCallback: null };

test.each([
  [429, { retryable: true, unknown: false, retryAfterMs: 7_000 }],
  [503, { retryable: true, unknown: false, retryAfterMs: 7_000 }],
  [500, { retryable: true, unknown: true }],
  [400, { retryable: false, unknown: false, detail: { status: 400, code: 21610 } }],
])('Twilio answers %i', async (status, expected) => {
  double.before = () => ({ status, headers: { 'retry-after': '7', 'content-type': 'application/json' }, body: '{"code":21610,"message":"no"}' });
  await expect(sms.send(message)).rejects.toMatchObject({ name: 'ProviderError', ...expected });
});

test('an answer that never comes is silence, and the message is found afterwards', async () => {
  const since = Date.now();
  double.after = () => 'hang';
  await expect(createTwilioSms(account(1_500)).send(message)).rejects.toMatchObject({ retryable: true, unknown: true });
  expect(await sms.find(message, since)).toMatchObject({ providerId: double.ledger[0]?.sid });
});

test('a host that is not there took nothing', async () => {
  const nobody = createTwilioSms({ accountSid: 'AC0', authToken: 'secret', from: '+1', apiBaseUrl: 'http://127.0.0.1:1' });
  await expect(nobody.send(message)).rejects.toMatchObject({ retryable: true, unknown: false });
});

test('a recording is played, a text is spoken, and neither can add markup', async () => {
  await voice.call({ sendId: 's', to: '+1555', audioUrl: 'https://x.example/a.mp3?a=1&b=2', say: null, statusCallback: 'https://m.example/hooks' });
  await voice.call({ sendId: 's', to: '+1555', audioUrl: null, say: '</Say><Dial>', statusCallback: null });
  expect(double.ledger[0]?.params).toMatchObject({
    Twiml: expect.stringContaining('<Play>https://x.example/a.mp3?a=1&amp;b=2</Play>'),
    MachineDetection: 'DetectMessageEnd',
    StatusCallback: 'https://m.example/hooks',
  });
  expect(double.ledger[1]?.params['Twiml']).toContain('<Say>&lt;/Say&gt;&lt;Dial&gt;</Say>');
});

test('providers are chosen by what is configured', () => {
  const logger = createLogger('test', 'silent');
  const none = createProviders({ smtpUrl: null, twilio: null, outboundAllow: [] }, logger);
  expect([none.email.name, none.sms.name, none.voice.name, none.http.name]).toEqual(['outbox', 'outbox', 'outbox', 'http']);
  const all = createProviders({ smtpUrl: 'smtp://127.0.0.1:1', twilio: { accountSid: 'AC0', authToken: 't', from: '+1', apiBaseUrl: null }, outboundAllow: [] }, logger);
  expect([all.email.name, all.sms.name, all.voice.name]).toEqual(['smtp', 'twilio', 'twilio']);
});
