import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the bundle, held in memory as it is sent. */
interface Held {
  type: string;
  plain: Uint8Array<ArrayBuffer>;
  zipped: Uint8Array<ArrayBuffer>;
}

const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };
/** The pages load and ask this house alone, and no script or style that is not a file of it. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** An asset's name holds a hash of its content. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const PAGES = /^\/(w|e)\/[^/]+\/?$/;

/**
 * The live pages from the folder that the build wrote: `/` for who asks for HTML, `/w/…`, `/e/…` and `/assets/…`. Null for anything else, and for everything where
 * nothing was built. The files are read once; a new build is served after a restart.
 */
export function dashboardPages(folder: string): (request: Request, pathname: string) => Response | null {
  if (!existsSync(join(folder, 'assets'))) return () => null;
  const page = hold(join(folder, 'index.html'));
  const assets = new Map(readdirSync(join(folder, 'assets')).map((name) => [`/assets/${name}`, hold(join(folder, 'assets', name))]));
  return (request, pathname) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    const asset = assets.get(pathname);
    if (asset) return answer(asset, request, { 'cache-control': FOR_EVER });
    const wanted = PAGES.test(pathname) || (pathname === '/' && (request.headers.get('accept') ?? '').includes('text/html'));
    return wanted ? answer(page, request, { 'cache-control': 'no-cache', 'content-security-policy': POLICY }) : null;
  };
}

function hold(file: string): Held {
  const plain = new Uint8Array(readFileSync(file));
  return { type: TYPES[extname(file)] ?? 'application/octet-stream', plain, zipped: new Uint8Array(gzipSync(plain)) };
}

function answer({ type, plain, zipped }: Held, request: Request, headers: Record<string, string>): Response {
  const zip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:$|[\s,]))/.test(request.headers.get('accept-encoding') ?? '');
  return new Response(zip ? zipped : plain, { headers: { ...headers, 'content-type': type, vary: 'accept, accept-encoding', ...(zip && { 'content-encoding': 'gzip' }) } });
}
