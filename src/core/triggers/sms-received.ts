import { defineTrigger } from './define-trigger.ts';
import { messageConfig, messageMatches, type MessageConfig } from './message-text.ts';

export const smsReceived = defineTrigger<MessageConfig>({
  type: 'sms_received',
  summary: 'The contact sent a text message.',
  icon: 'message-square-reply',
  config: messageConfig,
  events: ['sms_received'],
  matches: (config, event) => messageMatches(config, [event.data['text']]),
});
