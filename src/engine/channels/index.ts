import type { Channel } from '../../core/state.ts';
import type { AnyChannel } from './define-channel.ts';
import { email } from './email.ts';
import { sms } from './sms.ts';
import { voice } from './voice.ts';
import { webhook } from './webhook.ts';

/** Every way out of the house. */
export const channels: Record<Channel, AnyChannel> = { email, sms, voice, webhook };
export const channelNames = Object.keys(channels) as Channel[];
