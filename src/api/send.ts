import type { Channel as ChannelName } from '../core/state.ts';
import { builder } from './builder.ts';
import { Channel, SendStatus } from './enums.ts';

type Status = 'pending' | 'executing' | 'accepted' | 'delivered' | 'failed' | 'unknown' | 'skipped';

const request = (send: { request: unknown }, name: string): string | null => {
  const value = (send.request as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : null;
};

export const Send = builder.prismaNode('Send', {
  description: 'A message or call that left, or is about to leave: one a step and visit.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    channel: t.field({ type: Channel, description: 'The way it takes.', select: { channel: true }, resolve: ({ channel }) => channel as ChannelName }),
    status: t.field({
      type: SendStatus,
      description: '`UNKNOWN`: the provider may have taken it, no answer came. `DELIVERED` where a provider tells so; most do not for e-mail.',
      select: { status: true, facts: true },
      resolve: ({ status, facts }) => (status === 'accepted' && 'delivered' in (facts as object) ? 'delivered' : (status as Status)),
    }),
    stepKey: t.exposeString('stepId', { description: 'The step that made it.' }),
    to: t.string({ nullable: true, description: 'Address, number or URL.', select: { request: true }, resolve: (send) => request(send, 'to') ?? request(send, 'url') }),
    subject: t.string({ nullable: true, description: 'E-mail only: its subject line.', select: { request: true }, resolve: (send) => request(send, 'subject') }),
    attempts: t.exposeInt('attempt', { description: 'Tries so far.' }),
    provider: t.exposeString('provider', { nullable: true, description: 'Who takes it to the contact; null before the first try.' }),
    providerId: t.exposeString('providerId', { nullable: true, description: 'The provider\'s own id of it.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it was not taken.' }),
    facts: t.field({ type: 'JSON', description: 'First times: `opened`, `clicked` …', select: { facts: true }, resolve: ({ facts }) => facts }),
    contact: t.relation('contact', { nullable: true, description: 'Whom it is for.' }),
    enrollment: t.relation('enrollment', { nullable: true, description: 'The run that sent it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the step decided to send it.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When nothing more was to be tried; null while it is on its way.' }),
  }),
});
