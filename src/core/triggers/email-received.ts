import { defineTrigger } from './define-trigger.ts';
import { messageConfig, messageMatches, type MessageConfig } from './message-text.ts';

export const emailReceived = defineTrigger<MessageConfig>({
  type: 'email_received',
  summary: 'The contact sent an e-mail.',
  icon: 'mail-plus',
  config: messageConfig,
  events: ['email_received'],
  matches: (config, event) => messageMatches(config, [event.data['subject'], event.data['text']]),
});
