import type { z } from 'zod';
import type { Context } from '../../context.ts';
import type { ClaimedSend } from '../../core/ports/hot-path.ts';
import type { Capacity } from '../../core/ports/outside.ts';
import { recoveries, type Recovery } from '../../core/retry.ts';
import type { Channel, Data } from '../../core/state.ts';

export interface Accepted {
  providerId: string;
  result: Data;
}

/** How the requests of one channel reach its provider: one file and one row in `index.ts`. */
export interface DeliveryChannel<Request> {
  channel: Channel;
  /** What the step wrote into the ledger. */
  request: z.ZodType<Request>;
  provider(ctx: Context): { readonly name: string; readonly capacity?: Capacity };
  /** Calls the provider. Throws `ProviderError`. */
  perform(ctx: Context, send: ClaimedSend, request: Request): Promise<Accepted>;
  /** Asks the provider whether an earlier attempt got through; only where the channel's recovery says so. */
  find?(ctx: Context, send: ClaimedSend, request: Request): Promise<Accepted | null>;
}

/** A channel whose request type is known to itself alone. */
export interface AnyChannel extends Omit<DeliveryChannel<unknown>, 'request' | 'perform' | 'find'> {
  recovery: Recovery;
  /** Reads the request once and binds it. Throws `ZodError` when the step wrote something else. */
  open(ctx: Context, send: ClaimedSend): { perform(): Promise<Accepted>; find(): Promise<Accepted | null> };
}

/** Declares a channel: what knows the request's type stays inside. */
export function defineChannel<Request>({ channel, request, provider, perform, find }: DeliveryChannel<Request>): AnyChannel {
  return {
    channel,
    recovery: recoveries[channel],
    provider,
    open(ctx, send) {
      const parsed = request.parse(send.request);
      return { perform: () => perform(ctx, send, parsed), find: async () => (find ? find(ctx, send, parsed) : null) };
    },
  };
}
