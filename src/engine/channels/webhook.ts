import { z } from 'zod';
import type { HttpResponse } from '../../core/ports/outside.ts';
import { parseRetryAfter } from '../../core/retry.ts';
import type { Data } from '../../core/state.ts';
import { ProviderError } from '../../errors.ts';
import { defineChannel } from './define-channel.ts';

const request = z.object({
  url: z.string(),
  method: z.string().default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  timeout_ms: z.number().default(15_000),
  secret: z.string().nullish(),
});

/** The receiver can tell a repetition by its `webhook-id`, so silence is answered by another attempt. */
export const webhook = defineChannel({
  channel: 'webhook',
  request,
  recovery: { lookUp: false, resends: Infinity, spent: 'failed' },
  provider: (ctx) => ctx.providers.http,
  perform: async (ctx, send, { url, method, headers, body, timeout_ms: timeoutMs, secret }) => {
    const response = await ctx.providers.http.request({ sendId: send.id, url, method, headers, body: textOf(body), timeoutMs, secret: secret ?? null });
    return { providerId: send.id, result: judge(response, ctx.clock.machineNow()) };
  },
});

const textOf = (body: unknown): string | null => (body === undefined || body === null ? null : typeof body === 'string' ? body : JSON.stringify(body));

/** 2xx is success. 408, 429 and 5xx may pass on another try; a redirect is not followed, so it is a failure. Throws `ProviderError`. */
function judge({ status, headers, body }: HttpResponse, now: number): Data {
  const result: Data = { status, headers, body: parsed(body) };
  if (status >= 200 && status < 300) return result;
  throw new ProviderError(`The webhook answered ${status}, expected 2xx. Check the receiver, then retry the step.`, {
    retryable: status === 408 || status === 429 || status >= 500,
    retryAfterMs: parseRetryAfter(headers['retry-after'], now),
    detail: { status, result },
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
