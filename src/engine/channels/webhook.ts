import { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../../core/ports/outside.ts';
import { parseRetryAfter, webhookRefusal } from '../../core/retry.ts';
import type { Data } from '../../core/state.ts';
import { fillSecrets, hideSecrets, markedSecrets } from '../../core/templates/secret-marks.ts';
import { messageOf, ProviderError } from '../../errors.ts';
import { openSecrets } from '../open-secrets.ts';
import { defineChannel, type Accepted } from './define-channel.ts';

const request = z.object({
  url: z.string(),
  method: z.string().default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  timeout_ms: z.number().default(15_000),
  /** A secret's name; without one the location's own signs, when there is one. */
  sign_with: z.string().nullish(),
});

export const webhook = defineChannel({
  channel: 'webhook',
  request,
  provider: (ctx) => ctx.providers.http,
  perform: async (ctx, send, { url, method, headers, body, timeout_ms: timeoutMs, sign_with: signWith }) => {
    const plain = { url, headers, body: textOf(body) };
    const used = markedSecrets(JSON.stringify(plain), send.enrollmentId);
    const secrets = await openSecrets(ctx, send.locationId, [...used, signWith ?? DEFAULT_SIGNING]);
    const missing = [...used, ...(signWith ? [signWith] : [])].find((name) => !secrets.has(name));
    if (missing !== undefined) throw new ProviderError(`There is no secret "${missing}" in this location. Put it there (putSecret), then retry the step.`, { retryable: false });
    const fill = (text: string): string => fillSecrets(text, send.enrollmentId, (name) => secrets.get(name) ?? '');
    const request: HttpRequest = {
      sendId: send.id,
      url: fill(url),
      method,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)])),
      body: plain.body === null ? null : fill(plain.body),
      timeoutMs,
      secret: secrets.get(signWith ?? DEFAULT_SIGNING) ?? null,
    };
    return hiding(secrets, async () => ({ providerId: send.id, result: judge(await ctx.providers.http.request(request), ctx.clock.machineNow()) }));
  },
});

/** The secret that signs every webhook of a location whose step names no other. */
const DEFAULT_SIGNING = 'webhook_signing';

/** Whatever comes of a request that carried secrets is kept without them. */
async function hiding(secrets: ReadonlyMap<string, string>, call: () => Promise<Accepted>): Promise<Accepted> {
  try {
    const { providerId, result } = await call();
    return { providerId, result: hideSecrets(result, secrets) as Data };
  } catch (error) {
    if (secrets.size === 0) throw error;
    if (!(error instanceof ProviderError)) throw new Error(String(hideSecrets(messageOf(error), secrets)));
    const { retryable, unknown, retryAfterMs, detail } = error;
    throw new ProviderError(String(hideSecrets(error.message, secrets)), {
      retryable, unknown, ...(retryAfterMs !== undefined && { retryAfterMs }), detail: hideSecrets(detail, secrets) as Data,
    });
  }
}

const textOf = (body: unknown): string | null => (body === undefined || body === null ? null : typeof body === 'string' ? body : JSON.stringify(body));

/** Gives what the receiver answered. Throws `ProviderError` for an answer that is no success. */
function judge({ status, headers, body }: HttpResponse, now: number): Data {
  const result: Data = { status, headers, body: parsed(body) };
  const refusal = webhookRefusal(status);
  if (refusal === null) return result;
  throw new ProviderError(refusal.error, { retryable: refusal.retryable, retryAfterMs: parseRetryAfter(headers['retry-after'], now), detail: { status, result } });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
