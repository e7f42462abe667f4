import { exampleOf } from './openapi-examples.ts';
import { SCRIPT, STYLE } from './reference-style.ts';

type Json = Record<string, unknown>;

/** What the page reads of an operation. */
interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Json }[];
  requestBody?: { required: boolean; content: Record<string, Media> };
  responses: Record<string, { $ref?: string; description?: string; content?: Record<string, Media> }>;
}
interface Media {
  schema: Json;
  example?: unknown;
}
interface Described {
  info: { description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; responses: Record<string, { description: string }> };
}
interface Entry extends Operation {
  method: string;
  path: string;
}

/** The description of REST as one page of HTML: it needs nothing but itself, reads without a script, and with one sends requests. */
export function referencePage(description: Json): string {
  const { info, tags, paths, components } = description as unknown as Described; // what `openapi` makes, of which this page reads a part
  const entries = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): Entry => ({
    ...operation, method: method.toUpperCase(), path,
  })));
  const chapters = tags.map(({ name, description: says }) => ({ name, says, entries: entries.filter((one) => one.tags.includes(name)) }));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Millrace · REST</title><style>${STYLE}</style></head>
<body>
<a class="skip" href="#content">To the routes</a>
<nav aria-label="Routes"><p class="brand"><a href="/">Millrace</a> <span>REST</span></p>
${chapters.map((chapter) => `<h2>${escaped(chapter.name)}</h2><ul>${chapter.entries.map(link).join('')}</ul>`).join('\n')}
<h2>Shapes</h2><ul>${Object.keys(components.schemas)
    .map((name) => `<li><a href="#shape-${name}">${name}</a></li>`)
    .join('')}</ul></nav>
<main id="content">
<header><h1>REST</h1>${info.description
    .split('\n')
    .map((line) => `<p>${ticked(line)}</p>`)
    .join('')}<p><a href="/api/openapi.json">openapi.json</a> has the same for programs.</p>
<div class="key"><label for="key">API key</label><input id="key" type="password" autocomplete="off" placeholder="mr_…" aria-describedby="key-note"><span id="key-note">Stays in this page.</span></div></header>
${chapters.map((chapter) => `<section><h2>${escaped(chapter.name)}</h2><p class="soft">${escaped(chapter.says)}</p>${chapter.entries.map((entry) => article(entry, components)).join('\n')}</section>`).join('\n')}
<section><h2>Shapes</h2>${Object.entries(components.schemas)
    .map(([name, schema]) => shape(name, schema))
    .join('\n')}</section>
</main>
<script>${SCRIPT}</script>
</body></html>
`;
}

const link = ({ operationId, method, path }: Entry): string =>
  `<li><a href="#${operationId}"><b class="m ${method}">${method}</b> <span>${escaped(path.replace('/api', '')).replaceAll('/', '/<wbr>')}</span></a></li>`;

function article(entry: Entry, components: Described['components']): string {
  const { operationId, method, path, summary, description = 'Needs no key.', parameters } = entry;
  const parts = [
    `<p id="${operationId}">${ticked(description)}</p>`,
    parameters.length > 0
      ? `<h3>Parameters</h3>${fields(parameters.map((one) => ({ name: one.name, where: one.in, needed: one.required, schema: { ...one.schema, description: one.description } })))}`
      : '',
    bodyPart(entry, components),
    answerPart(entry, components),
    tryPart(entry, components),
  ];
  return `<details class="op"><summary><b class="m ${method}">${method}</b> <code>${escaped(path)}</code> <span>${escaped(summary)}</span></summary><div>${parts.join('')}</div></details>`;
}

function bodyPart({ requestBody }: Entry, { schemas }: Described['components']): string {
  if (!requestBody) return '';
  const kinds = Object.entries(requestBody.content)
    .map(([type, media]) => `<p><code>${type}</code> ${typeText(media.schema)}</p>${schemaFields(media.schema)}${sample(media, schemas)}`);
  return `<h3>Body${requestBody.required ? '' : ' <small>may be left out</small>'}</h3>${kinds.join('')}`;
}

function answerPart({ responses }: Entry, { schemas, responses: common }: Described['components']): string {
  const rows = Object.entries(responses).filter(([status]) => status !== 'default').map(([status, { $ref, description, content = {} }]) => {
    const says = $ref ? common[$ref.split('/').at(-1)!]?.description : description;
    const shapes = Object.entries(content).map(([type, media]) =>
      `<div><code>${type}</code> ${typeText(media.schema)}${Number(status) < 300 ? folded(sample(media, schemas)) : ''}</div>`);
    return `<tr><th scope="row"><code class="s${status[0]}">${status}</code></th><td>${ticked(says ?? '')}${shapes.join('')}</td></tr>`;
  });
  return `<h3>Answers</h3><table><tbody>${rows.join('')}</tbody></table>`;
}

const folded = (inner: string): string => (inner === '' ? '' : `<details><summary>Example</summary>${inner}</details>`);

function sample({ schema, example }: Media, schemas: Json): string {
  if (example === undefined && schema['type'] === 'string') return '';
  return `<pre tabindex="0"><code>${escaped(exampleText({ schema, example }, schemas))}</code></pre>`;
}

const exampleText = ({ schema, example }: Media, schemas: Json): string => {
  const value = example ?? exampleOf(schema, schemas);
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
};

function tryPart({ operationId, method, path, parameters, requestBody }: Entry, { schemas }: Described['components']): string {
  const inputs = parameters.map(({ name, in: place, required }) => {
    const id = `${operationId}-${name}`;
    return `<div><label for="${id}">${name}</label><input id="${id}" data-in="${place}" name="${name}"${required ? ' required' : ''} autocomplete="off"></div>`;
  });
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const body = media
    ? `<div><label for="${operationId}-body">Body</label><textarea id="${operationId}-body" data-type="${type}" rows="8" spellcheck="false">${escaped(exampleText(media, schemas))}</textarea></div>`
    : '';
  return `<details class="try"><summary>Try it</summary><form data-method="${method}" data-path="${escaped(path)}">${inputs.join('')}${body}<button>Send ${method}</button><output aria-live="polite"></output></form></details>`;
}

const shape = (name: string, schema: Json): string =>
  `<details class="op"><summary><code>${name}</code> <span>${escaped(String(schema['description'] ?? ''))}</span></summary><div><p id="shape-${name}">${typeText(schema)}</p>${schemaFields(schema)}</div></details>`;

interface Field {
  name: string;
  where?: string;
  needed: boolean;
  schema: Json;
}

function schemaFields(schema: Json): string {
  const { properties, required = [] } = schema as { properties?: Record<string, Json>; required?: string[] };
  return properties ? fields(Object.entries(properties).map(([name, one]) => ({ name, needed: required.includes(name), schema: one }))) : '';
}

function fields(rows: Field[]): string {
  const row = ({ name, where, needed, schema }: Field): string => {
    const says = schema['description'] === undefined ? '' : ticked(String(schema['description']));
    return `<tr><th scope="row"><code>${escaped(name)}</code>${needed ? ' <small>required</small>' : ''}</th><td>${where ? `<small>${where}</small> ` : ''}${typeText(schema)} ${says}</td></tr>`;
  };
  return rows.length === 0 ? '' : `<table><tbody>${rows.map(row).join('')}</tbody></table>`;
}

/** A schema in a few words, with links to the shapes that it names. */
function typeText(schema: Json): string {
  const { $ref, anyOf, type, items, format, enum: choices, properties } = schema as {
    $ref?: string; anyOf?: Json[]; type?: string | string[]; items?: Json; format?: string; enum?: unknown[]; properties?: Json;
  };
  if ($ref) return `<a href="#shape-${$ref.split('/').at(-1)}">${$ref.split('/').at(-1)}</a>`;
  if (anyOf) return anyOf.map(typeText).join(' or ');
  if (choices) return choices.map((one) => `<code>${escaped(String(one) || '(empty)')}</code>`).join(' · ');
  if (type === 'array') return `list of ${items ? typeText(items) : 'anything'}`;
  if (properties && 'data' in properties && 'next_cursor' in properties) return `page: ${typeText(properties['data'] as Json)}`;
  return `<i>${escaped(format ?? (type === undefined ? 'anything' : String(type)))}</i>`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const ticked = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
