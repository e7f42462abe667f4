import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import { unsubscribe as withdraw } from '../services/unsubscribe.ts';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
};

/**
 * `/u/<token>`: the link under an e-mail, and its one click (RFC 8058). GET only shows a page, since mail scanners follow every link; POST acts.
 * @throws MillraceError `FORBIDDEN` for a forged token: nothing is stored.
 */
export async function unsubscribe(ctx: Context, request: Request, token: string): Promise<Response> {
  const sendId = ctx.tokens.verify('unsubscribe', token);
  if (sendId === null) throw new MillraceError('FORBIDDEN', 'This link was not made by this installation, or was cut on its way.');
  if (request.method === 'GET' || request.method === 'HEAD') return page(ASK);
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'GET, HEAD, POST' } });
  await request.body?.cancel();
  await withdraw(ctx, sendId);
  return page(DONE);
}

const page = (body: string): Response => new Response(
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Unsubscribe</title>
<style>body{font:1.1rem/1.5 system-ui;max-width:28rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}button{font:inherit;padding:.5rem 1rem}</style>${body}</html>`,
  { status: 200, headers: HEADERS },
);

const ASK = '<h1>Unsubscribe</h1><p>You will get no more e-mail from this sender.</p><form method="post"><button>Unsubscribe</button></form>';
const DONE = '<h1>Done</h1><p>You are unsubscribed and will get no more e-mail from this sender.</p>';
