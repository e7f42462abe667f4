import { createHash } from 'node:crypto';
import type { Environment } from '../environment.ts';

/** The doors, as a newcomer wants to read of them. */
const DOORS: { name: string; path: string; link: boolean; says: string }[] = [
  { name: 'GraphQL', path: '/graphql', link: true, says: 'Queries, mutations and live subscriptions, with an editor to try them in.' },
  { name: 'REST', path: '/api/docs', link: true, says: 'Every route, its bodies and its answers, to read and to try.' },
  { name: 'OpenAPI', path: '/api/openapi.json', link: true, says: 'The same for programs.' },
  { name: 'Readiness', path: '/readyz', link: true, says: 'Database, queue, migrations and the four workers.' },
  { name: 'Metrics', path: '/metrics', link: true, says: 'For Prometheus.' },
];

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dde3ea; --page: #fbfcfd; --accent: #0b6e6e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf2; --soft: #9aa6b6; --line: #2a3441; --page: #12171e; --accent: #5fd0c5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 12vh 1.5rem 4rem; }
h1 { font-size: 2.2rem; line-height: 1.1; letter-spacing: -0.02em; margin: 0; }
p.lead { color: var(--soft); font-size: 1.1rem; margin: 0.5rem 0 2.5rem; }
dl { border-top: 1px solid var(--line); margin: 0 0 2.5rem; }
dl div { display: grid; grid-template-columns: 7rem 1fr; gap: 0 1.5rem; padding: 0.9rem 0; border-bottom: 1px solid var(--line); }
dt { font-weight: 600; }
dd { margin: 0; }
dd span { color: var(--soft); display: block; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
code, pre { font: 0.9em/1.6 ui-monospace, SFMono-Regular, Menlo, monospace; }
pre { border: 1px solid var(--line); border-radius: 8px; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 32rem) { dl div { grid-template-columns: 1fr; } }
`;

/** The page may do nothing but show itself: no script, no request, one style that is known by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** `/`: what is here and where to begin. */
export function landingPage(environment: Pick<Environment, 'publicUrl'>): Response {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': POLICY };
  return new Response(pageOf(escaped(environment.publicUrl)), { status: 200, headers });
}

function pageOf(publicUrl: string): string {
  const rows = DOORS.map(({ name, path, link, says }) =>
    `<div><dt>${name}</dt><dd>${link ? `<a href="${path}">${path}</a>` : `<code>${path}</code>`}<span>${says}</span></dd></div>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Millrace</title><style>${STYLE}</style></head>
<body><main>
<h1>Millrace</h1>
<p class="lead">Customer journeys as code: durable, live, by the million.</p>
<dl>${rows.join('')}</dl>
<p>Begin with the key that the start printed:</p>
<pre>export KEY=…
curl ${publicUrl}/api/workflows -H "authorization: Bearer $KEY"</pre>
</main></body>
</html>
`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
