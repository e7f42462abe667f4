import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import type { KeptAnswer, KeyedRequest } from '../core/ports/doors.ts';
import { MillraceError } from '../errors.ts';

/** Headers that belong to an answer wherever and whenever it is sent. */
const KEPT_HEADERS = ['content-type', 'location', 'etag', 'link'];

/** How a kept body begins: some answers show a secret, so none of them can be read in the database. */
const SEALED = 'sealed:';

/**
 * Answers a POST with an `Idempotency-Key` once: the same key and body again get the stored answer
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/). An answer that says "not now" (5xx) is not kept.
 * @throws MillraceError `IDEMPOTENCY_CONFLICT` while the first one runs, or (`reason: other_body`) for a key that was used with
 *   another body; `INVALID_INPUT` for a key that cannot be one.
 */
export async function once(ctx: Context, locationId: string, request: Request, body: Uint8Array, work: () => Promise<Response>): Promise<Response> {
  const key = request.headers.get('idempotency-key');
  if (key === null || request.method !== 'POST') return work();
  if (key.length === 0 || key.length > 255) throw new MillraceError(
    'INVALID_INPUT', `An Idempotency-Key has 1 to 255 characters, this one has ${key.length}. Send e.g. a fresh uuid for each new request.`,
  );
  const url = new URL(request.url);
  const keyed: KeyedRequest = { locationId, route: `${request.method} ${url.pathname}${url.search}`.slice(0, 255), key, bodyHash: createHash('sha256').update(body).digest('hex') };
  const claim = await ctx.doors.claimKey(keyed);
  if (claim.kind === 'answered') return replay(opened(ctx, keyed, claim.answer));
  if (claim.kind === 'fresh') return runAndKeep(ctx, keyed, work);
  throw refusal(claim.kind, key);
}

async function runAndKeep(ctx: Context, keyed: KeyedRequest, work: () => Promise<Response>): Promise<Response> {
  try {
    const response = await work();
    await ctx.doors.settleKey(keyed, response.status < 500 ? sealed(ctx, keyed, await keep(response.clone())) : null);
    return response;
  } catch (error) {
    await ctx.doors.settleKey(keyed, null).catch(() => undefined);
    throw error;
  }
}

async function keep(response: Response): Promise<KeptAnswer> {
  const headers = KEPT_HEADERS.flatMap((name) => (response.headers.has(name) ? [[name, response.headers.get(name)!]] : []));
  return { status: response.status, headers: Object.fromEntries(headers) as Record<string, string>, body: response.body ? await response.text() : null };
}

function sealed(ctx: Context, keyed: KeyedRequest, answer: KeptAnswer): KeptAnswer {
  if (answer.body === null) return answer;
  return { ...answer, body: SEALED + Buffer.from(ctx.vault.seal(placeOf(keyed), answer.body)).toString('base64') };
}

/** Throws INVALID_STATE for an answer that was kept with another key. */
function opened(ctx: Context, keyed: KeyedRequest, answer: KeptAnswer): KeptAnswer {
  if (!answer.body?.startsWith(SEALED)) return answer;
  return { ...answer, body: ctx.vault.open(placeOf(keyed), Buffer.from(answer.body.slice(SEALED.length), 'base64')) };
}

const placeOf = ({ locationId, route, key }: KeyedRequest): string => `answer/${locationId}/${route}/${key}`;

const replay = ({ status, headers, body }: KeptAnswer): Response => new Response(body, { status, headers: { ...headers, 'idempotency-replayed': 'true' } });

function refusal(kind: 'running' | 'other_body', key: string): MillraceError {
  const shown = key.slice(0, 80);
  if (kind === 'running') return new MillraceError(
    'IDEMPOTENCY_CONFLICT',
    `A request with the Idempotency-Key "${shown}" is still being answered. Wait for it, then ask again with the same key.`,
    { detail: { reason: 'running' } },
  );
  return new MillraceError('IDEMPOTENCY_CONFLICT', `The Idempotency-Key "${shown}" was used with another body. Use a fresh key for a new request.`, {
    detail: { reason: 'other_body' },
  });
}
