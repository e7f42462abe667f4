import type { Twilio } from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { LONGEST_DELAY_MS, parseRetryAfter } from '../core/retry.ts';
import { messageOf, ProviderError } from '../errors.ts';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  /** A number in E.164, or a messaging service (`MG…`). */
  from: string;
  /** Another host to send to: a proxy or a test double. */
  apiBaseUrl: string | null;
  timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
const LARGEST_ANSWER = 1_000_000;

/** The SDK is large and slow to load: only a process that sends pays for it, once. */
export function lazyTwilio(account: TwilioAccount): () => Promise<Twilio> {
  let client: Promise<Twilio> | null = null;
  return () => (client ??= connect(account));
}

async function connect({ accountSid, authToken, apiBaseUrl, timeoutMs = TIMEOUT_MS }: TwilioAccount): Promise<Twilio> {
  const { default: twilio } = await import('twilio');
  class Http extends twilio.RequestClient {
    constructor() {
      super({ timeout: timeoutMs, maxSockets: 50 });
      this.axios.defaults.maxContentLength = LARGEST_ANSWER;
      // The SDK's time-out is one of silence; an answer that trickles in would never end.
      this.axios.interceptors.request.use((config) => Object.assign(config, { signal: AbortSignal.timeout(timeoutMs) }));
    }

    override async request<T>(options: RequestClient.RequestOptions<T>) {
      const answer = await super.request<T>({ ...options, uri: redirected(options.uri, apiBaseUrl) }).catch((error: unknown) => {
        throw connectionError(error);
      });
      if (answer.statusCode >= 400) throw refusal(answer);
      return answer;
    }
  }
  return twilio(accountSid, authToken, { httpClient: new Http() });
}

/** The same request at another origin; a path in the base comes first. */
function redirected(uri: string, base: string | null): string {
  if (base === null) return uri;
  const { pathname, search } = new URL(uri);
  return `${base.replace(/\/+$/, '')}${pathname}${search}`;
}

interface Answer {
  statusCode: number;
  body: unknown;
  headers?: unknown;
}

/**
 * What Twilio said no to. 429 and 503 were not processed and may pass later; another 5xx may come from behind the point where
 * the message was taken; every other 4xx stays (21610: the number opted out; 21211: no valid number).
 */
function refusal({ statusCode, body, headers }: Answer): ProviderError {
  const { code, message } = read(body);
  const wish = (headers as Record<string, string> | undefined)?.['retry-after'];
  const busy = statusCode === 429 || statusCode === 503;
  return new ProviderError(`Twilio answered ${statusCode}${code ? ` (code ${code})` : ''}: ${message}`, {
    retryable: busy || statusCode >= 500,
    unknown: statusCode >= 500 && !busy,
    retryAfterMs: parseRetryAfter(wish, Date.now()),
    detail: { status: statusCode, ...(code ? { code } : {}) },
  });
}

function read(body: unknown): { code: number | null; message: string } {
  try {
    const { code, message } = (typeof body === 'string' ? JSON.parse(body) : body) as { code?: number; message?: string };
    return { code: code ?? null, message: message ?? 'no reason given' };
  } catch {
    return { code: null, message: 'an answer that is no JSON' };
  }
}

/** Codes of connections that never came about: nothing was written, so nothing was taken. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT']);

function connectionError(error: unknown): ProviderError {
  const code = (error as { code?: string }).code ?? '';
  return new ProviderError(`Twilio gave no answer (${code || 'no code'}): ${messageOf(error)}`, {
    retryable: true, unknown: !NEVER_CONNECTED.has(code), detail: { code }, cause: error,
  });
}

/** Clocks differ and Twilio's times have whole seconds: a message may look this much older than the attempt that made it. */
const SLACK_MS = 2_000;

/** True for a message or call that an attempt begun at `since` (machine ms) may have made. */
export const isRecent = (created: Date | null | undefined, since: number): boolean =>
  created !== null && created !== undefined && created.getTime() >= since - SLACK_MS && created.getTime() < since + LONGEST_DELAY_MS * 24;
