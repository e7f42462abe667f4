import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { dashboardPages } from '../../src/http/dashboard.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-pages-'));
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'index.html'), '<!doctype html>');
writeFileSync(join(folder, 'assets', 'main-AB12.js'), 'run()');
writeFileSync(join(folder, 'assets', 'style-CD34.css'), 'body {}');
afterAll(() => rmSync(folder, { recursive: true }));

const pages = dashboardPages(folder);
const html = { accept: 'text/html,application/xhtml+xml' };
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => pages(new Request(`http://house${path}`, { headers, method }), path);

describe('the live pages', () => {
  it.each([['/', html], ['/w/new-lead-nurture', {}], ['/e/0193a000-0000-7000-8000-000000000001', {}]])('are at %s', async (path, headers) => {
    const answer = get(path, headers)!;
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'text/html; charset=utf-8', '<!doctype html>']);
    expect(answer.headers.get('cache-control'), 'the next build has other assets').toBe('no-cache');
  });

  it('leave `/` to the list of doors for who asks for no page', () => expect(get('/', { accept: '*/*' })).toBeNull());

  it.each(['/w', '/w/', '/w/a/b', '/e/', '/x/y', '/assets/', '/assets/other.js', '/assets/../index.html', '/index.html'])('are not at %s', (path) => expect(get(path, html)).toBeNull());

  it('answer reading alone', () => {
    expect(get('/', html, 'HEAD')?.status).toBe(200);
    expect(get('/', html, 'POST')).toBeNull();
  });

  it.each([['/assets/main-AB12.js', 'text/javascript; charset=utf-8'], ['/assets/style-CD34.css', 'text/css; charset=utf-8']])('load %s once and for ever', (path, type) => {
    const answer = get(path)!;
    expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([type, 'public, max-age=31536000, immutable']);
  });

  it('are sent small to who can unpack them', async () => {
    const answer = get('/assets/main-AB12.js', { 'accept-encoding': 'br, gzip' })!;
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()).toBe('run()');
    expect(get('/assets/main-AB12.js')!.headers.get('content-encoding')).toBeNull();
  });

  it('may load and ask this house alone, and run no script that is not a file of it', () => {
    const policy = get('/', html)!.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it('are not there where nothing was built', () => expect(dashboardPages(join(folder, 'nowhere'))(new Request('http://house/', { headers: html }), '/')).toBeNull());
});
