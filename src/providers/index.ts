import type { Providers } from '../core/ports/outside.ts';
import type { Environment } from '../environment.ts';
import type { Logger } from '../logger.ts';
import { createGuardedHttp } from './http-guarded.ts';
import { createSmtpProvider } from './email-smtp.ts';
import { outboxEmail, outboxSms, outboxVoice } from './outbox.ts';
import { createTwilioSms } from './sms-twilio.ts';
import { createTwilioVoice } from './voice-twilio.ts';

type Settings = Pick<Environment, 'smtpUrl' | 'twilio' | 'outboundAllow'>;

/** Chooses a provider for each channel: what is not configured goes to the outbox. Connections open with the first message. */
export function createProviders({ smtpUrl, twilio, outboundAllow }: Settings, logger: Logger): Providers {
  const providers: Providers = {
    email: smtpUrl === null ? outboxEmail : createSmtpProvider({ url: smtpUrl }),
    sms: twilio === null ? outboxSms : createTwilioSms(twilio),
    voice: twilio === null ? outboxVoice : createTwilioVoice(twilio),
    http: createGuardedHttp({ allow: outboundAllow }),
  };
  logger.debug({ mail: providers.email.name, sms: providers.sms.name, voice: providers.voice.name }, 'providers chosen');
  return providers;
}
