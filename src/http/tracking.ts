import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import { recordClick, recordOpen, type Visit } from '../services/tracking.ts';

/** A transparent GIF of one pixel, the smallest picture that every mail program shows. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const NEVER_CACHED = { 'cache-control': 'no-store, no-cache, must-revalidate, max-age=0', pragma: 'no-cache', 'referrer-policy': 'no-referrer' };

/**
 * `/t/o/<token>` (open pixel) and `/t/c/<token>` (click); null for any other path. A click leads to the address that was signed into its token, and
 * nowhere else. What cannot be recorded is said in the log: the reader still gets picture or page.
 * @throws MillraceError `FORBIDDEN` for a forged token: nothing is stored.
 */
export async function tracking(ctx: Context, request: Request): Promise<Response | null> {
  const [, kind, token] = /^\/t\/(o|c)\/([^/]+)$/.exec(new URL(request.url).pathname) ?? [];
  if (!kind || !token) return null;
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  return kind === 'o' ? opened(ctx, request, token) : clicked(ctx, request, token);
}

async function opened(ctx: Context, request: Request, token: string): Promise<Response> {
  const sendId = ctx.tokens.verify('open', token.replace(/\.gif$/, ''));
  if (sendId === null) throw forged();
  await unharmed(ctx, () => recordOpen(ctx, sendId, visitOf(request)));
  return new Response(PIXEL, { status: 200, headers: { ...NEVER_CACHED, 'content-type': 'image/gif' } });
}

/** The token of a click holds `<send id> <url>`. */
async function clicked(ctx: Context, request: Request, token: string): Promise<Response> {
  const inside = ctx.tokens.verify('click', token);
  const [, sendId, url] = /^(\S+) (.+)$/s.exec(inside ?? '') ?? [];
  if (!sendId || !url || !/^https?:\/\//i.test(url) || !URL.canParse(url)) throw forged();
  await unharmed(ctx, () => recordClick(ctx, sendId, url, visitOf(request)));
  return new Response(null, { status: 302, headers: { ...NEVER_CACHED, location: new URL(url).href } });
}

const visitOf = (request: Request): Visit => ({ userAgent: request.headers.get('user-agent'), method: request.method });

async function unharmed(ctx: Context, record: () => Promise<unknown>): Promise<void> {
  try {
    await record();
  } catch (error) {
    ctx.logger.error({ err: error }, 'a visit could not be recorded');
  }
}

const forged = (): MillraceError => new MillraceError('FORBIDDEN', 'This link was not made by this installation, or was cut on its way.');
