import { Agent, request as send, type Dispatcher } from 'undici';
import type { HttpProvider, HttpRequest, HttpResponse } from '../core/ports/outside.ts';
import { messageOf, ProviderError } from '../errors.ts';
import { guardedConnector, type Resolve } from './guarded-connect.ts';
import { webhookHeaders } from './webhook-signature.ts';

const LONGEST_MS = 15_000;
const LARGEST_ANSWER = 65_536;

export interface GuardedHttpOptions {
  /** `host:port` pairs that may be reached although they are private. */
  allow: string[];
  resolve?: Resolve;
}

/**
 * HTTP to addresses that customers wrote: public ones only, decided on the address that is connected; no redirects, no
 * proxy, 15 seconds in all, 64 KB of answer.
 */
export function createGuardedHttp({ allow, resolve }: GuardedHttpOptions): HttpProvider & { close(): Promise<void> } {
  const agent = new Agent({ connect: guardedConnector(new Set(allow), LONGEST_MS, resolve), keepAliveTimeout: 4_000 });
  return {
    name: 'http',
    capacity: { atOnce: 50, perSecond: 500 },
    request: (request) => perform(agent, request),
    close: () => agent.close(),
  };
}

async function perform(agent: Agent, request: HttpRequest): Promise<HttpResponse> {
  const url = checkedUrl(request.url);
  const headers = { ...checkedHeaders(request), ...webhookHeaders(request.sendId, request.body ?? '', request.secret ?? null, Date.now()) };
  try {
    const answer = await send(url, {
      method: request.method as Dispatcher.HttpMethod,
      headers,
      body: request.body,
      dispatcher: agent,
      signal: AbortSignal.timeout(Math.min(request.timeoutMs, LONGEST_MS)),
    });
    return { status: answer.statusCode, headers: flat(answer.headers), body: await readBody(answer.body) };
  } catch (error) {
    throw connectionError(error, url);
  }
}

/** Throws `ProviderError` for what is no web address, or one that hides a password or another host before an `@`. */
function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ProviderError(`The webhook's URL must begin with http:// or https:// and name a host; found "${text.slice(0, 100)}".`, {
      retryable: false, detail: { rule: 'URL_SCHEME' },
    });
  }
  if (url.username || url.password) {
    throw new ProviderError('The webhook\'s URL holds a name or password before an "@". Send credentials in a header instead.', {
      retryable: false, detail: { rule: 'URL_NOT_PUBLIC' },
    });
  }
  url.hash = '';
  return url;
}

/** Headers that decide where a request goes or where it ends belong to the client. */
const RESERVED = /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*|webhook-(?:id|timestamp|signature))$/i;

function checkedHeaders({ headers, body }: HttpRequest): Record<string, string> {
  const checked: Record<string, string> = { 'user-agent': 'Millrace' };
  for (const [name, value] of Object.entries(headers)) {
    if (RESERVED.test(name) || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || /[\r\n\0]/.test(value)) {
      throw new ProviderError(`The webhook's header "${name.slice(0, 100)}" may not be set, or its value holds a line break. Remove it.`, {
        retryable: false, detail: { rule: 'HEADER_NOT_ALLOWED' },
      });
    }
    checked[name.toLowerCase()] = value;
  }
  if (body !== null) checked['content-type'] ??= isJson(body) ? 'application/json' : 'text/plain; charset=utf-8';
  return checked;
}

const isJson = (body: string): boolean => /^\s*[[{]/.test(body);

const flat = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'set-cookie').map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));

/** The first 64 KB; the rest is not read, whatever its length. */
async function readBody(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= LARGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).subarray(0, LARGEST_ANSWER).toString('utf8');
}

/** Codes of connections that never came about, and of requests that were never written. */
const NEVER_SENT = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_INVALID_ARG',
  'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function connectionError(error: unknown, url: URL): ProviderError {
  const refusal = [error, (error as { cause?: unknown }).cause].find((each) => each instanceof ProviderError);
  if (refusal) return refusal as ProviderError;
  const code = (error as { code?: string | number }).code ?? '';
  const timedOut = (error as Error).name === 'TimeoutError';
  const said = timedOut ? 'gave no answer in time' : `could not be called: ${messageOf(error)}`;
  return new ProviderError(`The webhook's host "${url.host}" ${said}. It is called again while attempts are left.`, {
    retryable: code !== 'UND_ERR_INVALID_ARG',
    unknown: timedOut || !NEVER_SENT.has(String(code)),
    detail: { code: String(code) },
    cause: error,
  });
}
