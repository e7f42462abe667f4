/** What the reference looks like. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #596474; --line: #dde3ea; --page: #fbfcfd; --card: #fff; --accent: #0b6e6e; --get: #14663a; --post: #1d4f9c; --put: #8a4b00; --delete: #a3242c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf2; --soft: #9aa6b6; --line: #2a3441; --page: #12171e; --card: #171d26; --accent: #5fd0c5; --get: #6fd39a; --post: #84b6ff; --put: #f0b36b; --delete: #ff8d8d; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 3rem 1.5rem; border-right: 1px solid var(--line); font-size: 0.82rem; }
nav h2 { font-size: 0.72rem; letter-spacing: 0.06em; text-transform: uppercase; color: var(--soft); margin: 1.4rem 0 0.3rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: flex; gap: 0.3rem; align-items: baseline; padding: 0.12rem 0; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav li a:hover { color: var(--accent); }
.brand { font-weight: 650; font-size: 1.05rem; margin: 0; }
.brand a { color: inherit; text-decoration: none; }
.brand span { color: var(--soft); font-weight: 400; }
main { max-width: 56rem; padding: 2.2rem 2.5rem 6rem; }
h1 { font-size: 2.1rem; letter-spacing: -0.02em; line-height: 1.1; margin: 0 0 0.8rem; }
main h2 { font-size: 1.35rem; letter-spacing: -0.01em; margin: 3rem 0 0.2rem; }
h3 { margin: 1.4rem 0 0.3rem; font-size: 0.9rem; }
header p { max-width: 44rem; margin: 0.5rem 0; }
.soft, small, .op > summary span, .key span { color: var(--soft); }
a { color: var(--accent); text-underline-offset: 0.2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: 0.5rem; z-index: 1; }
code, pre, textarea, input { font: 0.86em/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; }
.op { border: 1px solid var(--line); border-radius: 8px; background: var(--card); margin: 0.5rem 0; }
.op > summary { padding: 0.55rem 0.9rem; cursor: pointer; overflow-wrap: anywhere; }
.op > summary span { display: block; font-size: 0.92rem; }
.op > div { padding: 0 0.9rem 1rem; border-top: 1px solid var(--line); }
.m { display: inline-block; min-width: 4.4em; flex: none; font: 650 0.78em/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; }
.GET { color: var(--get); } .POST { color: var(--post); } .PUT, .PATCH { color: var(--put); } .DELETE { color: var(--delete); }
.s2, .s3 { color: var(--get); } .s4, .s5 { color: var(--delete); }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-top: 1px solid var(--line); font-weight: 400; }
th { width: 13rem; }
pre { background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 0.8rem; margin: 0.5rem 0; overflow: auto; max-height: 26rem; }
.try { margin-top: 1.2rem; }
.try > summary, td summary { cursor: pointer; color: var(--accent); }
form div { display: grid; grid-template-columns: 10rem 1fr; gap: 0.6rem; margin: 0.4rem 0; align-items: start; }
input, textarea { width: 100%; padding: 0.35rem 0.5rem; border: 1px solid var(--soft); border-radius: 5px; background: var(--page); color: var(--ink); }
button { font: inherit; padding: 0.35rem 1rem; border: 0; border-radius: 5px; background: var(--accent); color: var(--page); cursor: pointer; }
output { display: block; margin-top: 0.6rem; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 30rem; overflow: auto; font: 0.84em/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; }
.key { display: flex; gap: 0.7rem; align-items: center; margin-top: 1.2rem; }
.key input { max-width: 22rem; }
@media (max-width: 56rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1.5rem 1rem 4rem; }
  th { width: 9rem; }
  form div { grid-template-columns: 1fr; gap: 0.1rem; }
}
`;

/** Opens what a link points to, and sends what a form holds. The key goes nowhere but into the header. */
export const SCRIPT = `
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const holder = target && target.closest('details.op');
  if (holder) { holder.open = true; holder.scrollIntoView(); }
};
addEventListener('hashchange', reveal);
reveal();
document.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const output = form.querySelector('output');
  const headers = new Headers();
  const query = new URLSearchParams();
  let path = form.dataset.path;
  const key = document.getElementById('key').value.trim();
  if (key) headers.set('authorization', 'Bearer ' + key);
  for (const input of form.querySelectorAll('input')) {
    if (input.value === '') continue;
    if (input.dataset.in === 'path') path = path.replace('{' + input.name + '}', encodeURIComponent(input.value));
    else if (input.dataset.in === 'query') query.set(input.name, input.value);
    else headers.set(input.name, input.value);
  }
  const area = form.querySelector('textarea');
  const body = area && area.value.trim() !== '' ? area.value : undefined;
  if (body !== undefined) headers.set('content-type', area.dataset.type);
  output.textContent = 'Sending …';
  try {
    const answer = await fetch(path + (query.size ? '?' + query : ''), { method: form.dataset.method, headers, body });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it is */ }
    const told = ['location', 'etag', 'link', 'retry-after'].filter((name) => answer.headers.has(name)).map((name) => name + ': ' + answer.headers.get(name));
    output.textContent = [answer.status + ' ' + answer.statusText, ...told, '', shown].join('\\n');
  } catch (error) {
    output.textContent = 'Nobody answers: ' + error.message;
  }
});
`;
